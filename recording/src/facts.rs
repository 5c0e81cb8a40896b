//! What a segment tells about its session, read from the *redacted* events only.

use serde::{Deserialize, Serialize};

/// A page that the person saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Redacted URL.
    pub url: String,
    /// Redacted title, when known.
    pub title: Option<String>,
}

/// Facts of one segment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// Pages in the order they were seen, at most [`Facts::PAGES`].
    pub pages: Vec<Page>,
    /// Errors of the page (`sealtape/error`).
    pub errors: u32,
    /// Distinct fingerprints of those errors, at most [`Facts::FINGERPRINTS`].
    pub error_fingerprints: Vec<String>,
    /// Things the person did (`sealtape/action`).
    pub actions: u32,
    /// Requests (`sealtape/network`).
    pub requests: u32,
    /// Console lines.
    pub console: u32,
}

impl Facts {
    /// Most pages listed for one segment.
    pub const PAGES: usize = 200;
    /// Most fingerprints listed for one segment.
    pub const FINGERPRINTS: usize = 100;

    /// Adds a page unless it repeats the one before or the list is full; a title completes the page before it.
    pub(crate) fn page(&mut self, at_ms: i64, url: String, title: Option<String>) {
        if let Some(last) = self.pages.last_mut()
            && last.url == url
        {
            if title.is_some() {
                last.title = title;
            }
            return;
        }
        if self.pages.len() < Self::PAGES {
            self.pages.push(Page { at_ms, url, title });
        }
    }

    /// Counts an error.
    pub(crate) fn error(&mut self, fingerprint: String) {
        self.errors = self.errors.saturating_add(1);
        if self.error_fingerprints.len() < Self::FINGERPRINTS && !self.error_fingerprints.contains(&fingerprint) {
            self.error_fingerprints.push(fingerprint);
        }
    }
}

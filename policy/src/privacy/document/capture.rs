//! `capture`: which streams are recorded, and when.

use super::super::{
    FindingCode, Findings, Pointer,
    gate::{Origin, UrlPattern, Word},
    macros::section,
    orders::{Captured, Fewer, Lower, Union, ordered},
};

ordered! {
    /// What is recorded of the console.
    pub enum Console {
        /// Every message.
        All = "all",
        /// Warnings and errors.
        Warnings = "warnings",
        /// Errors.
        Errors = "errors",
        /// Nothing.
        Off = "off",
    }
}

ordered! {
    /// What is recorded of the bodies of requests and answers.
    pub enum Bodies {
        /// Their content, for the addresses of `bodyUrls` only; elsewhere their shape.
        Full = "full",
        /// Keys, types, lengths and classes of values.
        Shape = "shape",
        /// Nothing.
        Off = "off",
    }
}

ordered! {
    /// What is recorded of the application's state.
    pub enum Content {
        /// Its content.
        Full = "full",
        /// Keys, types, lengths and classes of values.
        Shape = "shape",
        /// Nothing.
        Off = "off",
    }
}

section! {
    /// Which streams are recorded, and when.
    Capture, FullCapture {
        /// The page: its elements, texts and styles, and how they change.
        "dom" => dom: Captured,
        /// Mouse, touch, scrolling and what is typed and chosen, masked by `redaction`.
        "input" => input: Captured,
        /// What people do, as steps: click, type, select, navigate, with the element's name.
        "actions" => actions: Captured,
        /// Addresses visited within the page.
        "navigation" => navigation: Captured,
        /// Errors that nobody caught, with their stacks.
        "errors" => errors: Captured,
        /// Console messages.
        "console" => console: Console,
        /// Method, address, status, sizes and times of requests.
        "networkMetadata" => network_metadata: Captured,
        /// Headers of requests and answers, but those of the floor.
        "networkHeaders" => network_headers: Captured,
        /// Bodies of requests and answers.
        "networkBodies" => network_bodies: Bodies,
        /// Where `networkBodies: full` holds.
        "bodyUrls" => body_urls: Fewer<UrlPattern>,
        /// The application's state.
        "state" => state: Content,
        /// Long tasks and web vitals.
        "performance" => performance: Captured,
        /// Content of `<canvas>`.
        "canvas" => canvas: Captured,
        /// Documents inside frames of other origins.
        "crossOriginFrames" => cross_origin_frames: Captured,
        /// Styles, images and fonts that the page can read, kept so that old recordings keep their look.
        "assets" => assets: Captured,
        /// Addresses on which a recording may begin; absent, on every one.
        "startUrls" => start_urls: Fewer<UrlPattern>,
        /// Names of the page's own events, all of which must have come before a recording begins.
        "startEvents" => start_events: Union<Word>,
        /// Seconds before an error that are kept in memory and sent only with it. 0 switches it off.
        "bufferUntilErrorSeconds" => buffer_until_error_seconds: Lower<0, 300>,
        /// Minutes after which a session ends and another begins.
        "sessionMinutes" => session_minutes: Lower<1, 1440>,
        /// Minutes without anything done after which a session ends.
        "idleMinutes" => idle_minutes: Lower<1, 240>,
        /// Other origins to which requests carry the session's trace headers.
        "propagateTo" => propagate_to: Fewer<Origin>,
    }
}

impl Capture {
    pub(super) fn check(&self, at: &Pointer, findings: &mut Findings) {
        if self.network_bodies == Some(Bodies::Full) && self.body_urls.as_ref().is_none_or(|urls| urls.0.is_empty()) {
            let what = "`networkBodies: full` needs the addresses for which it holds";
            let mend = "list them in `bodyUrls`, or write `shape`";
            findings.say(&at.member("networkBodies"), FindingCode::Contradiction, what, mend);
        }
        if let (Some(session), Some(idle)) = (self.session_minutes, self.idle_minutes)
            && idle.0 > session.0
        {
            let what = "a session ends before it could be idle for so long";
            findings.say(&at.member("idleMinutes"), FindingCode::Contradiction, what, "lower it to `sessionMinutes`");
        }
    }
}

//! Security headers: what a browser may do with our answers.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// The fixed header values of one deployment.
#[derive(Debug, Clone)]
pub(crate) struct Policies {
    console: String,
    replay: String,
    https: bool,
}

/// An API answer is never a document.
const API_CSP: &str = "default-src 'none'; frame-ancestors 'none'";

impl Policies {
    /// The policies for a console and a player on these origins.
    pub(crate) fn new(console: &Url, replay: &Url) -> Self {
        Self {
            console: console.origin().ascii_serialization(),
            replay: replay.origin().ascii_serialization(),
            https: console.scheme() == "https",
        }
    }

    /// The console's documents: own scripts only, styles with `nonce`, and the player as the one frame.
    pub(crate) fn console_csp(&self, nonce: &str) -> String {
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self' data:; \
             connect-src 'self'; manifest-src 'self'; frame-src {}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; \
             object-src 'none'",
            self.replay
        )
    }

    /// The player: nothing from a recording runs or phones out, and only the console may frame it.
    pub(crate) fn replay_csp(&self) -> String {
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
             font-src 'self' data:; connect-src 'none'; frame-src about:; base-uri 'none'; form-action 'none'; object-src 'none'; \
             frame-ancestors {}",
            self.console
        )
    }

    /// The one origin that may use the cookie.
    pub(crate) fn console_origin(&self) -> &str {
        &self.console
    }

    /// Adds what every answer carries; what is already set is kept.
    pub(crate) fn complete(&self, headers: &mut HeaderMap) {
        let mut default = |name: HeaderName, value: &'static str| {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        };
        default(header::CONTENT_SECURITY_POLICY, API_CSP);
        default(header::CACHE_CONTROL, "no-store");
        default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        default(header::REFERRER_POLICY, "no-referrer");
        default(header::CROSS_ORIGIN_OPENER_POLICY, "same-origin");
        default(header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
        default(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        );
        if self.https {
            default(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policies() -> Policies {
        let url = |text: &str| Url::parse(text).expect("is a URL");
        Policies::new(&url("http://localhost:8080/"), &url("http://127.0.0.1:8080/"))
    }

    #[test]
    fn content_security_policies() {
        insta::assert_snapshot!(
            format!("{}\n\n{}", policies().console_csp("bm9uY2U"), policies().replay_csp()).replace("; ", ";\n")
        );
    }

    #[test]
    fn every_answer_is_inert_by_default_and_documents_keep_their_own_policy() {
        let mut headers = HeaderMap::new();
        policies().complete(&mut headers);
        let mut lines: Vec<_> =
            headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("is ASCII"))).collect();
        lines.sort();
        insta::assert_snapshot!(lines.join("\n"));

        let mut document = HeaderMap::new();
        document.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'self'"));
        policies().complete(&mut document);
        assert_eq!(
            document.get(header::CONTENT_SECURITY_POLICY),
            Some(&HeaderValue::from_static("default-src 'self'"))
        );
    }
}

//! Patterns of addresses: `/checkout/**`, `https://*.example.com/orders/*`.

use super::{Refusal, key};

/// Steps that a pattern's path may have.
const MOST_STEPS: usize = 32;

/// `**` that a pattern may have. Each is a choice in matching; two keep it quadratic in the steps of an address.
const MOST_DEEP: usize = 2;

key! {
    /// Addresses by origin and path. `*` is one step of the path, `**` is any number of them, `*.` before a host is one or
    /// more names; without an origin the pattern means every origin. Queries and fragments are never looked at.
    ///
    /// Canonical text: scheme and host in lower case, no default port, `%` escapes as browsers write them.
    pub struct UrlPattern; most 512; canonical; everything "/**"
}

fn canonical(text: &str) -> Result<String, Refusal> {
    if text.contains(['?', '#']) {
        return Err(Refusal::new(
            "patterns do not look at queries and fragments",
            "remove everything from `?` or `#` on",
        ));
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) || text.contains('\\') {
        return Err(Refusal::new(
            "the pattern holds a space or a backslash",
            "write a space as `%20`, separate by `/`",
        ));
    }
    let (origin, path) = match text.find("://") {
        Some(at) => {
            let end = text[at + 3..].find('/').map_or(text.len(), |slash| at + 3 + slash);
            (canonical_origin(&text[..at], &text[at + 3..end])?, &text[end..])
        }
        None => (String::new(), text),
    };
    if !path.starts_with('/') {
        return Err(Refusal::new("the path is missing", "begin the path with `/`; `/**` is every page"));
    }
    let mut steps = Vec::new();
    for step in path[1..].split('/') {
        steps.push(match step {
            "*" | "**" | "" => step.to_owned(),
            _ if step.contains('*') => {
                return Err(Refusal::new("`*` stands inside a step", "use `*` for a whole step of the path"));
            }
            "." | ".." => return Err(Refusal::new("the path climbs", "write the path without `.` and `..`")),
            _ => canonical_step(step),
        });
    }
    if steps.len() > MOST_STEPS {
        return Err(Refusal::new(format!("the path has more than {MOST_STEPS} steps"), "end it with `/**`"));
    }
    if steps.iter().filter(|step| *step == "**").count() > MOST_DEEP {
        return Err(Refusal::new(format!("`**` stands there more than {MOST_DEEP} times"), "write several rules"));
    }
    Ok(format!("{origin}/{}", steps.join("/")))
}

/// One step as a browser would write it: escapes in upper case, what needs one escaped.
fn canonical_step(step: &str) -> String {
    let Ok(mut url) = url::Url::parse("https://a/") else { return step.to_owned() };
    url.set_path(step);
    url.path().trim_start_matches('/').to_owned()
}

fn canonical_origin(scheme: &str, authority: &str) -> Result<String, Refusal> {
    let refusal =
        || Refusal::new("the origin is none", "write it like `https://shop.example.com` or `https://*.example.com`");
    let (wild, host) = authority.strip_prefix("*.").map_or(("", authority), |host| ("*.", host));
    let parsed = url::Url::parse(&format!("{scheme}://{host}/")).map_err(|_| refusal())?;
    let plain = parsed.username().is_empty() && parsed.password().is_none() && parsed.path() == "/";
    if !plain || host.contains('*') || !matches!(parsed.scheme(), "http" | "https") {
        return Err(refusal());
    }
    let domain = parsed.domain().is_some_and(|domain| domain.contains('.'));
    if !wild.is_empty() && !domain {
        return Err(Refusal::new("`*.` stands before no domain", "name the domain, like `https://*.example.com`"));
    }
    let port = parsed.port().map(|port| format!(":{port}")).unwrap_or_default();
    Ok(format!("{}://{wild}{}{port}", parsed.scheme(), parsed.host_str().unwrap_or_default()))
}

impl UrlPattern {
    /// Whether `address` is meant. What is no address is never meant.
    #[must_use]
    pub fn matches(&self, address: &url::Url) -> bool {
        let slash = self.0.find("://").map_or(Some(0), |at| self.0[at + 3..].find('/').map(|slash| at + 3 + slash));
        let Some((origin, path)) = slash.map(|slash| self.0.split_at(slash)) else { return false };
        if !origin.is_empty() && !origin_matches(origin, address) {
            return false;
        }
        let steps: Vec<&str> = path[1..].split('/').collect();
        let given: Vec<&str> = address.path().trim_start_matches('/').split('/').collect();
        path_matches(&steps, &given)
    }
}

fn origin_matches(origin: &str, address: &url::Url) -> bool {
    let given = address.origin().ascii_serialization();
    match origin.split_once("://*.") {
        None => origin == given,
        Some((scheme, rest)) => {
            given.strip_prefix(scheme).and_then(|given| given.strip_prefix("://")).is_some_and(|host| {
                host.len() > rest.len() + 1 && host.ends_with(rest) && host[..host.len() - rest.len()].ends_with('.')
            })
        }
    }
}

/// At most [`MOST_DEEP`] choices, each of at most the steps of the address.
fn path_matches(steps: &[&str], given: &[&str]) -> bool {
    match steps {
        [] => given.is_empty(),
        ["**"] => true,
        ["**", rest @ ..] => (0..=given.len()).any(|skip| path_matches(rest, &given[skip..])),
        [step, rest @ ..] => given.split_first().is_some_and(|(first, more)| {
            (*step == "*" && !first.is_empty() || step == first) && path_matches(rest, more)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::gate::Key as _;

    fn matches(pattern: &str, address: &str) -> bool {
        let address = url::Url::parse(address).expect(address);
        UrlPattern::parse(pattern).expect(pattern).matches(&address)
    }

    #[test]
    fn patterns_have_one_form() {
        let text = |pattern: &str| UrlPattern::parse(pattern).expect(pattern).to_string();
        assert_eq!(text("HTTPS://Shop.Example:443/A b".replace(' ', "%20").as_str()), "https://shop.example/A%20b");
        assert_eq!(text("/straße"), "/stra%C3%9Fe");
        assert_eq!(text("https://*.Example.com/**"), "https://*.example.com/**");
        assert_eq!(text("/a/"), "/a/");
    }

    #[test]
    fn steps_and_depths() {
        assert!(matches("/checkout/**", "https://a.example/checkout"));
        assert!(matches("/checkout/**", "https://a.example/checkout/pay/now?x=1#y"));
        assert!(!matches("/checkout/**", "https://a.example/checkouts"));
        assert!(matches("/customers/*/orders", "https://a.example/customers/7/orders"));
        assert!(!matches("/customers/*/orders", "https://a.example/customers/7/8/orders"));
        assert!(!matches("/customers/*", "https://a.example/customers/"));
        assert!(matches("/**/edit", "https://a.example/a/b/edit"));
        assert!(matches("/", "https://a.example"));
        assert!(matches("/**", "https://a.example/x"));
    }

    #[test]
    fn origins_and_their_children() {
        assert!(matches("https://*.example.com/**", "https://shop.example.com/x"));
        assert!(matches("https://*.example.com/**", "https://a.b.example.com/x"));
        assert!(!matches("https://*.example.com/**", "https://example.com/x"));
        assert!(!matches("https://*.example.com/**", "https://evilexample.com/x"));
        assert!(!matches("https://*.example.com/**", "http://shop.example.com/x"));
        assert!(matches("https://a.example:8443/**", "https://a.example:8443/x"));
        assert!(!matches("https://a.example/**", "https://a.example:8443/x"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let deep = format!("/{}", vec!["a"; 33].join("/"));
        for text in [
            "",
            "checkout",
            "/a?b",
            "/a#b",
            "/a*b",
            "/**/a/**/b/**",
            "/a/../b",
            "/a b",
            "/a\\b",
            "https://a.example",
            "ftp://a.example/",
            "https://u@a.example/",
            "https://*/",
            "https://*.com:x/",
            "https://a.*.example/",
            &deep,
        ] {
            assert!(UrlPattern::parse(text).is_err(), "{text}");
        }
    }
}

//! Paths into payloads: `request.headers.*`, `response.body.user.email`.

use super::{Refusal, key};

/// Payloads that a path can begin with.
const ROOTS: [&str; 5] = ["request", "response", "console", "state", "custom"];

/// Steps that a path may have, its root included.
const MOST_STEPS: usize = 16;

key! {
    /// A path into a payload. It begins with `request`, `response`, `console`, `state` or `custom`; a step is a member's
    /// name, `*` for any member or item, or `[]` behind a name for the items of a list.
    ///
    /// Canonical text: names of headers in lower case, since HTTP compares them so; everything else as written.
    pub struct FieldPath; most 256; canonical
}

fn canonical(text: &str) -> Result<String, Refusal> {
    let mut steps: Vec<String> = Vec::new();
    for (i, written) in text.split('.').enumerate() {
        let (name, lists) = strip_lists(written);
        if i == 0 && (!ROOTS.contains(&name) || lists > 0) {
            let mend = format!("begin with one of {}", ROOTS.map(|root| format!("`{root}`")).join(", "));
            return Err(Refusal::new("the path begins with no payload that we know", mend));
        }
        let named = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'$'));
        if name != "*" && (name.is_empty() || name.len() > 64 || !named) {
            let mend = "use letters, digits, `_`, `-` and `$`, at most 64; `*` stands for any name";
            return Err(Refusal::new("a step of the path is no name", mend));
        }
        let header = i > 1 && steps[1] == "headers";
        steps.push(if header { name.to_ascii_lowercase() } else { name.to_owned() });
        steps.extend((0..lists).map(|_| "[]".to_owned()));
    }
    if steps.len() > MOST_STEPS {
        return Err(Refusal::new(format!("the path has more than {MOST_STEPS} steps"), "shorten it"));
    }
    if steps.len() < 2 {
        return Err(Refusal::new("the path names a whole payload", "say which part of it, or use `.*` for all of it"));
    }
    Ok(steps.join(".").replace(".[]", "[]"))
}

/// The name and how many `[]` follow it.
fn strip_lists(step: &str) -> (&str, usize) {
    let name = step.trim_end_matches("[]");
    (name, (step.len() - name.len()) / 2)
}

impl FieldPath {
    /// Whether the value at these steps, or something above it, is meant. An item of a list is the step `[]`.
    #[must_use]
    pub fn covers(&self, steps: &[&str]) -> bool {
        let spread = self.0.replace("[]", ".[]");
        let pattern: Vec<&str> = spread.split('.').collect();
        let header = steps.get(1) == Some(&"headers");
        pattern.len() <= steps.len()
            && pattern
                .iter()
                .zip(steps)
                .all(|(want, step)| *want == "*" || want == step || (header && want.eq_ignore_ascii_case(step)))
    }

    /// The last name of the path, which says what kind of thing stands there.
    #[must_use]
    pub fn last_name(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default().trim_end_matches("[]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::gate::Key as _;

    fn path(text: &str) -> FieldPath {
        FieldPath::parse(text).expect(text)
    }

    #[test]
    fn paths_have_one_form() {
        assert_eq!(path("request.headers.X-Trace").to_string(), "request.headers.x-trace");
        assert_eq!(path("state.cart.Items[].name").to_string(), "state.cart.Items[].name");
        assert_eq!(path("state.a[][].b").to_string(), "state.a[][].b");
        assert_eq!(path("state.cart.items[].name").last_name(), "name");
        assert_eq!(path("state.cart.items[]").last_name(), "items");
    }

    #[test]
    fn a_path_covers_what_is_below_it() {
        assert!(path("request.headers.*").covers(&["request", "headers", "Accept"]));
        assert!(path("request.headers.X-A").covers(&["request", "headers", "x-a"]));
        assert!(path("response.body.user").covers(&["response", "body", "user", "email"]));
        assert!(path("state.items[].name").covers(&["state", "items", "[]", "name"]));
        assert!(!path("response.body.user.email").covers(&["response", "body", "user"]));
        assert!(!path("response.body.User").covers(&["response", "body", "user"]));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        let deep = format!("state.{}", vec!["a"; 16].join("."));
        for text in
            ["", "request", "body.user", "request..a", "request.a b", "request.é", "state[].a", "state.[]", &deep]
        {
            assert!(FieldPath::parse(text).is_err(), "{text}");
        }
    }
}

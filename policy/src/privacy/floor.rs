//! The floor: what no tenant, project, page or person can loosen.
//!
//! Lists hold names in the form that [`normalise`] gives (lower case, letters and digits only), so that `X-Api-Key`,
//! `x_api_key` and `xApiKey` are one name.

/// `<input type>`s whose value is never kept, in any place rrweb puts it.
pub const INPUT_TYPES: [&str; 4] = ["password", "hidden", "email", "tel"];

/// `autocomplete` tokens whose field is never kept; every token that starts with [`AUTOCOMPLETE_PREFIX`] counts too.
pub const AUTOCOMPLETE_TOKENS: [&str; 3] = ["one-time-code", "current-password", "new-password"];

/// Start of the payment card tokens of `autocomplete` (`cc-number`, `cc-csc` …).
pub const AUTOCOMPLETE_PREFIX: &str = "cc-";

/// Marks a field that was a password once: rrweb leaves it behind when a page's "show password" changes the type.
pub const WAS_PASSWORD_ATTRIBUTE: &str = "data-rr-is-password";

/// Attributes that can carry what a person typed or what the page knows about them; masks treat them like text.
/// Every `data-*` attribute and every attribute that holds a URL counts too.
pub const VALUE_ATTRIBUTES: [&str; 16] = [
    "value",
    "title",
    "alt",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
    "aria-valuenow",
    "aria-placeholder",
    "placeholder",
    "content",
    "label",
    "summary",
    "srcdoc",
    "defaultvalue",
    "name",
];

/// Attributes that hold one URL (`srcset` and `ping` hold several and are handled beside them).
pub const URL_ATTRIBUTES: [&str; 16] = [
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "cite",
    "background",
    "xlink:href",
    "manifest",
    "data",
    "longdesc",
    "codebase",
    "classid",
    "usemap",
    "rr_src",
    "icon",
];

/// A normalised name that contains one of these is a secret.
const SECRET_PARTS: [&str; 31] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "passwort",
    "kennwort",
    "motdepasse",
    "contrasena",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "authorization",
    "credential",
    "cookie",
    "csrf",
    "xsrf",
    "jwt",
    "bearer",
    "cvv",
    "cvc",
    "cardnumber",
    "ccnumber",
    "creditcard",
    "securitycode",
    "sessionid",
    "onetimecode",
];

/// A normalised name that equals one of these is a secret; they are too short to look for inside other names.
const SECRET_NAMES: [&str; 14] =
    ["pass", "pin", "otp", "totp", "auth", "sig", "signature", "ssn", "sid", "csc", "pan", "iban", "mfacode", "code"];

/// Payload names that hold a message body; bodies are off in the default policy.
const BODY_NAMES: [&str; 6] = ["body", "reqbody", "resbody", "postdata", "formdata", "rawbody"];

/// Payload names that hold state or headers; both are off in the default policy.
const STATE_NAMES: [&str; 6] = ["headers", "localstorage", "sessionstorage", "indexeddb", "cookies", "trailers"];

/// Payload names whose text is what a person typed, when the event's type is not one we know.
const TYPED_NAMES: [&str; 13] = [
    "value",
    "text",
    "key",
    "keys",
    "chars",
    "input",
    "typed",
    "newvalue",
    "oldvalue",
    "inputvalue",
    "textcontent",
    "innertext",
    "data",
];

/// Lower case, ASCII letters and digits only, at most 64 bytes: longer names are no names.
#[must_use]
pub fn normalise(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).take(64).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a header, a query parameter or a JSON field of this name holds a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let name = normalise(name);
    SECRET_NAMES.contains(&name.as_str()) || SECRET_PARTS.iter().any(|part| name.contains(part))
}

/// Whether a payload field of this name holds a message body.
#[must_use]
pub fn is_body_name(name: &str) -> bool {
    let name = normalise(name);
    name.ends_with("body") || BODY_NAMES.contains(&name.as_str())
}

/// Whether a payload field of this name holds headers or storage.
#[must_use]
pub fn is_state_name(name: &str) -> bool {
    let name = normalise(name);
    name.ends_with("headers") || STATE_NAMES.contains(&name.as_str())
}

/// Whether a payload field of this name holds typed text when nothing else is known about it.
#[must_use]
pub fn is_typed_name(name: &str) -> bool {
    TYPED_NAMES.contains(&normalise(name).as_str())
}

/// Whether an `<input>` of this type is under the floor. HTML compares types without regard to case.
#[must_use]
pub fn is_floor_input_type(input_type: &str) -> bool {
    INPUT_TYPES.iter().any(|floor| floor.eq_ignore_ascii_case(input_type.trim()))
}

/// Whether an `autocomplete` attribute puts its field under the floor.
#[must_use]
pub fn is_floor_autocomplete(value: &str) -> bool {
    value.split_ascii_whitespace().any(|token| {
        let token = token.to_ascii_lowercase();
        token.starts_with(AUTOCOMPLETE_PREFIX) || AUTOCOMPLETE_TOKENS.contains(&token.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_in_every_spelling() {
        for name in [
            "password",
            "Password",
            "user_password",
            "X-Api-Key",
            "xApiKey",
            "Authorization",
            "Set-Cookie",
            "PIN",
            "csrfToken",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["name", "author", "pinned", "url", "status", "id", "title", "opinion", "codec"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn floor_fields_whatever_the_case() {
        for value in ["cc-number", "section-a billing CC-CSC", "one-time-code", "Current-Password", "new-password"] {
            assert!(is_floor_autocomplete(value), "{value}");
        }
        assert!(!is_floor_autocomplete("name email off"));
        assert!(is_floor_input_type("PassWord") && is_floor_input_type(" hidden "));
        assert!(!is_floor_input_type("text"));
    }

    #[test]
    fn bodies_headers_and_typed_text_by_name() {
        assert!(is_body_name("reqBody") && is_body_name("response_body") && is_body_name("body"));
        assert!(is_state_name("requestHeaders") && is_state_name("localStorage"));
        assert!(is_typed_name("key") && is_typed_name("newValue") && !is_typed_name("keyboard"));
    }
}

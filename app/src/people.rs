//! What is personal about members: checked when it is typed, sealed under the person's key when it is stored.

use domain::{Entropy, PersonKeyId, Personal, TenantId};
use vault::{
    Key32,
    seal::{self, Codec},
};

use crate::{
    AppError,
    auth::member_context,
    keys::{Keys, open_error},
};

/// Longest name of a person, in characters.
const NAME_CHARS: usize = 80;
/// Longest e-mail address in bytes (RFC 5321 §4.5.3.1.3, without its brackets).
const EMAIL_BYTES: usize = 254;

/// A name as it is stored.
pub(crate) fn checked_name(pointer: &str, name: &Personal<String>) -> Result<Personal<String>, AppError> {
    let name = name.expose().trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(is_odd) {
        return Err(AppError::invalid(pointer, format!("must have 1 to {NAME_CHARS} printable characters")));
    }
    Ok(Personal::new(name.to_owned()))
}

/// An e-mail address as it is stored. Whether it exists only a mail can tell; what could be two addresses or break a
/// mail's head is refused.
pub(crate) fn checked_email(pointer: &str, email: &Personal<String>) -> Result<Personal<String>, AppError> {
    let email = email.expose().trim();
    let shaped = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.contains('@')
            && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
    });
    let plain = email.len() <= EMAIL_BYTES
        && !email.chars().any(|c| c.is_whitespace() || is_odd(c) || ",;:<>()[]\\\"".contains(c));
    if shaped && plain {
        return Ok(Personal::new(email.to_owned()));
    }
    Err(AppError::invalid(pointer, "must be an e-mail address such as ada@example.com"))
}

/// Control characters, and those that turn or hide the text around them.
fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Seals one of a person's texts under their key.
pub(crate) fn sealed(
    column: u64,
    tenant: TenantId,
    person: PersonKeyId,
    key: &Key32,
    text: &Personal<String>,
    entropy: &dyn Entropy,
) -> Vec<u8> {
    seal::seal(key, &member_context(column, tenant, person), Codec::Raw, text.expose().as_bytes(), entropy)
}

/// Opens one of a person's texts.
pub(crate) fn opened(
    column: u64,
    tenant: TenantId,
    person: PersonKeyId,
    key: &Key32,
    sealed: &[u8],
) -> Result<Personal<String>, AppError> {
    let opened = seal::open(key, &member_context(column, tenant, person), sealed).map_err(open_error)?;
    String::from_utf8(opened.plaintext).map(Personal::new).map_err(AppError::internal)
}

/// Opens texts of one person for a list: a key that was destroyed or is not to be had leaves them out, not the list.
pub(crate) async fn opened_for_list<const N: usize>(
    keys: &Keys,
    tenant: TenantId,
    person: PersonKeyId,
    columns: [(u64, &[u8]); N],
) -> [Option<Personal<String>>; N] {
    let Ok(key) = keys.person(tenant, person).await else { return [const { None }; N] };
    columns.map(|(column, sealed)| opened(column, tenant, person, &key, sealed).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused() {
        let check =
            |text: &str| checked_email("/email", &Personal::new(text.to_owned())).ok().map(Personal::into_inner);
        assert_eq!(check(" ada@example.com ").as_deref(), Some("ada@example.com"));
        assert_eq!(check("ada+x@mail.example.co.uk").as_deref(), Some("ada+x@mail.example.co.uk"));
        assert!(check("ädä@bücher.example").is_some());
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@b@c",
            "ada@example..com",
            "a b@example.com",
            "ada@example.com,eve@example.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "Ada <ada@example.com>",
            "ada@\u{202e}moc.elpmaxe",
            "ada@-example.com",
            &format!("{}@example.com", "a".repeat(250)),
        ] {
            assert_eq!(check(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_name_is_short_and_printable() {
        let check = |text: &str| checked_name("/name", &Personal::new(text.to_owned())).is_ok();
        assert!(check("Ada Lovelace") && check("李") && check("O'Brien-Śmith"));
        assert!(!check("") && !check("  ") && !check("a\u{202e}b") && !check("a\nb") && !check(&"a".repeat(81)));
    }
}

//! What a request carries besides its credential. None of these fails while it is extracted: a handler reads them after its
//! caller was checked, so that an answer about a body or an id is never given to somebody who may not ask.

use std::{marker::PhantomData, str::FromStr};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
    web,
};
use app::{AppError, Page, once::Once};
use bytes::BytesMut;
use futures::{
    StreamExt as _,
    future::{Ready, ready},
};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use crate::ApiError;

/// The longest JSON body in bytes.
pub(crate) const JSON_BYTES: usize = 65_536;

/// How deep a JSON body may nest.
const JSON_DEPTH: usize = 16;

/// Which page of a list without filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageSearch {
    /// Most items, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl From<PageSearch> for Page {
    fn from(PageSearch { limit, cursor }: PageSearch) -> Self {
        Self { limit, cursor }
    }
}

/// The parts of the path that the route names.
pub(crate) struct InPath(HttpRequest);

impl InPath {
    /// The id called `name`. Text that is no id is "not found", exactly like an id that names nothing.
    pub(crate) fn id<T: FromStr>(&self, name: &str, kind: &'static str) -> Result<T, ApiError> {
        let text = self.0.match_info().get(name).unwrap_or_default();
        text.parse().map_err(|_| AppError::NotFound { kind }.into())
    }

    /// The text called `name`, as it stands in the path.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.match_info().get(name).unwrap_or_default()
    }
}

impl FromRequest for InPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(req.clone())))
    }
}

/// The `Idempotency-Key` of a creating request.
pub(crate) struct OnceKey(HttpRequest);

/// Longest key, in bytes.
const ONCE_BYTES: usize = 200;

impl OnceKey {
    /// The key, when one was sent. A structured-field string, or for convenience its bare text.
    pub(crate) fn read(&self) -> Result<Option<Once>, ApiError> {
        let malformed = || ApiError::Malformed {
            detail: format!("Idempotency-Key must be one value of 1 to {ONCE_BYTES} printable ASCII characters"),
        };
        let mut values = self.0.headers().get_all("idempotency-key");
        let (Some(value), next) = (values.next(), values.next()) else { return Ok(None) };
        let text = value.to_str().map_err(|_| malformed())?.trim();
        let key = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        if next.is_some() || key.is_empty() || key.len() > ONCE_BYTES || key.contains(['"', '\\']) {
            return Err(malformed());
        }
        Ok(Some(Once::new(key)))
    }
}

impl FromRequest for OnceKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(req.clone())))
    }
}

/// The query of a list or a watch; unknown parameters are refused.
pub(crate) struct Search<T>(HttpRequest, PhantomData<T>);

impl<T: DeserializeOwned> Search<T> {
    /// Reads the query.
    pub(crate) fn read(&self) -> Result<T, ApiError> {
        match web::Query::<T>::from_query(self.0.query_string()) {
            Ok(query) => Ok(query.into_inner()),
            Err(error) => Err(ApiError::Malformed {
                detail: format!("the query cannot be read: {}", without_content(&error.to_string())),
            }),
        }
    }
}

impl<T> FromRequest for Search<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(req.clone(), PhantomData)))
    }
}

/// A JSON body, read only when the handler asks for it. Types that are read from it refuse unknown members.
pub(crate) struct Body<T> {
    req: HttpRequest,
    payload: Payload,
    of: PhantomData<T>,
}

impl<T: DeserializeOwned> Body<T> {
    /// Reads at most [`JSON_BYTES`].
    pub(crate) async fn read(mut self) -> Result<T, ApiError> {
        if self.req.content_type() != "application/json" {
            return Err(ApiError::UnsupportedMedia { detail: "the body must be application/json" });
        }
        if self.req.headers().contains_key(header::CONTENT_ENCODING) {
            return Err(ApiError::UnsupportedMedia { detail: "the body must not be content-encoded" });
        }
        let bytes = read_bounded(&mut self.payload, self.req.headers(), JSON_BYTES).await?;
        from_json(&bytes)
    }
}

impl<T> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self { req: req.clone(), payload: payload.take(), of: PhantomData }))
    }
}

/// A body of bytes, not yet read: a handler reads it when there is room to work on it.
pub(crate) struct RawBody(Payload);

impl RawBody {
    /// The stream itself, still encoded as it was sent.
    pub(crate) fn into_payload(self) -> Payload {
        self.0
    }
}

impl FromRequest for RawBody {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;
    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self(payload.take())))
    }
}

/// Reads a body of at most `limit` bytes; a longer `Content-Length` is refused before anything is read.
pub(crate) async fn read_bounded(
    payload: &mut Payload,
    headers: &HeaderMap,
    limit: usize,
) -> Result<bytes::Bytes, ApiError> {
    if content_length(headers).is_some_and(|length| length > limit) {
        return Err(ApiError::TooLarge { limit });
    }
    let mut read = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|_| ApiError::Malformed { detail: "the body ended before it was complete".to_owned() })?;
        if read.len() + chunk.len() > limit {
            return Err(ApiError::TooLarge { limit });
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.freeze())
}

/// The declared length, when there is a readable one.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads JSON with a bound on its depth.
pub(crate) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    if depth(bytes) > JSON_DEPTH {
        return Err(ApiError::Malformed { detail: format!("the body nests deeper than {JSON_DEPTH}") });
    }
    // serde would also read a struct from an array of its members, in order: a second spelling that nobody documented.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|first| *first == b'[') {
        return Err(ApiError::Malformed { detail: "the body must be a JSON object".to_owned() });
    }
    serde_json::from_slice(bytes).map_err(|error| ApiError::Malformed {
        detail: if error.is_data() {
            format!("the body does not have the documented form: {}", without_content(&error.to_string()))
        } else {
            format!("the body is not JSON: line {}, column {}", error.line(), error.column())
        },
    })
}

/// Keeps of a reader's message what names our own fields and drops what could quote a value.
fn without_content(message: &str) -> String {
    let ours = |text: &str| text.len() <= 200 && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    let message = message.split(" at line ").next().unwrap_or_default();
    let message = message.trim_start_matches("Query deserialize error: ");
    if message.starts_with("missing field `") && ours(message) {
        return message.to_owned();
    }
    match message.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, expected ")) {
        Some((_, known)) if ours(known) => format!("there is an unknown member; known are {known}"),
        Some(_) => "there is an unknown member".to_owned(),
        None => "a value has the wrong type or form".to_owned(),
    }
}

/// How deep brackets nest outside strings; good enough to refuse before a parser recurses.
fn depth(json: &[u8]) -> usize {
    let (mut now, mut most, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                now += 1;
                most = most.max(now);
            }
            (false, b']' | b'}') => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Create {
        name: String,
    }

    fn body(json: &str) -> Result<Create, ApiError> {
        futures::executor::block_on(async {
            let (req, mut payload) = TestRequest::post()
                .insert_header(("content-type", "application/json"))
                .set_payload(json.to_owned())
                .to_http_parts();
            Body::<Create>::from_request(&req, &mut payload).await.expect("extracts").read().await
        })
    }

    /// Case 4: what a verb does not take cannot be assigned.
    #[test]
    fn unknown_members_are_refused_and_nothing_sent_is_quoted() {
        assert_eq!(body(r#"{"name":"shop"}"#).expect("reads"), Create { name: "shop".to_owned() });
        for (json, detail) in [
            (
                r#"{"name":"a","tenant_id":"b"}"#,
                "the body does not have the documented form: there is an unknown member; known are `name`",
            ),
            (
                r#"{"name":"a","hold CANARY":1}"#,
                "the body does not have the documented form: there is an unknown member; known are `name`",
            ),
            ("{}", "the body does not have the documented form: missing field `name`"),
            (
                r#"{"name":{"CANARY":1}}"#,
                "the body does not have the documented form: a value has the wrong type or form",
            ),
            (r#"["CANARY"]"#, "the body must be a JSON object"),
            (r#""CANARY""#, "the body does not have the documented form: a value has the wrong type or form"),
            ("{", "the body is not JSON: line 1, column 1"),
            ("", "the body is not JSON: line 1, column 0"),
        ] {
            assert_eq!(body(json).expect_err("is refused").to_string(), detail, "{json}");
        }
    }

    #[test]
    fn a_body_is_bounded_in_depth_length_type_and_encoding() {
        let deep = format!(r#"{{"name":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(body(&deep).expect_err("is refused").to_string(), "the body nests deeper than 16");
        let long = format!(r#"{{"name":"{}"}}"#, "a".repeat(JSON_BYTES));
        assert!(matches!(body(&long), Err(ApiError::TooLarge { limit: JSON_BYTES })));
        for header in [("content-type", "text/plain"), ("content-encoding", "gzip")] {
            let refused = futures::executor::block_on(async {
                let (req, mut payload) = TestRequest::post()
                    .insert_header(("content-type", "application/json"))
                    .insert_header(header)
                    .set_payload(r#"{"name":"a"}"#)
                    .to_http_parts();
                Body::<Create>::from_request(&req, &mut payload).await.expect("extracts").read().await
            });
            assert!(matches!(refused, Err(ApiError::UnsupportedMedia { .. })), "{header:?}");
        }
    }

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert_eq!(depth(br#"{"a":"[[[\"[[{","b":[1,[2]]}"#), 3);
        assert_eq!(depth(b"]]]["), 1);
    }

    #[test]
    fn an_unknown_parameter_is_refused() {
        let search = |query: &str| {
            let req = TestRequest::with_uri(&format!("/v1/x?{query}")).to_http_request();
            Search::<Create>(req, PhantomData).read()
        };
        assert_eq!(search("name=a").expect("reads"), Create { name: "a".to_owned() });
        assert_eq!(
            search("name=a&tenant=CANARY").expect_err("is refused").to_string(),
            "the query cannot be read: there is an unknown member; known are `name`"
        );
    }

    /// Case 6: an id that is written differently names nothing.
    #[test]
    fn an_id_has_one_spelling_in_a_path() {
        let id = "0190f3a1-0000-7000-8000-00000000000a";
        let read = |text: &str| {
            let req = TestRequest::default().param("id", text.to_owned()).to_http_request();
            InPath(req).id::<domain::SessionId>("id", "session")
        };
        assert!(read(id).is_ok());
        for text in [&id.to_uppercase(), "..", "%2e%2e", "0190f3a1%2D0000-7000-8000-00000000000a", "", "*"] {
            assert_eq!(read(text).expect_err("names nothing").to_string(), "session not found");
        }
    }
}

//! `PUT /v1/agent/sessions/{id}/segments/{tab}/{n}`.

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
    put, web,
};
use app::{App, ingest::UploadHead};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use recording::decode::Encoding;
use utoipa::ToSchema;

use super::SegmentAck;
use crate::{
    ApiError,
    caller::FromSession,
    input::{InPath, RawBody, read_bounded},
    output::tell_allowance,
};

/// Events as NDJSON or as one JSON array, as the recorder made them.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "documents a body that is never a value here")]
pub(crate) struct SegmentBody(Vec<u8>);

/// Upload a segment.
///
/// 200 means durable. Sending the same bytes again gets the same answer; other bytes under a number that is taken, or a number
/// that is not the tab's next, get 409 with `next`. `Content-Digest` is required.
#[utoipa::path(operation_id = "agent_segment_put", tag = "agent", security(("session-token" = [])),
    params(
        ("id" = Uuid, Path, description = "The token's session."),
        ("tab" = u16, Path, description = "The tab, as the server numbered it."),
        ("n" = u32, Path, description = "The segment's number in its tab, from 0."),
        ("Content-Encoding" = Option<String>, Header, description = "gzip, zstd or identity."),
        ("Content-Digest" = String, Header, description = "RFC 9530: sha-256=:…: of the body as sent."),
    ),
    request_body(content = SegmentBody, content_type = "application/x-ndjson"),
    responses((status = 200, description = "Durable.", body = SegmentAck)))]
#[put("/v1/agent/sessions/{id}/segments/{tab}/{n}")]
pub(crate) async fn agent_segment_put(
    caller: FromSession,
    req: HttpRequest,
    path: InPath,
    body: RawBody,
    app: web::Data<App>,
) -> Result<web::Json<SegmentAck>, ApiError> {
    caller.only(path.id("id", "session")?)?;
    let head = UploadHead {
        tab: path.id("tab", "tab")?,
        n: path.id("n", "segment")?,
        encoding: encoding(req.headers())?,
        digest: digest(req.headers())?,
        finished: false,
    };
    // A place in the work first: a body that cannot be worked on is not read.
    let slot = app.ingest().reserve(caller.project())?;
    tell_allowance(&req, slot.allowance());
    let mut payload: Payload = body.into_payload();
    let bytes = read_bounded(&mut payload, req.headers(), app.settings().bounds.compressed_bytes).await?;
    Ok(web::Json(app.ingest().upload(slot, &caller, head, bytes).await?.into()))
}

fn encoding(headers: &HeaderMap) -> Result<Encoding, ApiError> {
    let mut values = headers.get_all(header::CONTENT_ENCODING);
    let name = values.next().map_or(Ok(""), header::HeaderValue::to_str).unwrap_or("unreadable");
    match (Encoding::from_name(name), values.next()) {
        (Some(encoding), None) => Ok(encoding),
        _ => Err(ApiError::UnsupportedMedia { detail: "the content encoding must be one of gzip, zstd, identity" }),
    }
}

/// RFC 9530 §2: a dictionary; we need its `sha-256` member, a byte sequence.
fn digest(headers: &HeaderMap) -> Result<[u8; 32], ApiError> {
    let read = || {
        let text = headers.get("content-digest")?.to_str().ok()?;
        let member = text.split(',').find_map(|member| member.trim().strip_prefix("sha-256=:")?.strip_suffix(':'))?;
        STANDARD.decode(member).ok()?.try_into().ok()
    };
    read().ok_or_else(|| ApiError::Malformed {
        detail: "the Content-Digest header must be sha-256=:<base64>:".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_digest_is_the_sha_256_member() {
        let read = |value: &str| {
            let req = TestRequest::default().insert_header(("content-digest", value)).to_http_request();
            digest(req.headers()).ok()
        };
        let zeros = STANDARD.encode([0; 32]);
        assert_eq!(read(&format!("sha-256=:{zeros}:")), Some([0; 32]));
        assert_eq!(read(&format!("sha-512=:AAAA:, sha-256=:{zeros}:")), Some([0; 32]));
        for bad in [&format!("sha-256={zeros}"), "sha-256=:AAAA:", "sha-512=:AAAA:", "", &format!("md5=:{zeros}:")] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert!(digest(TestRequest::default().to_http_request().headers()).is_err());
    }

    #[test]
    fn encodings_are_the_documented_ones() {
        let read = |value: &str| {
            let req = TestRequest::default().insert_header(("content-encoding", value)).to_http_request();
            encoding(req.headers()).ok()
        };
        assert_eq!(read("gzip"), Some(Encoding::Gzip));
        assert_eq!(read("zstd"), Some(Encoding::Zstd));
        assert_eq!(read("identity"), Some(Encoding::Identity));
        assert_eq!(encoding(TestRequest::default().to_http_request().headers()).ok(), Some(Encoding::Identity));
        for bad in ["br", "gzip, gzip", "deflate", "GZIP "] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}

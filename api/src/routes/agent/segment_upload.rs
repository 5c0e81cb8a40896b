//! `POST /v1/agent/upload`: the agent's usual way. Plain text is CORS-simple, so there is no preflight per segment.

use actix_web::{HttpMessage as _, HttpRequest, dev::Payload, post, web};
use app::{App, ingest::UploadHead};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::{Bytes, BytesMut};
use domain::Secret;
use futures::StreamExt as _;
use recording::decode::Encoding;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SegmentAck;
use crate::{
    ApiError,
    caller::FromSession,
    input::{RawBody, content_length, from_json},
    output::tell_allowance,
};

/// The longest head line in bytes.
const HEAD_BYTES: usize = 4_096;

/// The first line of the body.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SegmentHead {
    /// The session token.
    #[schema(value_type = String)]
    token: Secret<String>,
    tab: u16,
    n: u32,
    /// `gzip`, `zstd` or `identity`.
    encoding: String,
    /// SHA-256 of the bytes behind the first line, base64url without padding.
    digest: String,
    /// The page is going away: the tab may be over with this segment.
    #[serde(default)]
    r#final: bool,
}

/// Upload a segment: a JSON head line, a line feed, then the body's bytes.
///
/// The same as the `PUT` form without a preflight. The head is checked before the rest is read.
#[utoipa::path(operation_id = "agent_segment_upload", tag = "agent", security(()),
    request_body(content = SegmentHead, content_type = "text/plain", description = "The head line; the segment's bytes follow it."),
    responses((status = 200, description = "Durable.", body = SegmentAck)))]
#[post("/v1/agent/upload")]
pub(crate) async fn agent_segment_upload(
    req: HttpRequest,
    body: RawBody,
    app: web::Data<App>,
) -> Result<web::Json<SegmentAck>, ApiError> {
    if req.content_type() != "text/plain" {
        return Err(ApiError::UnsupportedMedia { detail: "the body must be text/plain" });
    }
    let most = app.settings().bounds.compressed_bytes;
    if content_length(req.headers()).is_some_and(|length| length > most + HEAD_BYTES) {
        return Err(ApiError::TooLarge { limit: most });
    }
    let mut payload = body.into_payload();
    let (line, start) = head_line(&mut payload).await?;
    let head: SegmentHead = from_json(&line)?;
    let caller = FromSession::by_token(&req, head.token.expose())?;
    let head = upload_head(&head)?;
    // A place in the work before the rest is read; dropping the payload closes the connection on the agent that has none.
    let slot = app.ingest().reserve(caller.project())?;
    tell_allowance(&req, slot.allowance());
    let bytes = rest(start, &mut payload, most).await?;
    Ok(web::Json(app.ingest().upload(slot, &caller, head, bytes).await?.into()))
}

fn upload_head(head: &SegmentHead) -> Result<UploadHead, ApiError> {
    let encoding = Encoding::from_name(&head.encoding)
        .ok_or(ApiError::UnsupportedMedia { detail: "the encoding must be one of gzip, zstd, identity" })?;
    let digest = URL_SAFE_NO_PAD.decode(&head.digest).ok().and_then(|bytes| bytes.try_into().ok());
    let digest = digest.ok_or_else(|| ApiError::Malformed {
        detail: "the head's digest must be a SHA-256 in base64url without padding".to_owned(),
    })?;
    Ok(UploadHead { tab: head.tab, n: head.n, encoding, digest, finished: head.r#final })
}

/// Reads up to the first line feed; what came behind it in the same chunk is the start of the body.
async fn head_line(payload: &mut Payload) -> Result<(Bytes, BytesMut), ApiError> {
    let mut read = BytesMut::new();
    loop {
        if let Some(end) = read.iter().take(HEAD_BYTES).position(|byte| *byte == b'\n') {
            let rest = read.split_off(end + 1);
            read.truncate(end);
            return Ok((read.freeze(), rest));
        }
        if read.len() >= HEAD_BYTES {
            return Err(malformed("the head line is longer than allowed"));
        }
        match payload.next().await {
            Some(Ok(chunk)) => read.extend_from_slice(&chunk),
            Some(Err(_)) => return Err(malformed("the body ended before it was complete")),
            None => return Err(malformed("the body has no head line")),
        }
    }
}

async fn rest(start: BytesMut, payload: &mut Payload, most: usize) -> Result<Bytes, ApiError> {
    let mut read = start;
    if read.len() > most {
        return Err(ApiError::TooLarge { limit: most });
    }
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| malformed("the body ended before it was complete"))?;
        if read.len() + chunk.len() > most {
            return Err(ApiError::TooLarge { limit: most });
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.freeze())
}

fn malformed(detail: &str) -> ApiError {
    ApiError::Malformed { detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use futures::executor::block_on;

    use super::*;

    fn parts(body: &[u8]) -> Result<(Bytes, Bytes), ApiError> {
        block_on(async {
            let (_, mut payload) = TestRequest::post().set_payload(body.to_vec()).to_http_parts();
            let (line, start) = head_line(&mut payload).await?;
            Ok((line, rest(start, &mut payload, 64).await?))
        })
    }

    #[test]
    fn the_head_ends_at_the_first_line_feed() {
        let (line, body) = parts(b"{\"a\":1}\n\x1f\x8b\n\n").expect("splits");
        assert_eq!((&*line, &*body), (&b"{\"a\":1}"[..], &b"\x1f\x8b\n\n"[..]));
        let (line, body) = parts(b"\n").expect("splits");
        assert!(line.is_empty() && body.is_empty());
    }

    #[test]
    fn head_and_body_are_bounded() {
        assert!(matches!(parts(b"no line feed"), Err(ApiError::Malformed { .. })));
        assert!(matches!(parts(&[b'x'; HEAD_BYTES + 1]), Err(ApiError::Malformed { .. })));
        let mut late = vec![b'x'; HEAD_BYTES];
        late.push(b'\n');
        assert!(matches!(parts(&late), Err(ApiError::Malformed { .. })), "a line feed behind the limit does not count");
        let mut long = b"{}\n".to_vec();
        long.extend([b'x'; 65]);
        assert!(matches!(parts(&long), Err(ApiError::TooLarge { limit: 64 })));
    }

    #[test]
    fn a_head_says_nothing_that_is_not_known() {
        let zeros = URL_SAFE_NO_PAD.encode([0; 32]);
        let head = |extra: &str, encoding: &str, digest: &str| {
            let json = format!(r#"{{"token":"t","tab":0,"n":1,"encoding":"{encoding}","digest":"{digest}"{extra}}}"#);
            from_json::<SegmentHead>(json.as_bytes()).and_then(|head| upload_head(&head))
        };
        let read = head(r#","final":true"#, "gzip", &zeros).expect("reads");
        assert!(read.finished && read.digest == [0; 32] && read.encoding == Encoding::Gzip);
        assert!(!head("", "zstd", &zeros).expect("reads").finished);
        assert!(head(r#","tenant":"x""#, "gzip", &zeros).is_err());
        assert!(head("", "br", &zeros).is_err());
        assert!(head("", "gzip", "AAAA").is_err());
    }
}

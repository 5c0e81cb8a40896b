//! One HTTP request on a connection of its own.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Request,
    client::conn::http1,
    header::{CONTENT_TYPE, HOST, HeaderValue, RETRY_AFTER, USER_AGENT},
};
use hyper_util::rt::TokioIo;

use crate::{EgressError, Guard, Target};

/// Bytes that are read of what the other side says.
pub(crate) const READ: usize = 64 * 1_024;
/// Header lines of an answer.
const HEADERS: usize = 100;
const AGENT: HeaderValue = HeaderValue::from_static("Sealtape/1");

/// What a receiver answered, as far as it is looked at: never its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// `Retry-After` in seconds, when it is a number.
    pub retry_after: Option<u64>,
}

impl Guard {
    /// Sends a JSON body. Whatever the answer is, it is the last word: no redirect is followed.
    ///
    /// # Errors
    /// [`EgressError`]; then the receiver may have it all the same.
    pub async fn post(
        &self,
        target: &Target,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<Answer, EgressError> {
        self.within(async {
            let mut request = Request::post(&target.path);
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let request = request
                .header(HOST, target.authority())
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .header(USER_AGENT, AGENT)
                .body(Full::new(body))
                .map_err(|_| EgressError::Answer)?;
            let stream = self.connect(target).await?;
            let mut connection = http1::Builder::new();
            connection.max_buf_size(READ).max_headers(HEADERS);
            let (mut sender, connection) =
                connection.handshake(TokioIo::new(stream)).await.map_err(|_| EgressError::Answer)?;
            let mut connection = std::pin::pin!(connection);
            let mut answer = std::pin::pin!(sender.send_request(request));
            let answer = tokio::select! {
                biased;
                answer = &mut answer => answer,
                // It ended before its answer was handed over to us, or without one: the answer's side knows.
                _ = &mut connection => answer.await,
            };
            let answer = answer.map_err(|_| EgressError::Answer)?;
            let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            Ok(Answer { status: answer.status().as_u16(), retry_after })
        })
        .await
    }
}

//! One HTTP request on a connection of its own.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, Response,
    body::Incoming,
    client::conn::http1,
    header::{CONTENT_TYPE, HOST, HeaderValue, RETRY_AFTER, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use url::Url;

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

/// What a place that the operator named answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body, at most 64 KiB.
    pub body: Bytes,
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
            exchange(stream, request, |answer| async move {
                let retry_after = answer.headers().get(RETRY_AFTER);
                let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
                Ok(Answer { status: answer.status().as_u16(), retry_after })
            })
            .await
        })
        .await
    }

    /// Sends text to a place that the operator named, and reads what it says: no tenant has a say in where that is, so it may
    /// be inside, and over plain HTTP where what is exchanged is signed.
    ///
    /// # Errors
    /// [`EgressError`].
    pub async fn ask(&self, place: &Url, body: String) -> Result<Reply, EgressError> {
        self.within(async {
            let host = place.host().ok_or(EgressError::Address)?;
            let port = place.port_or_known_default().ok_or(EgressError::Address)?;
            let authority = place.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
            let request = Request::post(place.path())
                .header(HOST, authority)
                .header(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))
                .header(USER_AGENT, AGENT)
                .body(Full::new(Bytes::from(body)))
                .map_err(|_| EgressError::Answer)?;
            let name = host.to_string();
            // A literal address of version 6 is dialled without its brackets.
            let stream = TcpStream::connect((name.trim_matches(['[', ']']), port)).await;
            let stream = stream.map_err(|_| EgressError::Connection)?;
            match place.scheme() {
                "https" => exchange(self.secure(&host.to_owned(), stream).await?, request, whole).await,
                _ => exchange(stream, request, whole).await,
            }
        })
        .await
    }
}

async fn whole(answer: Response<Incoming>) -> Result<Reply, EgressError> {
    let status = answer.status().as_u16();
    let body = Limited::new(answer.into_body(), READ).collect().await.map_err(|_| EgressError::Answer)?;
    Ok(Reply { status, body: body.to_bytes() })
}

/// One request on a connection of its own, and what `read` makes of the answer.
async fn exchange<S, T, F>(
    stream: S,
    request: Request<Full<Bytes>>,
    read: impl FnOnce(Response<Incoming>) -> F,
) -> Result<T, EgressError>
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<T, EgressError>>,
{
    let mut connection = http1::Builder::new();
    connection.max_buf_size(READ).max_headers(HEADERS);
    let (mut sender, connection) = connection.handshake(TokioIo::new(stream)).await.map_err(|_| EgressError::Answer)?;
    let answered = async {
        let answer = sender.send_request(request).await.map_err(|_| EgressError::Answer)?;
        read(answer).await
    };
    let (mut connection, mut answered) = (std::pin::pin!(connection), std::pin::pin!(answered));
    tokio::select! {
        biased;
        answer = &mut answered => answer,
        // It ended before its answer was handed over to us, or without one: the answer's side knows.
        _ = &mut connection => answered.await,
    }
}

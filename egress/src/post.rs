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

    /// Sends text to a place that the operator named, and reads what it says.
    ///
    /// # Errors
    /// [`EgressError`].
    pub async fn ask(&self, place: &Url, body: String) -> Result<Reply, EgressError> {
        let request = Request::post(place.path())
            .header(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))
            .body(Bytes::from(body))
            .map_err(|_| EgressError::Answer)?;
        let answer = self.call(place, request, READ).await?;
        Ok(Reply { status: answer.status().as_u16(), body: answer.into_body() })
    }

    /// Sends a request to a place that the operator named, and reads its answer, of whose body it takes at most `most` bytes: no
    /// tenant has a say in where that is, so it may be inside, and over plain HTTP where what is exchanged is signed. Of `place`
    /// only scheme, host and port count; the path is the request's.
    ///
    /// # Errors
    /// [`EgressError`].
    pub async fn call(
        &self,
        place: &Url,
        request: Request<Bytes>,
        most: usize,
    ) -> Result<Response<Bytes>, EgressError> {
        self.within(async {
            let host = place.host().ok_or(EgressError::Address)?;
            let port = place.port_or_known_default().ok_or(EgressError::Address)?;
            let authority = place.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
            let mut request = request.map(Full::new);
            let headers = request.headers_mut();
            headers.insert(HOST, authority.parse().map_err(|_| EgressError::Address)?);
            headers.insert(USER_AGENT, AGENT);
            let name = host.to_string();
            // A literal address of version 6 is dialled without its brackets.
            let stream = TcpStream::connect((name.trim_matches(['[', ']']), port)).await;
            let stream = stream.map_err(|_| EgressError::Connection)?;
            let read = |answer| whole(answer, most);
            match place.scheme() {
                "https" => exchange(self.secure(&host.to_owned(), stream).await?, request, read).await,
                _ => exchange(stream, request, read).await,
            }
        })
        .await
    }
}

async fn whole(answer: Response<Incoming>, most: usize) -> Result<Response<Bytes>, EgressError> {
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, most).collect().await.map_err(|_| EgressError::Answer)?;
    Ok(Response::from_parts(head, body.to_bytes()))
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

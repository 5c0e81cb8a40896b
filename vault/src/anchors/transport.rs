//! Requests to a bucket, over the connections that every place gets that the operator names: the same certificates, the same
//! patience, no proxy, and a bound on what is read.

use egress::{EgressError, Guard};
use http_body_util::BodyExt as _;
use hyper::{Request, Uri};
use object_store::{
    ClientOptions,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
    },
};
use url::Url;

/// Bytes of one answer: a page of a thousand names is half a megabyte.
const MOST: usize = 4 << 20;

/// Dials for `object_store`.
#[derive(Debug, Clone)]
pub(super) struct Dialled(pub(super) Guard);

impl HttpConnector for Dialled {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait::async_trait]
impl HttpService for Dialled {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let failed = |error| HttpError::new(HttpErrorKind::Request, error);
        let (mut head, body) = request.into_parts();
        let place: Url = head.uri.to_string().parse().map_err(|_| failed(EgressError::Address))?;
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        head.uri = path.parse::<Uri>().map_err(|_| failed(EgressError::Address))?;
        let body = body.collect().await?.to_bytes();
        let answer = self.0.call(&place, Request::from_parts(head, body), MOST).await.map_err(failed)?;
        Ok(answer.map(HttpResponseBody::from))
    }
}

//! What happens to every request before routing and to every answer after it.
//!
//! In order: a request id; the Host decides the site, or the answer is 421; the replay site answers with files and nothing
//! else; an agent's preflight is answered; then the routes. On the way back errors get their problem body, headers are
//! completed, and one line is logged.

use std::{rc::Rc, sync::Arc, time::Instant};

use actix_web::{
    HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};
use app::limits::Allowance;
use domain::{Clock, Entropy, RequestId};
use url::Url;

use crate::{
    ApiError, assets,
    caller::LogCaller,
    headers::Policies,
    hosts::{Hosts, OriginsError, Site},
    output::add_rate_limit,
    refusals,
};

/// The agent's clock corrects itself by this header: the server's time in milliseconds since the epoch.
const SEALTAPE_TIME: &str = "sealtape-time";

/// Where a request's id is told.
const REQUEST_ID: &str = "request-id";

/// What the edge needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    hosts: Hosts,
    pub(crate) policies: Policies,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Edge {
    /// An edge for a console and a player on these origins.
    ///
    /// # Errors
    /// [`OriginsError`] when the two share a host.
    pub(crate) fn new(
        console: &Url,
        replay: &Url,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, OriginsError> {
        Ok(Self { hosts: Hosts::new(console, replay)?, policies: Policies::new(console, replay), clock, entropy })
    }

    /// A fresh nonce for the styles of one document.
    pub(crate) fn nonce(&self) -> String {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Answers one request.
    pub(crate) async fn answer<B: MessageBody + 'static>(
        self: Rc<Self>,
        req: ServiceRequest,
        next: Next<B>,
    ) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
        let started = Instant::now();
        let id = RequestId::mint(self.clock.now(), &*self.entropy);
        req.extensions_mut().insert(id);
        let for_agents = req.path().starts_with("/v1/agent/");
        let origin = req.headers().get(header::ORIGIN).cloned();

        let answered = match self.hosts.site(&req.head().uri, req.headers()) {
            None => Self::early(req, Err(ApiError::Misdirected)),
            Some(Site::Replay) => {
                let outcome = assets::replay(req.request(), &self.policies);
                Self::early(req, outcome)
            }
            Some(Site::Console) if for_agents && req.method() == Method::OPTIONS => Self::early(req, Ok(preflight())),
            Some(Site::Console) => next.call(req).await?.map_into_boxed_body(),
        };

        refusals::record(&answered).await;
        let mut answered = with_problem_body(answered, id);
        let allowance = answered.request().extensions().get::<Allowance>().copied();
        let headers = answered.headers_mut();
        if let Some(allowance) = allowance {
            add_rate_limit(headers, &allowance);
        }
        if for_agents {
            self.tell_agents(headers, origin);
        }
        self.policies.complete(headers);
        if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
            headers.insert(HeaderName::from_static(REQUEST_ID), value);
        }
        log(&answered, id, started);
        Ok(answered)
    }

    fn early(req: ServiceRequest, outcome: Result<HttpResponse, ApiError>) -> ServiceResponse<BoxBody> {
        match outcome {
            Ok(response) => req.into_response(response),
            Err(error) => req.error_response(error),
        }
    }

    /// Any page may ask, none may send cookies; which origins a key is good for is decided with the key.
    fn tell_agents(&self, headers: &mut HeaderMap, origin: Option<HeaderValue>) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.unwrap_or(HeaderValue::from_static("*")));
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("etag, sealtape-time, retry-after, request-id, ratelimit, ratelimit-policy"),
        );
        headers.insert(header::CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
        headers.insert(HeaderName::from_static(SEALTAPE_TIME), HeaderValue::from(self.clock.now().as_millis()));
    }
}

/// The answer to a CORS preflight; browsers keep it for two hours at most.
fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT"))
        .insert_header((
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type, content-encoding, content-digest, if-none-match",
        ))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "7200"))
        .finish()
}

/// Gives an error its problem body, ours and the framework's alike; our own defects are logged with their causes.
fn with_problem_body(answered: ServiceResponse<BoxBody>, id: RequestId) -> ServiceResponse<BoxBody> {
    let status = answered.status();
    let problem = match answered.response().error() {
        Some(error) => match error.as_error::<ApiError>() {
            Some(error) => {
                if status.is_server_error() {
                    log_causes(error, id);
                }
                error.response(id)
            }
            None => ApiError::Framework(status).response(id),
        },
        None => return answered,
    };
    answered.into_response(problem)
}

fn log_causes(error: &ApiError, id: RequestId) {
    let mut causes = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    tracing::error!(request.id = %id, causes = causes.join(": "), "request failed: {error}");
}

/// One line per response: the route's template and never the path, which holds ids, nor the query, which holds what was searched.
fn log(answered: &ServiceResponse<BoxBody>, id: RequestId, started: Instant) {
    let req = answered.request();
    let route = req.match_pattern().unwrap_or_else(|| "-".to_owned());
    let status = answered.status().as_u16();
    let elapsed = started.elapsed();
    let (tenant, caller) = req
        .extensions()
        .get::<LogCaller>()
        .map_or_else(|| (String::new(), "none"), |caller| (caller.tenant.to_string(), caller.kind));
    let duration_ms = elapsed.as_millis();
    tracing::info!(request.id = %id, method = %req.method(), route, status, duration_ms, tenant.id = tenant, caller, "answered");
    metrics::histogram!("sealtape_http_request_seconds", "route" => route, "status" => status.to_string())
        .record(elapsed.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use actix_web::{App, get, http::StatusCode, middleware::from_fn, test, web};
    use domain::{ManualClock, SeededEntropy, Timestamp};

    use super::*;

    #[get("/v1/agent/ping")]
    async fn ping() -> &'static str {
        "pong"
    }

    #[get("/v1/broken")]
    async fn failing() -> Result<&'static str, ApiError> {
        Err(ApiError::internal("CANARY in a cause"))
    }

    #[get("/v1/framework/{n}")]
    async fn number(n: web::Path<u8>) -> String {
        n.to_string()
    }

    async fn ask(req: test::TestRequest) -> (StatusCode, Vec<(String, String)>, String) {
        let url = |text: &str| Url::parse(text).expect("is a URL");
        let edge = Rc::new(
            Edge::new(
                &url("http://localhost:8080"),
                &url("http://127.0.0.1:8080"),
                Arc::new(ManualClock::new(Timestamp::from_millis(1_790_000_000_000))),
                Arc::new(SeededEntropy::new(1)),
            )
            .expect("differ"),
        );
        let app = test::init_service(
            App::new()
                .wrap(from_fn(move |req: ServiceRequest, next: Next<BoxBody>| Rc::clone(&edge).answer(req, next)))
                .service(ping)
                .service(failing)
                .service(number),
        )
        .await;
        let response = test::call_service(&app, req.to_request()).await;
        let status = response.status();
        let mut headers: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().expect("is ASCII").to_owned()))
            .collect();
        headers.sort();
        let body = test::read_body(response).await;
        (status, headers, String::from_utf8(body.to_vec()).expect("is text"))
    }

    fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
        headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    #[actix_web::test]
    async fn an_unknown_host_is_misdirected_whatever_the_path() {
        for target in ["/", "/v1/agent/ping", "/v1/none", "/agent/sealtape.js"] {
            let (status, headers, body) =
                ask(test::TestRequest::with_uri(target).insert_header(("host", "evil.test"))).await;
            assert_eq!(status, StatusCode::MISDIRECTED_REQUEST, "{target}");
            assert_eq!(header(&headers, "content-type"), Some("application/problem+json"));
            insta::assert_snapshot!("misdirected", body);
        }
    }

    #[actix_web::test]
    async fn the_replay_site_has_no_operations() {
        for target in ["/v1/agent/ping", "/v1/broken", "/../x", "/none"] {
            let (status, _, _) =
                ask(test::TestRequest::with_uri(target).insert_header(("host", "127.0.0.1:8080"))).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{target}");
        }
        let post = test::TestRequest::post().uri("/").insert_header(("host", "127.0.0.1:8080"));
        assert_eq!(ask(post).await.0, StatusCode::METHOD_NOT_ALLOWED);
    }

    #[actix_web::test]
    async fn agents_get_cors_and_the_time_also_with_errors() {
        for (target, want) in [("/v1/agent/ping", StatusCode::OK), ("/v1/agent/none", StatusCode::NOT_FOUND)] {
            let req = test::TestRequest::with_uri(target)
                .insert_header(("host", "localhost:8080"))
                .insert_header(("origin", "https://shop.test"));
            let (status, headers, _) = ask(req).await;
            assert_eq!(status, want);
            assert_eq!(header(&headers, "access-control-allow-origin"), Some("https://shop.test"));
            assert_eq!(header(&headers, "access-control-allow-credentials"), None);
            assert_eq!(header(&headers, "sealtape-time"), Some("1790000000000"));
        }
        let preflight = test::TestRequest::default()
            .method(Method::OPTIONS)
            .uri("/v1/agent/sessions")
            .insert_header(("host", "localhost:8080"))
            .insert_header(("origin", "https://shop.test"));
        let (status, headers, _) = ask(preflight).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!(header(&headers, "access-control-allow-methods"), Some("GET, POST, PUT"));
        let elsewhere = test::TestRequest::with_uri("/v1/broken")
            .insert_header(("host", "localhost:8080"))
            .insert_header(("origin", "https://shop.test"));
        assert_eq!(header(&ask(elsewhere).await.1, "access-control-allow-origin"), None);
    }

    #[actix_web::test]
    async fn a_cause_is_never_sent_and_the_framework_s_own_errors_are_problems_too() {
        let broken = test::TestRequest::with_uri("/v1/broken").insert_header(("host", "localhost:8080"));
        let (status, headers, body) = ask(broken).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!body.contains("CANARY"));
        let json: serde_json::Value = serde_json::from_str(&body).expect("is JSON");
        assert_eq!(
            header(&headers, "request-id"),
            json["request_id"].as_str(),
            "the id in the body is the id in the log"
        );
        insta::assert_snapshot!("internal", body);

        let framework = test::TestRequest::with_uri("/v1/framework/CANARY").insert_header(("host", "localhost:8080"));
        let (status, headers, body) = ask(framework).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(header(&headers, "content-type"), Some("application/problem+json"));
        assert!(!body.contains("CANARY"), "{body}");
    }
}

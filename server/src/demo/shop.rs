//! The sample shop's site: its files with the capture agent put in, and its small API. It stores nothing and logs nothing.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
    web::{self, Bytes},
};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;
use url::Url;

use super::products;
use crate::listeners::ascii;

/// How long an order takes. Slow on purpose: it is what a recording should show.
const ORDER_TAKES: Duration = Duration::from_secs(2);
/// Largest request body.
const BODY_BYTES: usize = 16 * 1_024;
/// Most different products in one order.
const LINES: usize = 50;

/// What the page has where the agent's script goes.
const PLACEHOLDER: &str = "<!-- sealtape:snippet -->";
const INDEX: &str = "index.html";

/// The shop's page (`frontend/demo`).
#[derive(RustEmbed)]
#[folder = "../frontend/demo/dist"]
#[allow_missing = true]
struct Page;

/// The agent's build, for the name and the digest of its script.
#[derive(RustEmbed)]
#[folder = "../frontend/agent/dist"]
#[allow_missing = true]
struct Agent;

/// One shop.
#[derive(Clone)]
pub(crate) struct Shop {
    /// What `Host` must say.
    authority: String,
    policy: String,
    snippet: String,
    orders: Arc<AtomicU32>,
    order_takes: Duration,
}

#[derive(Deserialize)]
struct Manifest {
    file: String,
    integrity: String,
}

/// What the checkout sends; name, address and card are not even read.
#[derive(Deserialize)]
struct Order {
    items: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    product: String,
    quantity: u8,
}

impl Shop {
    /// The shop at `origin`, recorded with `agent_key` by the server at `console`.
    pub(crate) fn new(origin: &Url, console: &Url, agent_key: &str) -> Self {
        let server = ascii(console);
        let snippet = snippet(&server, agent_key).unwrap_or_else(|| {
            tracing::warn!("the agent is not built, so the shop is not recorded: run `make build`");
            String::new()
        });
        Self {
            authority: origin[url::Position::BeforeHost..url::Position::AfterPort].to_owned(),
            policy: format!(
                "default-src 'none'; script-src 'self' {server}; connect-src 'self' {server}; style-src 'self'; \
                 img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
                 object-src 'none'"
            ),
            snippet,
            orders: Arc::new(AtomicU32::new(1_001)),
            order_takes: ORDER_TAKES,
        }
    }

    /// Adds the shop to an application.
    pub(crate) fn routes(self) -> impl FnOnce(&mut web::ServiceConfig) {
        move |config| {
            config
                .app_data(web::Data::new(self))
                .app_data(web::PayloadConfig::new(BODY_BYTES))
                .default_service(web::to(answer));
        }
    }

    fn index(&self) -> HttpResponse {
        let Some(page) = Page::get(INDEX) else {
            return HttpResponse::ServiceUnavailable()
                .content_type("text/plain")
                .body("The shop is not built: run `make build`.\n");
        };
        let html = String::from_utf8_lossy(&page.data).replace(PLACEHOLDER, &self.snippet);
        HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, self.policy.clone()))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(html)
    }

    async fn order(&self, body: &Bytes) -> HttpResponse {
        let Ok(order) = serde_json::from_slice::<Order>(body) else {
            return problem(StatusCode::BAD_REQUEST, "the order cannot be read");
        };
        let good = |line: &Line| products::sells(&line.product) && (1..=20).contains(&line.quantity);
        if order.items.is_empty() || order.items.len() > LINES || !order.items.iter().all(good) {
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "the order names nothing that the shop sells");
        }
        tokio::time::sleep(self.order_takes).await;
        let number = self.orders.fetch_add(1, Ordering::Relaxed);
        HttpResponse::Created().json(serde_json::json!({ "id": format!("KC-{number}") }))
    }
}

/// The two lines that the docs show: script and key, held to the digest of the build. Starts by itself, so that the page
/// needs no inline script.
fn snippet(server: &str, agent_key: &str) -> Option<String> {
    let manifest = Agent::get("manifest.json")?;
    let Manifest { file, integrity } = serde_json::from_slice(&manifest.data).ok()?;
    Some(format!(
        "<script src=\"{server}/agent/{file}\" integrity=\"{integrity}\" crossorigin=\"anonymous\"\n            \
         data-key=\"{agent_key}\" data-endpoint=\"{server}\"></script>"
    ))
}

async fn answer(req: HttpRequest, body: Bytes, shop: web::Data<Shop>) -> HttpResponse {
    let mut hosts = req.headers().get_all(header::HOST);
    let ours = hosts.next().is_some_and(|host| host.as_bytes().eq_ignore_ascii_case(shop.authority.as_bytes()));
    if !ours || hosts.next().is_some() {
        return problem(StatusCode::MISDIRECTED_REQUEST, "this is not the shop's address");
    }
    let mut response = match (req.method(), req.path()) {
        (&Method::GET, "/api/products") => HttpResponse::Ok().content_type("application/json").body(products::JSON),
        (&Method::POST, "/api/orders") => shop.order(&body).await,
        // A deliberate error: the sample session is about finding what the page makes of it.
        (&Method::POST, "/api/coupon") => {
            problem(StatusCode::INTERNAL_SERVER_ERROR, "the coupon service does not answer")
        }
        (&Method::GET, path) if !path.starts_with("/api/") => file(&shop, path.trim_start_matches('/')),
        _ => problem(StatusCode::NOT_FOUND, "there is nothing here"),
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("same-origin"));
    response
}

/// A file of the page, or its index page for one of its routes.
fn file(shop: &Shop, name: &str) -> HttpResponse {
    let last = name.rsplit('/').next().unwrap_or_default();
    match Page::get(name) {
        Some(found) if name != INDEX && !name.contains("..") => send(name, found),
        _ if last.contains('.') && name != INDEX => problem(StatusCode::NOT_FOUND, "there is nothing here"),
        _ => shop.index(),
    }
}

fn send(name: &str, file: EmbeddedFile) -> HttpResponse {
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    let mut response = HttpResponse::Ok();
    response
        .content_type(mime.to_string())
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    match file.data {
        Cow::Borrowed(data) => response.body(data),
        Cow::Owned(data) => response.body(data),
    }
}

fn problem(status: StatusCode, detail: &'static str) -> HttpResponse {
    let title = status.canonical_reason().unwrap_or_default();
    HttpResponse::build(status)
        .content_type("application/problem+json")
        .body(serde_json::json!({ "title": title, "status": status.as_u16(), "detail": detail }).to_string())
}

#[cfg(test)]
mod tests {
    use actix_web::{App, test};

    use super::*;

    async fn ask(req: test::TestRequest) -> (StatusCode, String, String) {
        let url = |text: &str| Url::parse(text).expect("a url");
        let mut shop = Shop::new(&url("http://127.0.0.1:8081"), &url("http://localhost:8080"), "st_agent_x");
        shop.order_takes = Duration::ZERO;
        let app = test::init_service(App::new().configure(shop.routes())).await;
        let response = test::call_service(&app, req.to_request()).await;
        let status = response.status();
        let policy = response.headers().get(header::CONTENT_SECURITY_POLICY);
        let policy = policy.map(|value| value.to_str().expect("is ASCII").to_owned()).unwrap_or_default();
        (status, policy, String::from_utf8(test::read_body(response).await.to_vec()).expect("is text"))
    }

    fn get(path: &str) -> test::TestRequest {
        test::TestRequest::with_uri(path).insert_header(("host", "127.0.0.1:8081"))
    }

    fn post(path: &str, body: &'static str) -> test::TestRequest {
        test::TestRequest::post().uri(path).insert_header(("host", "127.0.0.1:8081")).set_payload(body)
    }

    #[actix_web::test]
    async fn an_order_gets_a_number_and_nonsense_does_not() {
        let body =
            r#"{"name":"Ada","email":"a@b.test","card_number":"4242","items":[{"product":"moon-vase","quantity":1}]}"#;
        let (status, _, answer) = ask(post("/api/orders", body)).await;
        assert_eq!((status, answer.as_str()), (StatusCode::CREATED, r#"{"id":"KC-1001"}"#));
        for (body, want) in [
            ("{", StatusCode::BAD_REQUEST),
            (r#"{"items":[]}"#, StatusCode::UNPROCESSABLE_ENTITY),
            (r#"{"items":[{"product":"a-boat","quantity":1}]}"#, StatusCode::UNPROCESSABLE_ENTITY),
            (r#"{"items":[{"product":"moon-vase","quantity":0}]}"#, StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            assert_eq!(ask(post("/api/orders", body)).await.0, want, "{body}");
        }
    }

    #[actix_web::test]
    async fn the_coupon_service_fails_on_purpose() {
        let (status, _, body) = ask(post("/api/coupon", r#"{"code":"SPRING"}"#)).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        insta::assert_snapshot!(body);
    }

    #[actix_web::test]
    async fn only_the_shop_s_own_host_and_paths_are_answered() {
        let elsewhere = test::TestRequest::with_uri("/api/products").insert_header(("host", "localhost:8080"));
        assert_eq!(ask(elsewhere).await.0, StatusCode::MISDIRECTED_REQUEST);
        assert_eq!(ask(get("/api/none")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(ask(get("/assets/none.js")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(ask(get("/../Cargo.toml")).await.0, StatusCode::NOT_FOUND);
        let (status, _, body) = ask(get("/api/products?q=bowl")).await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, products::JSON));
    }

    #[actix_web::test]
    async fn the_page_carries_the_agent_when_both_are_built() {
        for path in ["/", "/cart", "/pieces/moon-vase", "/index.html"] {
            let (status, policy, body) = ask(get(path)).await;
            if Page::get(INDEX).is_none() {
                assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
                continue;
            }
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(policy.contains("script-src 'self' http://localhost:8080;"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert!(!body.contains(PLACEHOLDER), "{path}");
            if Agent::get("manifest.json").is_some() {
                assert!(body.contains(r#"data-key="st_agent_x" data-endpoint="http://localhost:8080""#), "{body}");
                assert!(body.contains(r#"integrity="sha384-"#), "{body}");
            }
        }
    }
}

//! Probes and metrics for the operator's own port. Not part of the public interface and not behind the edge.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{HttpResponse, get, http::header, web};

/// What the probes ask the process.
#[derive(Clone)]
pub struct Probes {
    /// Whether a request could be served now: the database answers and keys are at hand.
    pub ready: Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>,
    /// The metrics in Prometheus' text format.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

/// Adds `/healthz`, `/readyz` and `/metrics` to the application of the operator's port.
pub fn probes(of: Probes) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config.app_data(web::Data::new(of)).service(healthz).service(readyz).service(metrics);
    }
}

/// The process runs.
#[get("/healthz")]
async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can serve; 503 otherwise.
#[get("/readyz")]
async fn readyz(probes: web::Data<Probes>) -> HttpResponse {
    if (probes.ready)().await {
        HttpResponse::Ok().body("ready\n")
    } else {
        HttpResponse::ServiceUnavailable().body("not ready\n")
    }
}

/// The metrics.
#[get("/metrics")]
async fn metrics(probes: web::Data<Probes>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4")).body((probes.metrics)())
}

#[cfg(test)]
mod tests {
    use actix_web::{App, http::StatusCode, test};

    use super::*;

    #[actix_web::test]
    async fn readiness_is_what_the_process_says() {
        for (ready, want) in [(true, StatusCode::OK), (false, StatusCode::SERVICE_UNAVAILABLE)] {
            let of = Probes {
                ready: Arc::new(move || Box::pin(async move { ready })),
                metrics: Arc::new(|| "sealtape_up 1\n".to_owned()),
            };
            let app = test::init_service(App::new().configure(probes(of))).await;
            let answer = test::call_service(&app, test::TestRequest::with_uri("/readyz").to_request()).await;
            assert_eq!(answer.status(), want);
            let alive = test::call_service(&app, test::TestRequest::with_uri("/healthz").to_request()).await;
            assert_eq!(alive.status(), StatusCode::OK);
            let text = test::call_and_read_body(&app, test::TestRequest::with_uri("/metrics").to_request()).await;
            assert_eq!(text, "sealtape_up 1\n");
        }
    }
}

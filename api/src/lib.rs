//! The HTTP interface: routes, extractors, problems, the OpenAPI document and the front end's files.
//!
//! **Purpose.** Turn requests into calls of `app` and answers into HTTP, and nothing more. This is the only crate that uses
//! actix-web for routes, and there is no SQL here.
//!
//! **Design.** `edge` sees every request before routing: Host decides between console and player, an unknown one is 421. A
//! handler's signature says who may call: `Caller<can::X>` (a member), `FromAgent` (an agent key) or `FromSession` (a session
//! token) is checked before anything else is read, and holds the permit that `app` asks for. Errors become RFC 9457 problems
//! in one place (`problem`), also those of the framework. Router and OpenAPI document are made by the same calls
//! ([`openapi()`]), so they agree; operation ids are `resource_verb`.
//!
//! **How to add one more operation.** A file `routes/<resource>/<operation>.rs` with one function named like its operation
//! id, one `.service(…)` line in `routes::configure`, a row in the acceptance matrix (a test fails until it is there), and
//! the regenerated `openapi.json` (`sealtape openapi`).

mod assets;
mod caller;
mod client;
mod codes;
mod edge;
mod headers;
mod hosts;
mod input;
mod openapi;
mod output;
mod probes;
mod problem;
mod refusals;
mod routes;
mod stream;

use std::{rc::Rc, sync::Arc};

use actix_web::{
    App, Error,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    web,
};
use domain::{Clock, Entropy};

pub use hosts::OriginsError;
pub use openapi::openapi;
pub use probes::{Probes, probes};
pub use problem::{ApiError, Problem, ProblemField, StepUpNeeded};
pub use routes::deployment::{DemoAccount, DemoSheet};

/// What the interface is made of; cheap to clone, one per worker thread.
#[derive(Clone)]
pub struct Interface {
    app: app::App,
    edge: edge::Edge,
    table: Arc<openapi::RouteTable>,
    demo: Option<Arc<DemoSheet>>,
}

impl Interface {
    /// Joins use cases, clock and randomness; origins come from the application's settings. `demo` is what the login page of
    /// a demo shows, to a loopback peer only.
    ///
    /// # Errors
    /// [`OriginsError`] when console and player share a host.
    pub fn new(
        app: app::App,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        demo: Option<DemoSheet>,
    ) -> Result<Self, OriginsError> {
        let settings = app.settings();
        let edge = edge::Edge::new(&settings.console_origin, &settings.replay_origin, clock, entropy)?;
        let table = Arc::new(openapi::RouteTable::new(&openapi()));
        Ok(Self { app, edge, table, demo: demo.map(Arc::new) })
    }

    /// The application that a worker thread of `HttpServer` runs.
    #[must_use]
    pub fn service(
        &self,
    ) -> App<
        impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
        + use<>,
    > {
        let edge = Rc::new(self.edge.clone());
        App::new()
            .wrap(from_fn(move |req: ServiceRequest, next: Next<BoxBody>| Rc::clone(&edge).answer(req, next)))
            .app_data(web::Data::new(self.app.clone()))
            .app_data(web::Data::new(self.clone()))
            .app_data(web::Data::new(self.edge.clone()))
            .app_data(web::Data::from(Arc::clone(&self.table)))
            .configure(routes::configure_plain)
            .default_service(web::to(routes::fallback))
    }
}

impl Interface {
    /// Refuses a browser that asks from another origin than the console's. A client that sends no Origin is no browser, and
    /// carries no cookie of anybody.
    fn refuse_other_origins(&self, req: &actix_web::HttpRequest) -> Result<(), ApiError> {
        let ours = self.edge.policies.console_origin().as_bytes();
        match req.headers().get(actix_web::http::header::ORIGIN) {
            Some(origin) if origin.as_bytes() != ours => Err(ApiError::OriginRefused),
            _ => Ok(()),
        }
    }
}

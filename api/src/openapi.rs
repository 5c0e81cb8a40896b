//! The OpenAPI document, and what the router learns from it.

use actix_web::{
    App, HttpRequest,
    dev::{Path, ResourceDef},
    http::Method,
};
use utoipa::{
    PartialSchema as _,
    openapi::{
        ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, ResponseBuilder,
        path::{Operation, PathItem},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_actix_web::AppExt as _;

use crate::{Problem, ProblemField, StepUpNeeded, routes};

/// The OpenAPI 3.1 document of the whole interface: the same on every call and every machine.
#[must_use]
pub fn openapi() -> OpenApi {
    let base = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Sealtape")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some("Governed session recordings. Errors are RFC 9457 problems; see docs/problems.md."))
                .build(),
        )
        .build();
    let (_, mut document) = App::new().into_utoipa_app().openapi(base).configure(routes::configure).split_for_parts();

    let components = document.components.get_or_insert_default();
    for (name, description) in [
        ("member", "The access token of a signed-in member."),
        ("api-key", "An API key of a member, with the scope that the operation needs."),
        ("agent-key", "A project's public agent key; good from the key's origins only."),
        ("session-token", "The token of one session."),
    ] {
        let scheme = Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(description)).build();
        components.add_security_scheme(name, SecurityScheme::Http(scheme));
    }
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    components.schemas.insert("ProblemField".to_owned(), ProblemField::schema());
    components.schemas.insert("StepUpNeeded".to_owned(), StepUpNeeded::schema());
    for path in document.paths.paths.values_mut() {
        for (_, operation) in operations_mut(path) {
            let problem = ResponseBuilder::new()
                .description("A problem; `code` says which.")
                .content(
                    "application/problem+json",
                    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build(),
                )
                .build();
            operation.responses.responses.insert("default".to_owned(), problem.into());
        }
    }
    document.servers = None;
    document
}

fn operations_mut(path: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    [
        (Method::GET, path.get.as_mut()),
        (Method::PUT, path.put.as_mut()),
        (Method::POST, path.post.as_mut()),
        (Method::DELETE, path.delete.as_mut()),
        (Method::PATCH, path.patch.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
}

/// Paths and the methods that each takes, to tell 405 from 404.
#[derive(Debug)]
pub(crate) struct RouteTable(Vec<(ResourceDef, Vec<Method>)>);

impl RouteTable {
    /// Reads the table from the document.
    pub(crate) fn new(document: &OpenApi) -> Self {
        let mut document = document.clone();
        let routes = document
            .paths
            .paths
            .iter_mut()
            .map(|(path, item)| {
                (ResourceDef::new(path.as_str()), operations_mut(item).map(|(method, _)| method).collect())
            })
            .collect();
        Self(routes)
    }

    /// The `Allow` header for a path that exists; `None` when it does not.
    pub(crate) fn allowed(&self, req: &HttpRequest) -> Option<String> {
        let (_, methods) = self.0.iter().find(|(route, _)| route.capture_match_info(&mut Path::new(req.path())))?;
        Some(methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn every_operation_is_named_resource_verb_once_and_says_who_may_call() {
        let mut document = openapi();
        let mut seen = BTreeSet::new();
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations_mut(item) {
                let id = operation.operation_id.clone().unwrap_or_default();
                assert!(
                    id.contains('_') && id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                    "{method} {path}: {id:?}"
                );
                assert!(seen.insert(id.clone()), "{id} twice");
                assert!(operation.security.is_some(), "{id} does not say who may call it; public is an empty list");
                assert!(operation.summary.is_some(), "{id} has no summary");
            }
        }
        insta::assert_snapshot!(seen.into_iter().collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn the_document_is_the_same_each_time() {
        let print = || openapi().to_pretty_json().expect("serialises");
        assert_eq!(print(), print());
    }

    /// The committed document is what this code makes; front-end types are generated from it.
    #[test]
    fn the_committed_document_is_current() {
        let committed =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.json")).unwrap_or_default();
        let current = openapi().to_pretty_json().expect("serialises");
        assert!(committed.trim_end() == current, "openapi.json is stale: run `make openapi` and commit the result");
    }

    #[test]
    fn a_known_path_tells_its_methods() {
        let table = RouteTable::new(&openapi());
        let allowed = |target: &str| table.allowed(&TestRequest::with_uri(target).to_http_request());
        assert_eq!(allowed("/v1/projects").as_deref(), Some("GET, POST"));
        assert_eq!(allowed("/v1/sessions/0190f3a1-0000-7000-8000-00000000000a").as_deref(), Some("GET"));
        for unknown in ["/v1/projects/", "/v1/none", "/v1/sessions/a/b/c", "/v1//projects", "/"] {
            assert_eq!(allowed(unknown), None, "{unknown}");
        }
    }
}

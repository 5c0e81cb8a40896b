//! The front end's built files, embedded: console, player and the agent's script.
//!
//! A file under `assets/` or with a hash in its name never changes and is cached for ever; everything else is revalidated by
//! its digest. The console answers paths that it does not have with its index page, so that its own routes can be opened.

use std::borrow::Cow;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::{ApiError, headers::Policies};

/// The console (`frontend/console`).
#[derive(RustEmbed)]
#[folder = "../frontend/console/dist"]
#[allow_missing = true]
struct Console;

/// The player (`frontend/replay`).
#[derive(RustEmbed)]
#[folder = "../frontend/replay/dist"]
#[allow_missing = true]
struct Replay;

/// The agent's ready script (`frontend/agent`).
#[derive(RustEmbed)]
#[folder = "../frontend/agent/dist"]
#[allow_missing = true]
struct Agent;

/// What the console's build writes where the nonce of each answer goes.
const NONCE_PLACEHOLDER: &str = "__CSP_NONCE__";

/// What the player's build writes where the one origin goes that it takes recordings from.
const CONSOLE_PLACEHOLDER: &str = "__CONSOLE_ORIGIN__";

const INDEX: &str = "index.html";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Answers with a file of the console, or with its index page for one of its routes.
pub(crate) fn console(req: &HttpRequest, policies: &Policies, nonce: &str) -> Result<HttpResponse, ApiError> {
    let path = plain_path(req)?;
    let name = if path.is_empty() { INDEX } else { path };
    match Console::get(name) {
        Some(file) if name != INDEX => Ok(send(req, name, &file)),
        _ if name.contains('.') && name != INDEX => Err(ApiError::NoRoute),
        _ => {
            let index = Console::get(INDEX).ok_or(ApiError::NoRoute)?;
            Ok(document(&String::from_utf8_lossy(&index.data), policies, nonce))
        }
    }
}

/// The console's document: its styles and its policy share one nonce, fresh for each answer.
fn document(html: &str, policies: &Policies, nonce: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policies.console_csp(nonce)))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(html.replace(NONCE_PLACEHOLDER, nonce))
}

/// Answers with a file of the player. There is no fallback: this origin has files and nothing else.
pub(crate) fn replay(req: &HttpRequest, policies: &Policies) -> Result<HttpResponse, ApiError> {
    if !is_read(req.method()) {
        return Err(ApiError::MethodNotAllowed { allow: "GET, HEAD".to_owned() });
    }
    let path = plain_path(req)?;
    let name = if path.is_empty() { INDEX } else { path };
    let file = Replay::get(name).ok_or(ApiError::NoRoute)?;
    let mut response = if name == INDEX { player(&file, policies) } else { send(req, name, &file) };
    let csp = header::HeaderValue::from_str(&policies.replay_csp()).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, csp);
    Ok(response)
}

/// The player's document, told which console it belongs to.
fn player(index: &EmbeddedFile, policies: &Policies) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(String::from_utf8_lossy(&index.data).replace(CONSOLE_PLACEHOLDER, policies.console_origin()))
}

/// Answers with the agent's script, for any page: it is public and meant to be used with an integrity attribute.
pub(crate) fn agent(req: &HttpRequest, name: &str) -> Result<HttpResponse, ApiError> {
    // The bundler writes lower case; another spelling is another file.
    // The manifest names the hashed script and its integrity; the console's install snippet is made from it.
    let script =
        name.starts_with("sealtape") && name.rsplit_once('.').is_some_and(|(_, kind)| kind == "js") && is_plain(name);
    let known = script || name == "manifest.json";
    let file = if known { Agent::get(name) } else { None }.ok_or(ApiError::NoRoute)?;
    let mut response = send(req, name, &file);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, header::HeaderValue::from_static("*"));
    headers.insert(header::CROSS_ORIGIN_RESOURCE_POLICY, header::HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// Whether a file may be asked for so. HEAD is answered like GET (RFC 9110 §9.3.2); the server leaves the body out.
pub(crate) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn send(req: &HttpRequest, name: &str, file: &EmbeddedFile) -> HttpResponse {
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash()));
    let cache = if has_hash(name) { IMMUTABLE } else { "no-cache" };
    let known = req.headers().get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, cache));
    if known {
        return response.finish();
    }
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    let utf8 = mime.type_() == "text" || mime.subtype() == "javascript";
    response.content_type(if utf8 { format!("{mime}; charset=utf-8") } else { mime.to_string() });
    match &file.data {
        Cow::Borrowed(data) => response.body(*data),
        Cow::Owned(data) => response.body(data.clone()),
    }
}

/// The path without its first slash, when it is written plainly: encoded, doubled, dotted or backwards slashes name no file.
fn plain_path(req: &HttpRequest) -> Result<&str, ApiError> {
    let path = req.uri().path().strip_prefix('/').ok_or(ApiError::NoRoute)?;
    if path.is_empty() || path.split('/').all(is_plain) { Ok(path) } else { Err(ApiError::NoRoute) }
}

fn is_plain(segment: &str) -> bool {
    !segment.is_empty()
        && !segment.starts_with('.')
        && !segment.contains("..")
        && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~@".contains(&b))
}

/// Whether the name tells the content: the bundler's `assets/` folder, or a hash between two dots.
fn has_hash(name: &str) -> bool {
    name.starts_with("assets/")
        || name.split('.').nth(1).is_some_and(|part| part.len() >= 8 && name.split('.').count() >= 3)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn a_document_and_its_policy_share_the_nonce() {
        let url = |text: &str| url::Url::parse(text).expect("is a URL");
        let policies = Policies::new(&url("http://localhost:8080"), &url("http://127.0.0.1:8080"));
        let page = document("<meta name=\"csp-nonce\" content=\"__CSP_NONCE__\">", &policies, "abc");
        let csp = page.headers().get(header::CONTENT_SECURITY_POLICY).expect("is set").to_str().expect("is ASCII");
        assert!(csp.contains("style-src 'self' 'nonce-abc'") && !csp.contains("unsafe"), "{csp}");
        let body = actix_web::body::to_bytes(page.into_body()).await.expect("is whole");
        assert_eq!(body, "<meta name=\"csp-nonce\" content=\"abc\">");
    }

    #[actix_web::test]
    async fn the_player_is_told_its_console() {
        if Replay::get(INDEX).is_none() {
            return;
        }
        let url = |text: &str| url::Url::parse(text).expect("is a URL");
        let policies = Policies::new(&url("http://localhost:8080"), &url("http://127.0.0.1:8080"));
        let page = replay(&TestRequest::with_uri("/").to_http_request(), &policies).expect("answers");
        let body = actix_web::body::to_bytes(page.into_body()).await.expect("is whole");
        let html = String::from_utf8_lossy(&body);
        assert!(html.contains("<meta name=\"console-origin\" content=\"http://localhost:8080\" />"), "{html}");
    }

    #[test]
    fn only_plainly_written_paths_name_files() {
        let plain = |target: &str| plain_path(&TestRequest::with_uri(target).to_http_request()).map(str::to_owned).ok();
        assert_eq!(plain("/").as_deref(), Some(""));
        assert_eq!(plain("/assets/index-BxYz.js").as_deref(), Some("assets/index-BxYz.js"));
        for target in [
            "/../Cargo.toml",
            "/a/../b",
            "/a//b",
            "/%2e%2e/x",
            "/%252e/x",
            "/a\\b",
            "/.git/config",
            "/a/",
            "/a%00",
            "/a/..%2f",
        ] {
            assert_eq!(plain(target), None, "{target}");
        }
    }

    #[test]
    fn only_names_that_tell_the_content_are_immutable() {
        for name in ["assets/index-BxYz1234.js", "sealtape.0f3a9c1d2e4b.js"] {
            assert!(has_hash(name), "{name}");
        }
        for name in ["index.html", "sealtape.js", "favicon.svg", "sealtape.min.js"] {
            assert!(!has_hash(name), "{name}");
        }
    }
}

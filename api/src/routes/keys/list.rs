//! `GET /.well-known/sealtape/keys.json`.

use actix_web::{HttpResponse, get, http::header, web};
use app::App;

/// List the public keys by which others verify what this deployment signs, as a JWK Set (RFC 7517) with `kid` and use.
///
/// Keys of signed capture configs stand here, as will those of certificates; the keys of our own tokens are nobody else's
/// business and are never in it.
#[utoipa::path(operation_id = "key_list", tag = "keys", security(()),
    responses((status = 200, description = "A JWK Set.", body = Value, content_type = "application/json")))]
#[get("/.well-known/sealtape/keys.json")]
pub(crate) async fn key_list(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .json(app.auth().jwks())
}

//! Where a request comes from.

use std::net::IpAddr;

use actix_web::{HttpRequest, http::header, web};
use app::App;
use domain::Place;

use crate::ApiError;

/// The header that proxies write a client's address into.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address: the connection's, or behind trusted proxies the one that they name.
pub(crate) fn address(req: &HttpRequest) -> Result<IpAddr, ApiError> {
    let peer = req.peer_addr().ok_or_else(|| ApiError::internal("the connection has no peer address"))?.ip();
    let app = req.app_data::<web::Data<App>>().ok_or_else(|| ApiError::internal("the application is not wired"))?;
    let forwarded = req.headers().get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    Ok(app.settings().trusted_proxies.client(peer, forwarded))
}

/// Address and browser of a person.
pub(crate) fn place(req: &HttpRequest) -> Result<Place, ApiError> {
    let agent = req.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Ok(app::auth::place(address(req)?, agent))
}

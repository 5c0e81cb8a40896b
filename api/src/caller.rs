//! Who calls. Each extractor checks one kind of credential and the role in one step, so a handler whose signature names one
//! cannot run without it.

use std::ops::Deref;

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::header, web};
use app::{App, AppError};
use domain::{ProjectId, RequestId, SessionId, TenantId};
use futures::future::{LocalBoxFuture, Ready, ready};
use policy::access::{Actor, Can, Permit, can};

use crate::{ApiError, client, refusals};

/// A signed-in member, or one of their API keys, that may do `A`: 401 without a valid access token or key, 403 when no role
/// allows `A`, both before the handler runs and before anything is looked up.
pub(crate) struct Caller<A: Can> {
    permit: Permit<A>,
    member: app::auth::MemberCaller,
}

impl<A: Can> Caller<A> {
    /// The permit as it would be given now: sign-out, disabling and role changes count, the token's end does not.
    pub(crate) async fn again(&self) -> Result<Permit<A>, AppError> {
        self.member.still().await
    }

    /// The member behind the permit.
    pub(crate) const fn member(&self) -> &app::auth::MemberCaller {
        &self.member
    }
}

impl<A: Can> Deref for Caller<A> {
    type Target = Permit<A>;
    fn deref(&self) -> &Permit<A> {
        &self.permit
    }
}

impl<A: Can> FromRequest for Caller<A> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let member = member(&req).await?;
            refusals::asked(&req, &member, A::ACTION);
            let permit = member.permit::<A>()?;
            Ok(Self { permit, member })
        })
    }
}

/// The same for who may do `A`, or else `B`; 403 when no role allows either.
pub(crate) enum EitherCaller<A: Can, B: Can> {
    /// May do the first.
    First(Permit<A>),
    /// May do the second only.
    Second(Permit<B>),
}

impl<A: Can, B: Can> FromRequest for EitherCaller<A, B> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let member = member(&req).await?;
            refusals::asked(&req, &member, A::ACTION);
            let Ok(permit) = member.permit::<A>() else {
                refusals::asked(&req, &member, B::ACTION);
                return Ok(Self::Second(member.permit::<B>()?));
            };
            Ok(Self::First(permit))
        })
    }
}

async fn member(req: &HttpRequest) -> Result<app::auth::MemberCaller, ApiError> {
    let credential = bearer(req)?;
    let member = services(req)?.auth().caller(credential, client::place(req)?, request_id(req)).await?;
    note(req, member.tenant(), if member.is_key() { "api-key" } else { "member" });
    Ok(member)
}

/// The holder of an agent key, asking from an origin that the key allows.
pub(crate) struct FromAgent(Permit<can::SessionRecord>);

impl Deref for FromAgent {
    type Target = Permit<can::SessionRecord>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl FromRequest for FromAgent {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let origin = req.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
            let key = bearer(&req)?;
            let agent = services(&req)?.agent().agent(key, origin, request_id(&req)).await?;
            let permit = agent.permit::<can::SessionRecord>()?;
            note(&req, permit.tenant(), "agent");
            Ok(Self(permit))
        })
    }
}

/// The holder of one session's token.
pub(crate) struct FromSession {
    permit: Permit<can::SessionAppend>,
    session: SessionId,
    project: ProjectId,
}

impl FromSession {
    /// Checks a session token that did not come in the `Authorization` header.
    pub(crate) fn by_token(req: &HttpRequest, token: &str) -> Result<Self, ApiError> {
        let caller = services(req)?.agent().session(token, request_id(req))?;
        let permit = caller.permit::<can::SessionAppend>()?;
        note(req, permit.tenant(), "session");
        let Actor::Session { session, project } = *permit.actor() else {
            return Err(ApiError::internal("a session token gave an actor that is no session"));
        };
        Ok(Self { permit, session, project })
    }

    /// The token's own session, and no other: one more id in the path must be the same (case 2).
    pub(crate) fn only(&self, session: SessionId) -> Result<(), ApiError> {
        if session == self.session { Ok(()) } else { Err(AppError::NotFound { kind: "session" }.into()) }
    }

    /// The project that the session belongs to.
    pub(crate) const fn project(&self) -> ProjectId {
        self.project
    }
}

impl Deref for FromSession {
    type Target = Permit<can::SessionAppend>;
    fn deref(&self) -> &Self::Target {
        &self.permit
    }
}

impl FromRequest for FromSession {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(bearer(req).and_then(|token| Self::by_token(req, token)))
    }
}

/// What the line that is logged per response says about the caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogCaller {
    pub(crate) tenant: TenantId,
    pub(crate) kind: &'static str,
}

fn note(req: &HttpRequest, tenant: TenantId, kind: &'static str) {
    req.extensions_mut().insert(LogCaller { tenant, kind });
}

fn services(req: &HttpRequest) -> Result<&App, ApiError> {
    req.app_data::<web::Data<App>>()
        .map(web::Data::get_ref)
        .ok_or_else(|| ApiError::internal("the application is not wired"))
}

/// The id that `crate::edge` gave this request.
pub(crate) fn request_id(req: &HttpRequest) -> RequestId {
    let given = req.extensions().get::<RequestId>().copied();
    given.unwrap_or_else(|| RequestId::from_uuid(uuid::Uuid::nil()))
}

/// The credential of `Authorization: Bearer …` (RFC 6750 §2.1); there is no other place for one.
fn bearer(req: &HttpRequest) -> Result<&str, ApiError> {
    let mut values = req.headers().get_all(header::AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else { return Err(ApiError::NoCredential) };
    let (scheme, token) = value.to_str().ok().and_then(|v| v.split_once(' ')).ok_or(ApiError::NoCredential)?;
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 4_096 {
        Ok(token)
    } else {
        Err(ApiError::NoCredential)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_credential_is_one_bearer_token() {
        let read = |values: &[&str]| {
            let req = values.iter().fold(TestRequest::default(), |req, v| req.append_header(("authorization", *v)));
            bearer(&req.to_http_request()).map(str::to_owned).ok()
        };
        assert_eq!(read(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(read(&["bearer abc"]).as_deref(), Some("abc"));
        for bad in [&[][..], &["Basic abc"], &["Bearer"], &["Bearer "], &["abc"], &["Bearer a", "Bearer b"]] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
        assert_eq!(read(&[&format!("Bearer {}", "a".repeat(4_097))]), None);
    }
}

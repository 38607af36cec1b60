//! Signing in and staying so: who asks is known by a random token in a cookie, of which only the hash is
//! kept, and what comes from other sites is refused.

mod admit;
mod code;
mod cookie;
mod pages;
mod prove;
mod sessions;
mod throttle;

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::Timestamp;

use crate::people::Role;
use crate::refusal::Refusal;

pub(crate) use admit::admit;
pub(crate) use code::OneTimeCode;
pub(crate) use pages::routes;
pub(crate) use prove::proves;
pub(crate) use sessions::hash;
pub(crate) use throttle::Throttle;

/// Who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) role: Role,
    /// From where.
    pub(crate) address: IpAddr,
    /// When the session ends if nobody uses it.
    pub(crate) ends_at: Timestamp,
}

impl Person {
    /// Whose doing something is, for the log.
    pub(crate) fn said(&self) -> (&str, IpAddr) {
        (&self.name, self.address)
    }
}

/// Who asks, signed in or not; every request of the API has one.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) address: IpAddr,
    pub(crate) person: Option<Person>,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let visit = parts.extensions.get::<Self>();
        visit.cloned().ok_or_else(Refusal::not_allowed)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let visit = Visit::from_request_parts(parts, state).await?;
        visit.person.ok_or_else(Refusal::not_signed_in)
    }
}

//! The door of the API: who asks, from where, and whether they may.

use std::net::IpAddr;

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use listener::Peer;
use words::Key;

use super::cookie;
use super::sessions::Rules;
use super::{Person, Visit};
use crate::desk::Desk;
use crate::people::Role;
use crate::refusal::Refusal;
use crate::routes::{self, May};

/// Sent by our page with whatever a person does; what it fetches by itself goes without.
const BY_PERSON: &str = "x-menjin";

/// Lets a request in, or says why not.
pub(crate) async fn admit(
    State(desk): State<Desk>,
    path: MatchedPath,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let headers = request.headers();
    let may = routes::may(request.method(), path.as_str());
    let may = may.ok_or_else(Refusal::not_allowed)?;
    let address = match request.extensions().get::<Peer>() {
        Some(Peer(peer)) => peer.ip().to_canonical(),
        None => return Err(Refusal::not_allowed()),
    };
    // No browser sends that by itself, so no other page can have it sent.
    if let Some(token) = bearer(headers) {
        let person = program(&desk, token, address, (request.method(), may)).await?;
        let person = Some(person);
        request.extensions_mut().insert(Visit { address, person });
        return Ok(next.run(request).await);
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let by_person = headers.get(BY_PERSON).is_some_and(|value| value == "1");
    if changes && !(by_person && is_own(headers)) {
        let code = "foreign";
        return Err(Refusal::new(StatusCode::FORBIDDEN, code, Key::WebForeign));
    }
    let person = match cookie::token(headers, desk.settings.is_encrypted()) {
        None => None,
        Some(token) => {
            let (zone, settings) = (desk.site.zone.clone(), desk.settings.clone());
            let look = move |book: &crate::book::Book| {
                let now = Timestamp::now();
                let rules = Rules {
                    now,
                    today: now.to_zoned(zone).date(),
                    idle: &|role| settings.idle_of(role),
                };
                book.session(&token, by_person, rules)
            };
            desk.book(look).await?
        }
    };
    let person = person.map(|session| Person {
        name: session.name,
        role: session.role,
        address,
        ends_at: session.ends_at,
    });
    may.check(person.as_ref().map(|person| person.role))?;
    request.extensions_mut().insert(Visit { address, person });
    Ok(next.run(request).await)
}

/// The token that a program sends.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = sent.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then(|| token.trim().to_owned())
}

/// The program that holds a token, as somebody who reads: what it may besides, its scope says.
async fn program(
    desk: &Desk,
    token: String,
    address: IpAddr,
    (method, may): (&Method, May),
) -> Result<Person, Refusal> {
    let zone = desk.site.zone.clone();
    let look = move |book: &crate::book::Book| {
        let now = Timestamp::now();
        book.program(&token, now, now.to_zoned(zone).date())
    };
    let program = desk.book(look).await?;
    let program = program.ok_or_else(Refusal::not_signed_in)?;
    program.scope.check(method, may)?;
    Ok(Person {
        name: program.name,
        role: Role::Inspector,
        address,
        ends_at: Timestamp::MAX,
    })
}

/// Whether a page of this very address sends it, by the browser's word: a page elsewhere can't set that.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return site.is_some();
    };
    let origin = origin.to_str().ok();
    let origin = origin.and_then(|origin| origin.split_once("://"));
    let parsed = |text: &str| text.parse::<Authority>().ok();
    match (origin, text(header::HOST)) {
        (Some((_, origin)), Some(host)) => {
            parsed(origin).is_some_and(|origin| Some(origin) == parsed(host))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn own(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs = headers.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        is_own(&pairs.collect())
    }

    #[test]
    fn what_other_pages_send_is_foreign() {
        let host = ("host", "gate.plant:8080");
        assert!(own(&[host, ("origin", "http://gate.plant:8080")]));
        assert!(own(&[host, ("sec-fetch-site", "same-origin")]));
        for foreign in [
            &[host][..],
            &[host, ("origin", "http://evil.example")],
            &[host, ("origin", "http://gate.plant")],
            &[host, ("origin", "null")],
            &[("origin", "http://gate.plant:8080")],
            &[host, ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "none")],
            &[
                host,
                ("origin", "http://gate.plant:8080"),
                ("sec-fetch-site", "same-site"),
            ],
        ] {
            assert!(!own(foreign), "{foreign:?}");
        }
    }
}

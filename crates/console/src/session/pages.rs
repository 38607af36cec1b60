//! Signing in and out, and the first account.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Key;

use super::prove::{by_code, entry, proves};
use super::sessions::BY_CODE;
use super::{Person, Visit, cookie};
use crate::asked::Told;
use crate::desk::Desk;
use crate::people::{Account, Changed, Role, fit, fit_name};
use crate::refusal::{Problem, Refusal};

/// Who is signed in, and where.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionSeen {
    /// Nobody when null.
    user: Option<String>,
    role: Option<Role>,
    /// When the session ends if nobody does anything.
    ends_at: Option<Timestamp>,
    /// The site's: `zh` or `en`.
    language: &'static str,
    site: SiteSeen,
    /// Nobody has an account yet.
    setup_needed: bool,
    /// The first account needs the code that the service printed: the page is not on its computer.
    code_needed: bool,
}

/// The site.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SiteSeen {
    name: String,
    /// IANA name of its time zone.
    zone: String,
    /// There is video, or there was.
    has_video: bool,
}

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    name: String,
    password: String,
}

/// The code that the service printed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInByCode {
    code: String,
}

/// The first account, which may do everything.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// What the service printed; from its own computer it goes without.
    #[serde(default)]
    code: Option<String>,
    name: String,
    password: String,
}

/// A person's own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnPassword {
    password: String,
    new_password: String,
}

type Signed = ([(header::HeaderName, HeaderValue); 1], Json<SessionSeen>);

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(session, sign_in, change_password, sign_out))
        .routes(routes!(sign_in_by_code))
        .routes(routes!(set_up))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", responses((status = 200, body = SessionSeen)))]
async fn session(
    State(desk): State<Desk>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Json<SessionSeen>, Refusal> {
    Ok(Json(seen(&desk, &visit, &headers).await?))
}

/// Signs in. Whether the name or the password is wrong is not told, neither in words nor by the time.
#[utoipa::path(post, path = "/api/session", request_body = SignIn, responses(
    (status = 200, body = SessionSeen), (status = "4XX", body = Problem)))]
async fn sign_in(
    State(desk): State<Desk>,
    visit: Visit,
    headers: HeaderMap,
    Told(told): Told<SignIn>,
) -> Result<Signed, Refusal> {
    let SignIn { name, password } = told;
    proves(&desk, &visit, &name, password).await?;
    signed_in(&desk, &visit, &headers, name).await
}

/// Signs in with the code that the service prints while nobody has an account. It works once.
#[utoipa::path(post, path = "/api/session/code", request_body = SignInByCode, responses(
    (status = 200, body = SessionSeen), (status = "4XX", body = Problem)))]
async fn sign_in_by_code(
    State(desk): State<Desk>,
    visit: Visit,
    headers: HeaderMap,
    Told(told): Told<SignInByCode>,
) -> Result<Signed, Refusal> {
    by_code(&desk, &visit, &told.code).await?;
    signed_in(&desk, &visit, &headers, BY_CODE.to_owned()).await
}

/// Changes one's own password, and ends all sessions of that account but for this one.
#[utoipa::path(put, path = "/api/session", request_body = OwnPassword, responses(
    (status = 200, body = SessionSeen), (status = "4XX", body = Problem)))]
async fn change_password(
    State(desk): State<Desk>,
    visit: Visit,
    by: Person,
    headers: HeaderMap,
    Told(told): Told<OwnPassword>,
) -> Result<Signed, Refusal> {
    fit(&told.new_password, &by.name)?;
    let known = proves(&desk, &visit, &by.name, told.password).await?;
    let password = desk.passwords.hash(told.new_password).await?;
    let (account, name) = (Account { password, ..known }, by.name.clone());
    let changed = desk.book(move |book| book.change(&account, by.said()));
    match changed.await? {
        Changed::Done => signed_in(&desk, &visit, &headers, name).await,
        _ => Err(Refusal::not_signed_in()),
    }
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", responses(
    (status = 204), (status = "4XX", body = Problem)))]
async fn sign_out(
    State(desk): State<Desk>,
    by: Person,
    headers: HeaderMap,
) -> Result<(StatusCode, [(header::HeaderName, HeaderValue); 1]), Refusal> {
    let encrypted = desk.settings.is_encrypted();
    let token = cookie::token(&headers, encrypted).unwrap_or_default();
    let end = move |book: &crate::book::Book| {
        book.end_session(&token)?;
        book.log(entry(&by.name, "signed_out", by.address))
    };
    desk.book(end).await?;
    Ok((
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, cookie::removed(encrypted))],
    ))
}

/// Makes the first account and signs it in.
#[utoipa::path(post, path = "/api/setup", request_body = Setup, responses(
    (status = 201, body = SessionSeen), (status = "4XX", body = Problem)))]
async fn set_up(
    State(desk): State<Desk>,
    visit: Visit,
    headers: HeaderMap,
    Told(told): Told<Setup>,
) -> Result<(StatusCode, Signed), Refusal> {
    let done = || Refusal::conflict(Key::WebSetUp);
    if !desk.book(|book| book.is_new()).await? {
        return Err(done());
    }
    fit_name(&told.name)?;
    fit(&told.password, &told.name)?;
    let has_come = visit.person.is_some();
    if !has_come && !is_at_home(&visit, &headers) {
        by_code(&desk, &visit, told.code.as_deref().unwrap_or_default()).await?;
    }
    let account = Account {
        name: told.name.clone(),
        role: Role::Installer,
        password: desk.passwords.hash(told.password).await?,
        ends_on: None,
        disabled: false,
    };
    let address = visit.address;
    let added = desk.book(move |book| book.add(&account, true, (&account.name, address)));
    match added.await? {
        Changed::Done => {
            let signed = signed_in(&desk, &visit, &headers, told.name).await?;
            Ok((StatusCode::CREATED, signed))
        }
        _ => Err(done()),
    }
}

/// Whether the page is open on the gate's own computer: not through a proxy there, and not under a name
/// that a page elsewhere may have given it.
fn is_at_home(visit: &Visit, headers: &HeaderMap) -> bool {
    let through = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<axum::http::uri::Authority>().ok());
    let is_own = |host: &str| {
        let plain = host.trim_start_matches('[').trim_end_matches(']');
        let address: Result<std::net::IpAddr, _> = plain.parse();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    };
    visit.address.is_loopback()
        && !through.iter().any(|name| headers.contains_key(*name))
        && host.is_some_and(|host| is_own(host.host()))
}

async fn signed_in(
    desk: &Desk,
    visit: &Visit,
    headers: &HeaderMap,
    name: String,
) -> Result<Signed, Refusal> {
    let (address, who) = (visit.address, name.clone());
    let begin = move |book: &crate::book::Book| {
        let token = book.begin_session(&who, Timestamp::now())?;
        book.log(entry(&who, "signed_in", address))?;
        let account = book.account(&who)?;
        Ok((
            token,
            account.map_or(Role::Installer, |account| account.role),
        ))
    };
    let (token, role) = desk.book(begin).await?;
    let idle = jiff::SignedDuration::try_from(desk.settings.idle_of(role)).unwrap_or_default();
    let visit = Visit {
        address,
        person: Some(Person {
            name,
            role,
            address,
            ends_at: Timestamp::now().checked_add(idle).unwrap_or(Timestamp::MAX),
        }),
    };
    let seen = seen(desk, &visit, headers).await?;
    let cookie = cookie::set(&token, desk.settings.is_encrypted());
    Ok(([(header::SET_COOKIE, cookie)], Json(seen)))
}

async fn seen(desk: &Desk, visit: &Visit, headers: &HeaderMap) -> Result<SessionSeen, Refusal> {
    let person = visit.person.as_ref();
    let setup_needed = desk.book(|book| book.is_new()).await?;
    Ok(SessionSeen {
        user: person.map(|person| person.name.clone()),
        role: person.map(|person| person.role),
        ends_at: person.map(|person| person.ends_at),
        language: desk.site.language.as_str(),
        site: SiteSeen {
            name: desk.site.name.clone(),
            zone: desk.site.zone.iana_name().unwrap_or("UTC").to_owned(),
            has_video: desk.has_video(),
        },
        setup_needed,
        code_needed: setup_needed && person.is_none() && !is_at_home(visit, headers),
    })
}

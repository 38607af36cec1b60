//! Who may use the console, for those who decide that.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Key;

use super::accounts::Changed;
use super::{Account, Role, fit, fit_name, log, programs};
use crate::asked::{Named, Told};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// Somebody who may use the console.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonSeen {
    name: String,
    role: Role,
    /// The last day on which the account may be used, by the site's clock.
    ends_on: Option<Date>,
    /// May not sign in.
    disabled: bool,
}

/// Everybody who may use the console.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct People {
    people: Vec<PersonSeen>,
}

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPerson {
    name: String,
    role: Role,
    password: String,
    /// An inspector has one.
    #[serde(default)]
    ends_on: Option<Date>,
}

/// An account as it shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedPerson {
    role: Role,
    #[serde(default)]
    ends_on: Option<Date>,
    #[serde(default)]
    disabled: bool,
    /// A new password; without one the old one stays.
    #[serde(default)]
    password: Option<String>,
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(people, add))
        .routes(routes!(change))
        .routes(routes!(programs::programs, programs::admit_program))
        .routes(routes!(programs::end_program))
        .routes(routes!(log::sign_ins))
}

/// Everybody who may use the console, by name.
#[utoipa::path(get, path = "/api/people", responses(
    (status = 200, body = People), (status = "4XX", body = Problem)))]
async fn people(State(desk): State<Desk>) -> Result<Json<People>, Refusal> {
    let accounts = desk.book(|book| book.accounts()).await?;
    let people = accounts.into_iter().map(seen).collect();
    Ok(Json(People { people }))
}

/// Gives somebody an account. A manager gives none that may do everything.
#[utoipa::path(post, path = "/api/people", request_body = NewPerson, responses(
    (status = 201, body = PersonSeen), (status = "4XX", body = Problem)))]
async fn add(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<NewPerson>,
) -> Result<(StatusCode, Json<PersonSeen>), Refusal> {
    fit_name(&told.name)?;
    fit(&told.password, &told.name)?;
    fits_role(told.role, told.ends_on, by.role)?;
    let account = Account {
        name: told.name,
        role: told.role,
        password: desk.passwords.hash(told.password).await?,
        ends_on: told.ends_on,
        disabled: false,
    };
    let kept = account.clone();
    let added = desk.book(move |book| book.add(&kept, false, by.said()));
    match added.await? {
        Changed::Done => Ok((StatusCode::CREATED, Json(seen(account)))),
        _ => Err(Refusal::conflict(Key::WebNameTaken).of("name")),
    }
}

/// Changes an account and ends its sessions. Nobody but an installer changes an installer's.
#[utoipa::path(put, path = "/api/people/{name}", request_body = ChangedPerson,
    params(("name" = String, Path)), responses(
    (status = 200, body = PersonSeen), (status = "4XX", body = Problem)))]
async fn change(
    State(desk): State<Desk>,
    by: Person,
    Named(name): Named<String>,
    Told(told): Told<ChangedPerson>,
) -> Result<Json<PersonSeen>, Refusal> {
    fits_role(told.role, told.ends_on, by.role)?;
    let known = desk.book(move |book| book.account(&name)).await?;
    let known = known.ok_or_else(Refusal::not_found)?;
    if known.role == Role::Installer && by.role != Role::Installer {
        return Err(Refusal::not_allowed());
    }
    let password = match told.password {
        Some(password) => {
            fit(&password, &known.name)?;
            desk.passwords.hash(password).await?
        }
        None => known.password,
    };
    let account = Account {
        name: known.name,
        role: told.role,
        password,
        ends_on: told.ends_on,
        disabled: told.disabled,
    };
    let kept = account.clone();
    let changed = desk.book(move |book| book.change(&kept, by.said()));
    match changed.await? {
        Changed::Done => Ok(Json(seen(account))),
        Changed::NotSo => Err(Refusal::not_found()),
        Changed::LastInstaller => Err(Refusal::conflict(Key::WebLastInstaller)),
    }
}

fn fits_role(role: Role, ends_on: Option<Date>, by: Role) -> Result<(), Refusal> {
    if role == Role::Installer && by != Role::Installer {
        return Err(Refusal::not_allowed());
    }
    if role == Role::Inspector && ends_on.is_none() {
        return Err(Refusal::invalid(Key::WebEndsOn).of("ends_on"));
    }
    Ok(())
}

fn seen(account: Account) -> PersonSeen {
    PersonSeen {
        name: account.name,
        role: account.role,
        ends_on: account.ends_on,
        disabled: account.disabled,
    }
}

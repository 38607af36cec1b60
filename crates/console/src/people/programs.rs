//! Programs that use the API, for those who decide that.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use words::Key;

use super::fit_name;
use super::tokens::{Made, Program};
use crate::asked::{Named, Told};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::routes::Scope;
use crate::session::Person;

/// A program that may use the API.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgramSeen {
    name: String,
    scope: Scope,
    /// Who gave it its token.
    made_by: String,
    made_at: Timestamp,
    /// The last day on which the token may be used, by the site's clock.
    ends_on: Option<Date>,
    /// When it was last used, to a minute; null before.
    used_at: Option<Timestamp>,
}

/// Every program that may use the API.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Programs {
    programs: Vec<ProgramSeen>,
}

/// A program that shall use the API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProgram {
    name: String,
    scope: Scope,
    #[serde(default)]
    ends_on: Option<Date>,
}

/// What a program comes in with, sent as `Authorization: Bearer …`. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewToken {
    token: String,
}

/// Every program that may use the API, by name.
#[utoipa::path(get, path = "/api/programs", responses(
    (status = 200, body = Programs), (status = "4XX", body = Problem)))]
pub(crate) async fn programs(State(desk): State<Desk>) -> Result<Json<Programs>, Refusal> {
    let programs = desk.book(|book| book.programs()).await?;
    let programs = programs.into_iter().map(ProgramSeen::from).collect();
    Ok(Json(Programs { programs }))
}

/// Gives a program a token.
#[utoipa::path(post, path = "/api/programs", request_body = NewProgram, responses(
    (status = 201, body = NewToken), (status = "4XX", body = Problem)))]
pub(crate) async fn admit_program(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<NewProgram>,
) -> Result<(StatusCode, Json<NewToken>), Refusal> {
    fit_name(&told.name)?;
    let address = by.address;
    let new = Program {
        name: told.name,
        scope: told.scope,
        made_by: by.name,
        made_at: Timestamp::now(),
        ends_on: told.ends_on,
        used_at: None,
    };
    match desk
        .book(move |book| book.make_token(&new, address))
        .await?
    {
        Made::Token(token) => Ok((StatusCode::CREATED, Json(NewToken { token }))),
        Made::Known => Err(Refusal::conflict(Key::WebNameTaken).of("name")),
        Made::TooMany => Err(Refusal::conflict(Key::WebTooManyTokens)),
    }
}

/// Ends a program's token at once.
#[utoipa::path(delete, path = "/api/programs/{name}", params(("name" = String, Path)), responses(
    (status = 204), (status = "4XX", body = Problem)))]
pub(crate) async fn end_program(
    State(desk): State<Desk>,
    by: Person,
    Named(name): Named<String>,
) -> Result<StatusCode, Refusal> {
    let ended = desk.book(move |book| book.end_token(&name, by.said()));
    match ended.await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Refusal::not_found()),
    }
}

impl From<Program> for ProgramSeen {
    fn from(program: Program) -> Self {
        Self {
            name: program.name,
            scope: program.scope,
            made_by: program.made_by,
            made_at: program.made_at,
            ends_on: program.ends_on,
            used_at: program.used_at,
        }
    }
}

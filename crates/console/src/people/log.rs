//! Sign-ins, those that were refused, and changes of accounts, for whoever answers for them.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::asked::Asked;
use crate::book::Logged;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// Lines of one page.
const MOST: u32 = 100;

/// Which lines.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct SignInsAsked {
    /// With a smaller number: what `next` of the page before says.
    before: Option<i64>,
    /// Only what this account did, or what was done to it.
    name: Option<String>,
}

/// What happened at the door, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignIns {
    lines: Vec<SignInSeen>,
    /// For the next page; null when this is the last.
    next: Option<i64>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInSeen {
    id: i64,
    at: Timestamp,
    /// The account, or the name that was tried.
    who: String,
    /// `signed_in`, `signed_out`, `refused`, `held_off`, `password_changed`, `password_set`, `role_changed`,
    /// `end_changed`, `account_added`, `account_changed`, `account_disabled`, `account_enabled`, `token_made` or `token_ended`.
    what: String,
    /// To whom or what.
    about: String,
    /// From where.
    address: String,
    /// What it became: a role, a last day.
    detail: String,
}

impl From<Logged> for SignInSeen {
    fn from(line: Logged) -> Self {
        Self {
            id: line.id,
            at: line.at,
            who: line.who,
            what: line.what,
            about: line.about,
            address: line.address,
            detail: line.detail,
        }
    }
}

/// Sign-ins, failures and changes of accounts, the newest first.
#[utoipa::path(get, path = "/api/sign-ins", params(SignInsAsked), responses(
    (status = 200, body = SignIns), (status = "4XX", body = Problem)))]
pub(super) async fn sign_ins(
    State(desk): State<Desk>,
    Asked(asked): Asked<SignInsAsked>,
) -> Result<Json<SignIns>, Refusal> {
    let look = move |book: &crate::book::Book| {
        let name = asked.name.as_deref().filter(|name| !name.is_empty());
        book.logged(asked.before, name, MOST + 1)
    };
    let mut lines = desk.book(look).await?;
    let more = lines.len() > MOST as usize;
    lines.truncate(MOST as usize);
    let last = lines.last().map(|line| line.id);
    Ok(Json(SignIns {
        lines: lines.into_iter().map(SignInSeen::from).collect(),
        next: last.filter(|_| more),
    }))
}

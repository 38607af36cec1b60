//! A guard raises an arm from the page: with a reason, in their own name.

use axum::Json;
use axum::extract::State;
use orders::{Done, Order};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use words::Key;

use crate::asked::{Named, Told, why_given};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// Why an arm is raised.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLift {
    why: String,
}

/// The arm was raised, or its controller said so.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lifted {
    /// Number of the lift in the ledger.
    lift: i64,
}

/// Raises the arm of a lane. Kept in the ledger with who and why before the arm moves, and an alarm; there
/// is no request that lowers one.
#[utoipa::path(post, path = "/api/lanes/{lane}/lift", params(("lane" = String, Path)),
    request_body = NewLift, responses(
    (status = 200, body = Lifted), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn lift(
    State(desk): State<Desk>,
    by: Person,
    Named(lane): Named<String>,
    Told(told): Told<NewLift>,
) -> Result<Json<Lifted>, Refusal> {
    let why = why_given(&told.why, Key::LedgerLiftNeeds)?;
    let order = Order::Lift {
        lane,
        who: by.name,
        why,
    };
    match desk.order(order).await? {
        Done::Lifted(id) => Ok(Json(Lifted { lift: id.0 })),
        _ => Err(Refusal::later()),
    }
}

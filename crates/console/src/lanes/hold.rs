//! A guard holds a gate open from the page, or ends that: with a reason, in their own name.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use orders::{Done, Order};
use passage::HoldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use words::Key;

use crate::asked::{Named, Told, why_given};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// For how long a gate is held open, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHold {
    /// 1 to 1440.
    minutes: u32,
    why: String,
}

/// Why a hold ends before its time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldEnd {
    why: String,
}

/// The hold was kept, or ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HoldKept {
    /// Its number in the ledger.
    hold: i64,
}

/// A person holds the gate open.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldOpen {
    /// Its number in the ledger.
    hold: i64,
    from: Timestamp,
    until: Timestamp,
    who: String,
    why: String,
}

impl From<&HoldView> for HeldOpen {
    fn from(view: &HoldView) -> Self {
        Self {
            hold: view.id.0,
            from: view.hold.from,
            until: view.hold.until,
            who: view.hold.who.clone(),
            why: view.hold.why.clone(),
        }
    }
}

/// Holds the gate of a lane open for a time. Kept in the ledger with who and why before the arm moves; an arm
/// that comes down meanwhile is raised again. Who may pass and what is kept of it does not change.
#[utoipa::path(post, path = "/api/lanes/{lane}/hold", params(("lane" = String, Path)),
    request_body = NewHold, responses(
    (status = 200, body = HoldKept), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn hold(
    State(desk): State<Desk>,
    by: Person,
    Named(lane): Named<String>,
    Told(told): Told<NewHold>,
) -> Result<Json<HoldKept>, Refusal> {
    let why = why_given(&told.why, Key::LedgerHoldNeeds)?;
    let order = Order::Hold {
        lane,
        minutes: told.minutes,
        who: by.name,
        why,
    };
    match desk.order(order).await? {
        Done::Held(id) => Ok(Json(HoldKept { hold: id.0 })),
        _ => Err(Refusal::later()),
    }
}

/// Ends the hold of a lane. Nothing lowers the arm: a person does, or the barrier by itself.
#[utoipa::path(post, path = "/api/lanes/{lane}/hold/end", params(("lane" = String, Path)),
    request_body = HoldEnd, responses(
    (status = 200, body = HoldKept), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn end_hold(
    State(desk): State<Desk>,
    by: Person,
    Named(lane): Named<String>,
    Told(told): Told<HoldEnd>,
) -> Result<Json<HoldKept>, Refusal> {
    let why = why_given(&told.why, Key::LedgerHoldNeeds)?;
    let order = Order::EndHold {
        lane,
        who: by.name,
        why,
    };
    match desk.order(order).await? {
        Done::HoldEnded(id) => Ok(Json(HoldKept { hold: id.0 })),
        _ => Err(Refusal::later()),
    }
}

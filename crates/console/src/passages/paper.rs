//! Passages from the paper ledger, typed in afterwards.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use orders::{CargoSaid, Done, Order, PaperSaid};
use serde::Deserialize;
use utoipa::ToSchema;

use super::list::whole;
use super::view::PassageWhole;
use crate::asked::Told;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// A passage as a person reads it off the paper.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPaper {
    /// When it passed, by the site's clock: `2026-03-01 08:30`.
    at: String,
    plate: String,
    /// By code or name.
    color: String,
    /// By code or name.
    direction: String,
    entrance: String,
    barrier: String,
    /// If the paper tells.
    #[serde(default)]
    lane: Option<String>,
    #[serde(default)]
    cargo: Option<NewCargo>,
    why: String,
    /// The plate is so, although it is not one, or not one of its colour.
    #[serde(default)]
    unusual: bool,
    /// The amount is so, although no vehicle carries as much.
    #[serde(default)]
    large_amount: bool,
    /// Also when the ledger has a passage like it.
    #[serde(default)]
    again: bool,
}

/// What was carried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCargo {
    #[serde(default)]
    name: Option<String>,
    /// A number as typed.
    #[serde(default)]
    amount: Option<String>,
    /// `t` or `L`; tonnes when nothing is said.
    #[serde(default)]
    unit: Option<String>,
}

impl NewCargo {
    /// As the rules for what people say of cargo take it.
    pub(super) fn said(&self, is_large: bool) -> CargoSaid<'_> {
        CargoSaid {
            name: self.name.as_deref(),
            amount: self.amount.as_deref(),
            unit: self.unit.as_deref(),
            is_large,
        }
    }
}

/// Enters a passage from paper. One that is there already is told as a conflict, unless `again` is said.
#[utoipa::path(post, path = "/api/passages/paper", request_body = NewPaper, responses(
    (status = 201, body = PassageWhole), (status = "4XX", body = Problem)))]
pub(crate) async fn enter(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<NewPaper>,
) -> Result<(StatusCode, Json<PassageWhole>), Refusal> {
    let cargo = told.cargo.as_ref();
    let cargo = cargo.map(|cargo| cargo.said(told.large_amount));
    let said = PaperSaid {
        at: &told.at,
        plate: &told.plate,
        color: &told.color,
        is_unusual: told.unusual,
        direction: &told.direction,
        entrance: &told.entrance,
        barrier: &told.barrier,
        lane: told.lane.as_deref(),
        cargo: cargo.unwrap_or_default(),
        who: &by.name,
        why: &told.why,
    };
    let entry = Box::new(said.entry(&desk.site, Timestamp::now())?);
    let again = told.again;
    let Done::Entered(id) = desk.order(Order::Paper { entry, again }).await? else {
        return Err(Refusal::failed(&"an entry was not entered"));
    };
    let entered = desk.readers.read(move |reader| whole(reader, id)).await?;
    let (entered, tags) = entered.ok_or_else(Refusal::not_found)?;
    let entered = PassageWhole::of(&entered, tags, &desk.site.zone);
    Ok((StatusCode::CREATED, Json(entered)))
}

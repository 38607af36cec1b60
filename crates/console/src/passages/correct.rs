//! Corrections: what a person sees, said by the rules of `orders`, and done by the one writer.

use axum::Json;
use axum::extract::State;
use orders::{Corrections, Order};
use passage::PassageId;
use serde::Deserialize;
use utoipa::ToSchema;
use words::Key;

use super::list::whole;
use super::paper::NewCargo;
use super::view::PassageWhole;
use crate::asked::{Named, Told, why_given};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// What a person says of a passage; what is not said stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCorrection {
    /// The plate as typed; full-width letters and dots are understood.
    #[serde(default)]
    plate: Option<String>,
    /// By code or name.
    #[serde(default)]
    color: Option<String>,
    /// By code or name.
    #[serde(default)]
    direction: Option<String>,
    /// What was carried; what is not said of it stays.
    #[serde(default)]
    cargo: Option<NewCargo>,
    /// The plate is so, although it is not one, or not one of its colour.
    #[serde(default)]
    unusual: bool,
    /// The amount is so, although no vehicle carries as much.
    #[serde(default)]
    large_amount: bool,
    why: String,
    /// How many times the passage was corrected when the page looked.
    base: u32,
}

/// Corrects a passage, or says what it carried, and renders its photos again where they show what is corrected. When somebody else
/// was faster, nothing is done, and the answer (409) has the passage as it is now.
#[utoipa::path(post, path = "/api/passages/{id}/corrections", params(("id" = i64, Path)),
    request_body = NewCorrection, responses(
    (status = 200, body = PassageWhole), (status = 409, body = Problem),
    (status = "4XX", body = Problem)))]
pub(crate) async fn correct(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<NewCorrection>,
) -> Result<Json<PassageWhole>, Refusal> {
    let id = PassageId(id);
    let found = desk.readers.read(move |reader| whole(reader, id)).await?;
    let (view, tags) = found.ok_or_else(Refusal::not_found)?;
    let zone = &desk.site.zone;
    if view.times_corrected() != told.base {
        let now = PassageWhole::of(&view, tags, zone);
        return Err(Refusal::conflict(Key::WebMovedOn).with_passage(now));
    }
    let why = why_given(&told.why, Key::LedgerCorrectionNeeds)?;
    let said = Corrections {
        plate: told.plate.as_deref(),
        color: told.color.as_deref(),
        direction: told.direction.as_deref(),
        is_unusual: told.unusual,
    };
    let mut changes = said.changes(&view)?;
    if let Some(cargo) = &told.cargo {
        changes.push(cargo.said(told.large_amount).change(&view)?);
    }
    if changes.is_empty() {
        return Err(Refusal::invalid(Key::WebNoChange));
    }
    let order = Order::Correct {
        passage: id,
        changes,
        who: by.name,
        why,
    };
    let done = desk.order(order).await;
    let now = desk.readers.read(move |reader| whole(reader, id)).await?;
    let (view, tags) = now.ok_or_else(Refusal::not_found)?;
    let now = PassageWhole::of(&view, tags, zone);
    match done {
        Ok(_) => Ok(Json(now)),
        Err(refusal) if refusal.is_conflict() => Err(refusal.with_passage(now)),
        Err(refusal) => Err(refusal),
    }
}

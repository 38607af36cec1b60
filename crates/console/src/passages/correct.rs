//! Corrections: what a person sees, said by the rules of `orders`, and done by the one writer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use orders::{Corrections, Done, Order, perform};
use passage::PassageId;
use serde::Deserialize;
use utoipa::ToSchema;
use words::Key;

use super::view::PassageWhole;
use crate::asked::{Named, Told};
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
    /// The plate is so, although it is not one, or not one of its colour.
    #[serde(default)]
    unusual: bool,
    why: String,
    /// How many times the passage was corrected when the page looked.
    base: u32,
}

/// Corrects a passage, and renders its photos again where they show what is corrected. When somebody else
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
    let found = desk.readers.read(move |reader| reader.passage(id)).await?;
    let view = found.ok_or_else(Refusal::not_found)?;
    let zone = &desk.site.zone;
    if view.times_corrected() != told.base {
        let now = PassageWhole::of(&view, zone);
        return Err(Refusal::conflict(Key::WebMovedOn).with_passage(now));
    }
    if told.why.trim().is_empty() {
        return Err(Refusal::invalid(Key::LedgerCorrectionNeeds).of("why"));
    }
    let said = Corrections {
        plate: told.plate.as_deref(),
        color: told.color.as_deref(),
        direction: told.direction.as_deref(),
        is_unusual: told.unusual,
    };
    let changes = said.changes(&view)?;
    if changes.is_empty() {
        return Err(Refusal::invalid(Key::WebNoChange));
    }
    let order = Order::Correct {
        passage: id,
        changes,
        who: by.name,
        why: told.why,
    };
    let done = order_done(&desk, order).await;
    let now = desk.readers.read(move |reader| reader.passage(id)).await?;
    let now = PassageWhole::of(&now.ok_or_else(Refusal::not_found)?, zone);
    match done {
        Ok(_) => Ok(Json(now)),
        Err(refusal) if refusal.is_conflict() => Err(refusal.with_passage(now)),
        Err(refusal) => Err(refusal),
    }
}

/// Has an order done, durable on return, as the daemon does it for commands.
pub(crate) async fn order_done(desk: &Desk, order: Order) -> Result<Done, Refusal> {
    let turn = Arc::clone(&desk.orders).acquire_owned().await;
    let (site, ledger, font) = (
        Arc::clone(&desk.site),
        desk.ledger.clone(),
        Arc::clone(&desk.font),
    );
    let work = move |reader: &ledger::Reader| {
        // Held to the end, also when the page is closed meanwhile.
        let _turn = turn;
        let font = || Ok(Arc::clone(&font));
        perform(order, &site, reader, &mut &ledger, &font)
    };
    desk.readers.read(work).await
}

//! Records made, changed and reviewed, by the rules of `orders`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use ledger::Reader;
use orders::register::{By, Registers};
use orders::{Order, RecordChange};
use passage::{RecordKey, RecordState, RecordView, Register};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use words::Key;

use super::named;
use super::view::RecordSeen;
use crate::asked::{Named, Told, why_given};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// Records that are reviewed at once: one commit, between which the gate's own get their turn.
const MOST_REVIEWED: usize = 100;

/// What a person says of a record; items that are not said stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordTold {
    /// The record; a new one without it.
    #[serde(default)]
    key: Option<String>,
    /// Its revision when the page looked; 0 for a new one.
    #[serde(default)]
    base: u32,
    /// By name of item, as typed; blank where it is not known any more.
    items: BTreeMap<String, String>,
    why: String,
}

/// Records that a person has looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewTold {
    /// 100 at most.
    records: Vec<Reviewed>,
    /// `approved`, `rejected` or `retired`.
    state: String,
    why: String,
}

/// A record and what it was when the person looked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reviewed {
    key: String,
    base: u32,
}

/// What was reviewed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewDone {
    records: usize,
}

/// Makes a record, or changes one. It is checked when nothing is missing, else a draft; somebody approves
/// it then. What can't be true is told item by item (400), and nothing is changed.
#[utoipa::path(post, path = "/api/records/{register}", params(("register" = String, Path)),
    request_body = RecordTold, responses(
    (status = 200, body = RecordSeen), (status = "4XX", body = Problem)))]
pub(crate) async fn change_record(
    State(desk): State<Desk>,
    by: Person,
    Named(register): Named<String>,
    Told(told): Told<RecordTold>,
) -> Result<Json<RecordSeen>, Refusal> {
    let register = named(&register)?;
    let why = why_given(&told.why, Key::WebWhy)?;
    let key = told.key.as_deref().map(|key| (key.to_owned(), told.base));
    let before = match key {
        Some((key, base)) => Some(looked_at(&desk, register, &key, base).await?),
        None => None,
    };
    let change = asked(&desk, move |registers| {
        let by = By {
            who: &by.name,
            why: &why,
        };
        registers.edit(register, before.as_ref(), &told.items, by)
    });
    let change = change.await?;
    changed(&desk, change).await
}

/// Approves, rejects or retires records, all or none. One is approved only when nothing is missing.
#[utoipa::path(post, path = "/api/records/{register}/review", params(("register" = String, Path)),
    request_body = ReviewTold, responses(
    (status = 200, body = ReviewDone), (status = "4XX", body = Problem)))]
pub(crate) async fn review_records(
    State(desk): State<Desk>,
    by: Person,
    Named(register): Named<String>,
    Told(told): Told<ReviewTold>,
) -> Result<Json<ReviewDone>, Refusal> {
    let register = named(&register)?;
    let why = why_given(&told.why, Key::WebWhy)?;
    let state = match told.state.parse() {
        Ok(state @ (RecordState::Approved | RecordState::Rejected | RecordState::Retired)) => state,
        _ => return Err(Refusal::invalid(Key::WebReviewState).of("state")),
    };
    if told.records.is_empty() || told.records.len() > MOST_REVIEWED {
        return Err(Refusal::invalid(Key::WebReviewCount).of("records"));
    }
    let mut chosen = Vec::new();
    for Reviewed { key, base } in &told.records {
        chosen.push(looked_at(&desk, register, key, *base).await?);
    }
    let revisions = asked(&desk, move |registers| {
        let by = By {
            who: &by.name,
            why: &why,
        };
        registers.review(&chosen, state, by)
    });
    let revisions = revisions.await?;
    let records = revisions.len();
    desk.order(Order::Records { revisions }).await?;
    Ok(Json(ReviewDone { records }))
}

/// The record as the page saw it; somebody else was faster when it is another by now.
pub(super) async fn looked_at(
    desk: &Desk,
    register: Register,
    key: &str,
    base: u32,
) -> Result<RecordView, Refusal> {
    let key: RecordKey = key.parse().map_err(|_| Refusal::not_found())?;
    let find = move |reader: &Reader| reader.record(key);
    let found = desk.readers.read(find).await?;
    let found = found.filter(|record| record.register == register);
    let found = found.ok_or_else(Refusal::not_found)?;
    if found.revision != base {
        return Err(Refusal::conflict(Key::WebRecordMovedOn));
    }
    Ok(found)
}

/// What the registers' rules make of something, on a thread that may wait.
pub(super) async fn asked<T: Send + 'static>(
    desk: &Desk,
    ask: impl FnOnce(&Registers) -> Result<T, orders::Error> + Send + 'static,
) -> Result<T, Refusal> {
    let rules = desk.site.register_rules(Timestamp::now());
    let folder = desk.site.data_folder.clone();
    let work = move || ask(&Registers::open(&folder, rules)?);
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Refusal::failed(&error))??)
}

/// Writes one revision, and gives the record as it is then.
pub(super) async fn changed(
    desk: &Desk,
    change: RecordChange,
) -> Result<Json<RecordSeen>, Refusal> {
    let key = change.key;
    let revisions = vec![change];
    desk.order(Order::Records { revisions }).await?;
    let find = move |reader: &Reader| reader.record(key);
    let now = desk.readers.read(find).await?;
    let now = now.ok_or_else(Refusal::not_found)?;
    let rules = desk.site.register_rules(Timestamp::now());
    Ok(Json(RecordSeen::of(&now, &rules)))
}

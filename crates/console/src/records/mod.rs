//! Registers: what is registered, and how it came to be so.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use passage::{RecordId, RecordKey, RecordView, Register};
use records::{Cell, Need, RegisterItem};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::{Asked, Named};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::texts::Texts;

/// Records of one page.
const MOST: usize = 200;

/// Which page of a register.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecordsAsked {
    /// What `next` of the page before says.
    after: Option<i64>,
    /// Records of a page, 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A page of a register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegisterPage {
    /// What its records hold, in the standard's order.
    items: Vec<ItemSeen>,
    /// Each in its newest revision, in the order in which they were made.
    records: Vec<RecordSeen>,
    /// For the next page; null when this is the last.
    next: Option<i64>,
}

/// Every revision of one record, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordHistory {
    items: Vec<ItemSeen>,
    revisions: Vec<RecordSeen>,
}

/// An item of a register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemSeen {
    /// The standard's name.
    name: &'static str,
    label: Texts,
    /// It names the record.
    is_identity: bool,
    /// A record that lacks it is not approved.
    is_mandatory: bool,
}

/// A record in one revision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordSeen {
    /// Its name everywhere, 32 hexadecimal digits.
    key: String,
    identity: String,
    revision: u32,
    /// `draft`, `checked`, `approved`, `rejected` or `retired`.
    state: String,
    /// By name of item, as stored.
    #[schema(value_type = Object)]
    values: Map<String, Value>,
    #[schema(value_type = BTreeMap<String, Texts>)]
    /// By name of item, as people read it; what is not known is left out.
    shown: BTreeMap<&'static str, Texts>,
    changed_at: Timestamp,
    who: String,
    why: String,
    /// Names of the items that are files.
    files: Vec<String>,
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(record))
}

/// A page of a register: `enterprise`, `entrance`, `barrier`, `camera`, `vehicle`, `in_plant_vehicle`,
/// `machine` or `fleet`.
#[utoipa::path(get, path = "/api/records/{register}", params(("register" = String, Path), RecordsAsked),
    responses((status = 200, body = RegisterPage), (status = "4XX", body = Problem)))]
async fn register(
    State(desk): State<Desk>,
    Named(register): Named<String>,
    Asked(asked): Asked<RecordsAsked>,
) -> Result<Json<RegisterPage>, Refusal> {
    let register = named(&register)?;
    let limit = asked.limit.unwrap_or(MOST).clamp(1, MOST);
    let after = RecordId(asked.after.unwrap_or(0));
    let found = desk
        .readers
        .read(move |reader| reader.records(register, after, limit));
    let found = found.await?;
    let last = found.last().map(|record| record.id.0);
    Ok(Json(RegisterPage {
        items: items(register),
        records: found.iter().map(seen).collect(),
        next: last.filter(|_| found.len() == limit),
    }))
}

/// One record with all its revisions.
#[utoipa::path(get, path = "/api/records/{register}/{key}",
    params(("register" = String, Path), ("key" = String, Path)), responses(
    (status = 200, body = RecordHistory), (status = "4XX", body = Problem)))]
async fn record(
    State(desk): State<Desk>,
    Named((register, key)): Named<(String, String)>,
) -> Result<Json<RecordHistory>, Refusal> {
    let register = named(&register)?;
    let key: RecordKey = key.parse().map_err(|_| Refusal::not_found())?;
    let found = desk
        .readers
        .read(move |reader| reader.record_history(key))
        .await?;
    if found
        .first()
        .is_none_or(|record| record.register != register)
    {
        return Err(Refusal::not_found());
    }
    Ok(Json(RecordHistory {
        items: items(register),
        revisions: found.iter().map(seen).collect(),
    }))
}

fn named(register: &str) -> Result<Register, Refusal> {
    register.parse().map_err(|_| Refusal::not_found())
}

fn items(register: Register) -> Vec<ItemSeen> {
    let item = |item: &RegisterItem| ItemSeen {
        name: item.name,
        label: Texts::each(|language| item.label(language).to_owned()),
        is_identity: item.need == Need::Identity,
        is_mandatory: item.need != Need::Wanted,
    };
    records::items(register).iter().map(item).collect()
}

fn seen(record: &RecordView) -> RecordSeen {
    RecordSeen {
        key: record.key.to_string(),
        identity: record.identity.clone(),
        revision: record.revision,
        state: record.state.to_string(),
        values: record.values.clone(),
        shown: shown(record),
        changed_at: record.changed_at,
        who: record.who.clone(),
        why: record.why.clone(),
        files: record.files.iter().map(|file| file.item.clone()).collect(),
    }
}

fn shown(record: &RecordView) -> BTreeMap<&'static str, Texts> {
    let known = records::items(record.register).iter().filter_map(|item| {
        let value = record
            .values
            .get(item.name)
            .filter(|value| !value.is_null())?;
        let text = |language| text(item.shown(Some(value), language));
        Some((item.name, Texts::each(text)))
    });
    known.collect()
}

fn text(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Time(time) => time.to_string(),
    }
}

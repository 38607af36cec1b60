//! Looking into a register.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use ledger::Reader;
use passage::{RecordId, RecordKey, RecordState, RecordView, Register};
use records::narrow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use words::Language;

use super::named;
use super::view::{ItemSeen, RecordSeen, item_seen};
use crate::asked::{Asked, Named};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

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
    /// Only those that have this somewhere, in any width and case.
    text: Option<String>,
    /// Only those in this state; without it all but retired ones.
    state: Option<String>,
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

/// A page of a register: `enterprise`, `entrance`, `barrier`, `camera`, `vehicle`, `in_plant_vehicle`,
/// `machine` or `fleet`.
#[utoipa::path(get, path = "/api/records/{register}", params(("register" = String, Path), RecordsAsked),
    responses((status = 200, body = RegisterPage), (status = "4XX", body = Problem)))]
pub(crate) async fn register(
    State(desk): State<Desk>,
    Named(register): Named<String>,
    Asked(asked): Asked<RecordsAsked>,
) -> Result<Json<RegisterPage>, Refusal> {
    let register = named(&register)?;
    let limit = asked.limit.unwrap_or(MOST).clamp(1, MOST);
    let wanted = Wanted::of(&asked)?;
    let found = desk
        .readers
        .read(move |reader| wanted.records(reader, register, limit))
        .await?;
    let last = found.last().map(|record| record.id.0);
    let rules = desk.site.register_rules(Timestamp::now());
    Ok(Json(RegisterPage {
        items: item_seen(register, &rules),
        records: found.iter().map(|r| RecordSeen::of(r, &rules)).collect(),
        next: last.filter(|_| found.len() == limit),
    }))
}

struct Wanted {
    after: RecordId,
    text: String,
    state: Option<RecordState>,
}

impl Wanted {
    fn of(asked: &RecordsAsked) -> Result<Self, Refusal> {
        let state = asked.state.as_deref().filter(|state| !state.is_empty());
        let state = state.map(str::parse).transpose();
        Ok(Self {
            after: RecordId(asked.after.unwrap_or(0)),
            text: plain(asked.text.as_deref().unwrap_or_default()),
            state: state.map_err(|_| Refusal::not_found().of("state"))?,
        })
    }

    fn records(
        &self,
        reader: &Reader,
        register: Register,
        limit: usize,
    ) -> ledger::Result<Vec<RecordView>> {
        let after = |record: &RecordView| record.id > self.after && self.fits(record);
        let all = reader.every_record(register);
        let fits = all.filter(|record| record.as_ref().map_or(true, after));
        fits.take(limit).collect()
    }

    fn fits(&self, record: &RecordView) -> bool {
        let state = match self.state {
            Some(state) => record.state == state,
            None => record.state != RecordState::Retired,
        };
        state && (self.text.is_empty() || self.stands_in(record))
    }

    fn stands_in(&self, record: &RecordView) -> bool {
        let has = |text: &str| plain(text).contains(&self.text);
        let shown = |item: &'static records::RegisterItem| {
            let value = record.values.get(item.name);
            let texts = Language::ALL.map(|language| item.shown(value, language).to_string());
            texts.iter().any(|text| has(text))
        };
        has(&record.identity) || records::items(record.register).iter().any(shown)
    }
}

/// As it is compared: plates are typed with dots, in either width and case.
fn plain(text: &str) -> String {
    let text = narrow(text).to_lowercase();
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{b7}' | '\u{30fb}' | '.'))
        .collect()
}

/// One record with all its revisions.
#[utoipa::path(get, path = "/api/records/{register}/{key}",
    params(("register" = String, Path), ("key" = String, Path)), responses(
    (status = 200, body = RecordHistory), (status = "4XX", body = Problem)))]
pub(crate) async fn record(
    State(desk): State<Desk>,
    Named((register, key)): Named<(String, String)>,
) -> Result<Json<RecordHistory>, Refusal> {
    let register = named(&register)?;
    let key: RecordKey = key.parse().map_err(|_| Refusal::not_found())?;
    let found = desk
        .readers
        .read(move |reader| reader.record_history(key))
        .await?;
    let is_other = |record: &RecordView| record.register != register;
    if found.first().is_none_or(is_other) {
        return Err(Refusal::not_found());
    }
    let rules = desk.site.register_rules(Timestamp::now());
    Ok(Json(RecordHistory {
        items: item_seen(register, &rules),
        revisions: found.iter().map(|r| RecordSeen::of(r, &rules)).collect(),
    }))
}

//! Who may pass: strategies and visitors that people put in force, what platforms sent, and what would be
//! decided.

mod form;
mod over_limit;
mod strategies;
mod trials;
mod visitors;

use axum::Json;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Reader;
use orders::rules::RuleChange;
use orders::{Done, Order};
use passage::{RuleKind, RuleView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::{Key, Language};

use crate::asked::why_given;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::session::Person;
use crate::texts::Texts;

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(strategies::strategies, strategies::put_in_force))
        .routes(routes!(strategies::reject))
        .routes(routes!(strategies::end_strategy))
        .routes(routes!(visitors::visitors, visitors::expect))
        .routes(routes!(visitors::end_visitor))
        .routes(routes!(over_limit::over_limit))
        .routes(routes!(over_limit::review))
        .routes(routes!(over_limit::review_with_evidence))
        .routes(routes!(over_limit::review_evidence))
        .routes(routes!(trials::explain))
        .routes(routes!(trials::replay))
}

/// Why a rule shall be ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    why: String,
    /// The revision that the page shows.
    base: u32,
}

/// How it stands with a rule, and who said so.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Standing {
    /// Its name everywhere, 32 hexadecimal digits.
    key: String,
    revision: u32,
    /// `in_force`, `ended` or `rejected`.
    state: String,
    state_text: Texts,
    who: String,
    why: String,
    at: Timestamp,
}

/// A rule was kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kept {
    /// Its name everywhere.
    key: String,
}

impl Standing {
    fn of(rule: &RuleView) -> Self {
        Self {
            key: rule.key.to_string(),
            revision: rule.revision,
            state: rule.state.to_string(),
            state_text: Texts::named(words::Group::Rule, rule.state.as_str()),
            who: rule.who.clone(),
            why: rule.why.clone(),
            at: rule.at,
        }
    }
}

/// Has a rule kept, in the name of whoever is signed in.
async fn keep(desk: &Desk, change: RuleChange) -> Result<Json<Kept>, Refusal> {
    why_given(&change.why, Key::LedgerRuleNeeds)?;
    match desk.order(Order::Rule(Box::new(change))).await? {
        Done::Ruled(key) => Ok(Json(Kept {
            key: key.to_string(),
        })),
        _ => Err(Refusal::not_found()),
    }
}

/// Ends the rule of this key as the page shows it.
async fn end(
    desk: &Desk,
    kind: RuleKind,
    key: String,
    ending: Ending,
    by: &Person,
) -> Result<Json<Kept>, Refusal> {
    let found = desk
        .readers
        .read(move |reader| held(reader, kind, &key))
        .await?;
    let shown = RuleView {
        revision: ending.base,
        ..found
    };
    keep(desk, RuleChange::ended(&shown, (&by.name, &ending.why))).await
}

fn held(reader: &Reader, kind: RuleKind, key: &str) -> Result<RuleView, Refusal> {
    let mut all = reader.rules(kind)?.into_iter();
    let found = all.find(|rule| rule.key.to_string() == key);
    found.ok_or_else(Refusal::not_found)
}

/// Several sentences, each in both languages.
fn sentences(said: impl Fn(Language) -> Vec<String>) -> Vec<Texts> {
    let in_each = Language::ALL.map(said);
    let lines = 0..in_each[0].len();
    lines
        .map(|line| Texts::each(|language| in_each[language as usize][line].clone()))
        .collect()
}

/// On the site's clock, as a browser's field for times has it.
fn on_clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%Y-%m-%dT%H:%M")
        .to_string()
}

//! Strategies: the platforms' words beside the structured rule, confirmed, rejected and ended.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use orders::rules::{RuleChange, SentStrategy, sent_strategies, sent_strategy};
use passage::{RuleKind, RuleState, RuleView};
use policy::{Strategy, Template, describe};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::form::StrategyForm;
use super::{Ending, Kept, Standing, held, keep, sentences};
use crate::asked::{Named, Told};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;
use crate::texts::Texts;

/// What platforms sent, every strategy, and the common ones to start from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Strategies {
    /// The newest first.
    sent: Vec<Sent>,
    /// The newest first.
    strategies: Vec<StrategySeen>,
    templates: Vec<TemplateSeen>,
}

/// What a platform sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sent {
    /// Its number in the ledger.
    id: i64,
    platform: String,
    platform_id: String,
    received_at: Timestamp,
    /// When the platform was told that it was received.
    answered_at: Option<Timestamp>,
    /// The measures, word for word.
    words: String,
    /// Every other item that the platform gave, as people read it.
    #[schema(value_type = Vec<SentItem>)]
    items: Vec<SentItem>,
    /// What a person may start from; null where the words mean none of the common strategies.
    proposal: Option<StrategyForm>,
    /// What was made of it.
    rule: Option<Standing>,
}

/// An item of what a platform sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentItem {
    label: Texts,
    value: String,
}

/// A strategy of people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StrategySeen {
    #[serde(flatten)]
    standing: Standing,
    title: String,
    /// What it says, a sentence each.
    said: Vec<Texts>,
    form: StrategyForm,
    /// Number of the platform's words that it was made of.
    sent: Option<i64>,
    /// It binds vehicles now.
    holds: bool,
    /// Its time is over.
    over: bool,
}

/// A common strategy to start from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateSeen {
    name: String,
    form: StrategyForm,
}

/// A strategy to be put in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStrategy {
    strategy: StrategyForm,
    /// Number of the platform's words that it is made of.
    #[serde(default)]
    sent: Option<i64>,
    /// In place of this strategy, by its key.
    #[serde(default)]
    replaces: Option<String>,
    /// The revision of it that the page shows.
    #[serde(default)]
    base: u32,
    why: String,
}

/// What shall not be in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rejection {
    why: String,
}

/// What platforms sent beside what people made of it, and every strategy.
#[utoipa::path(get, path = "/api/strategies", responses(
    (status = 200, body = Strategies), (status = "4XX", body = Problem)))]
pub(crate) async fn strategies(State(desk): State<Desk>) -> Result<Json<Strategies>, Refusal> {
    let found = desk.readers.read(|reader| {
        let sent = sent_strategies(reader)?;
        let rules = reader.rules(RuleKind::Strategy)?;
        Ok::<_, orders::Error>((sent, rules))
    });
    let (sent, rules) = found.await?;
    let (zone, now) = (&desk.site.zone, Timestamp::now());
    let mut strategies: Vec<_> = rules
        .iter()
        .filter_map(|rule| seen(rule, zone, now))
        .collect();
    strategies.reverse();
    let template = |template: &Template| TemplateSeen {
        name: template.to_string(),
        form: StrategyForm::of(&template.strategy(now, None), zone),
    };
    Ok(Json(Strategies {
        sent: sent
            .iter()
            .rev()
            .map(|sent| sent_seen(sent, zone))
            .collect(),
        strategies,
        templates: Template::ALL.iter().map(template).collect(),
    }))
}

/// Puts a strategy in force: a platform's as a person has understood it, one of the site's own, or another
/// in place of one that is there.
#[utoipa::path(post, path = "/api/strategies", request_body = NewStrategy, responses(
    (status = 200, body = Kept), (status = "4XX", body = Problem)))]
pub(crate) async fn put_in_force(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<NewStrategy>,
) -> Result<Json<Kept>, Refusal> {
    let strategy = told.strategy.strategy(&desk.site.zone)?;
    let (sent, key) = (told.sent, told.replaces);
    let found = desk.readers.read(move |reader| {
        if let Some(id) = sent {
            sent_strategy(reader, id).map_err(|_| Refusal::not_found())?;
        }
        let old = key.map(|key| held(reader, RuleKind::Strategy, &key));
        old.transpose()
    });
    let replaces = found.await?.map(|found| RuleView {
        revision: told.base,
        ..found
    });
    let by = (by.name.as_str(), told.why.as_str());
    let change = RuleChange::strategy(&strategy, sent, replaces.as_ref(), by)?;
    keep(&desk, change).await
}

/// Refuses what a platform sent; it never was in force.
#[utoipa::path(post, path = "/api/strategies/sent/{id}/rejection", params(("id" = i64, Path)),
    request_body = Rejection, responses(
    (status = 200, body = Kept), (status = "4XX", body = Problem)))]
pub(crate) async fn reject(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<Rejection>,
) -> Result<Json<Kept>, Refusal> {
    let sent = desk
        .readers
        .read(move |reader| sent_strategy(reader, id).map_err(|_| Refusal::not_found()));
    sent.await?;
    keep(&desk, RuleChange::rejected(id, (&by.name, &told.why))).await
}

/// Ends a strategy.
#[utoipa::path(post, path = "/api/strategies/{key}/end", params(("key" = String, Path)),
    request_body = Ending, responses(
    (status = 200, body = Kept), (status = "4XX", body = Problem)))]
pub(crate) async fn end_strategy(
    State(desk): State<Desk>,
    by: Person,
    Named(key): Named<String>,
    Told(told): Told<Ending>,
) -> Result<Json<Kept>, Refusal> {
    super::end(&desk, RuleKind::Strategy, key, told, &by).await
}

/// Nothing for what was rejected: it stands beside the platform's words.
fn seen(rule: &RuleView, zone: &TimeZone, now: Timestamp) -> Option<StrategySeen> {
    let strategy: Strategy = serde_json::from_value(rule.content.clone()).ok()?;
    let in_force = rule.state == RuleState::InForce;
    Some(StrategySeen {
        standing: Standing::of(rule),
        title: strategy.title.clone(),
        said: sentences(|language| describe(&strategy, language, zone)),
        sent: rule.downlink,
        holds: in_force && strategy.is_valid_at(now),
        over: in_force && strategy.is_over_at(now),
        form: StrategyForm::of(&strategy, zone),
    })
}

fn sent_seen(sent: &SentStrategy, zone: &TimeZone) -> Sent {
    let parsed = &sent.entry.parsed;
    let words = parsed.get("measures").and_then(|words| words.as_str());
    let known: BTreeMap<&str, &serde_json::Value> = parsed
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| name.as_str() != "measures" && !value.is_null())
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    let item = |item: &passage::Item| {
        let value = known.get(item.name)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let time = text.parse::<Timestamp>().ok();
        Some(SentItem {
            label: Texts::each(|language| match language {
                words::Language::Zh => item.zh.to_owned(),
                words::Language::En => item.en.to_owned(),
            }),
            value: time.map_or(text, |at| words::to_minute(at, zone)),
        })
    };
    Sent {
        id: sent.entry.id,
        platform: sent.entry.platform.clone(),
        platform_id: sent.entry.platform_id.clone(),
        received_at: sent.entry.received_at,
        answered_at: sent.entry.answered_at,
        words: words.unwrap_or_default().to_owned(),
        items: passage::ITEMS.iter().filter_map(item).collect(),
        proposal: sent
            .proposal()
            .map(|proposal| StrategyForm::of(&proposal, zone)),
        rule: sent.rule.as_ref().map(Standing::of),
    }
}

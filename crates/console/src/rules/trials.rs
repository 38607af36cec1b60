//! What would be decided of a vehicle, and what other rules would have decided of those that came.

use ::rules::{Changed, trial};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use ledger::Filter;
use orders::coded;
use passage::{Direction, Verdict};
use plate::{Color, PlateNumber};
use policy::SeenVehicle;
use records::{range_end, range_start};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::form::{StrategyForm, time};
use super::sentences;
use crate::asked::{Asked, Told};
use crate::codes::VerdictCode;
use crate::desk::Desk;
use crate::passages::view::Passage;
use crate::refusal::{Problem, Refusal};
use crate::texts::Texts;

/// Changed passages that a page shows.
const SHOWN: usize = 100;

/// A vehicle that may come.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplainAsked {
    /// However it is written.
    plate: String,
    /// By code or name; not known without it.
    color: Option<String>,
    /// Any lane without it.
    lane: Option<String>,
    /// On the site's clock; now without it.
    at: Option<String>,
}

/// What would be decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explained {
    plate: String,
    #[schema(value_type = VerdictCode)]
    verdict: Verdict,
    /// Code of the rule.
    reason: String,
    /// The rule first, then what it rests on and what would change it; never empty.
    said: Vec<Texts>,
    /// What the register holds; null for a vehicle that is not registered.
    facts: Option<Texts>,
}

/// What shall be decided once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayAsked {
    /// From this day, month or time on.
    from: String,
    /// Up to this day or month (included) or time.
    #[serde(default)]
    to: Option<String>,
    /// Only what this strategy would have changed, as if it had been in force all the time.
    #[serde(default)]
    with: Option<StrategyForm>,
}

/// What would have been decided otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Replayed {
    looked_at: u64,
    changed: u64,
    denied: u64,
    asked: u64,
    allowed: u64,
    /// The first hundred, the oldest first.
    passages: Vec<ChangedSeen>,
}

/// A passage that would have been decided otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedSeen {
    passage: Passage,
    #[schema(value_type = VerdictCode)]
    before: Verdict,
    #[schema(value_type = VerdictCode)]
    now: Verdict,
    said: Vec<Texts>,
}

/// What the rules would decide of a vehicle, and why.
#[utoipa::path(get, path = "/api/policy/explain", params(ExplainAsked), responses(
    (status = 200, body = Explained), (status = "4XX", body = Problem)))]
pub(crate) async fn explain(
    State(desk): State<Desk>,
    Asked(asked): Asked<ExplainAsked>,
) -> Result<Json<Explained>, Refusal> {
    let color = asked.color.as_deref().filter(|color| !color.is_empty());
    let color = color.map(|color| coded(&records::code::PLATE_COLOR, color));
    let color = color.transpose()?.unwrap_or(Color::Unknown);
    let zone = &desk.site.zone;
    let at = asked.at.as_deref().filter(|at| !at.is_empty());
    let at = at.map(|at| time(at, zone, "at")).transpose()?;
    let plate = PlateNumber::normalise(&asked.plate);
    let lane = asked.lane.unwrap_or_default();
    let seen = SeenVehicle {
        lane: &lane,
        direction: None::<Direction>,
        ..SeenVehicle::sure(plate.as_str(), color)
    };
    let decision = desk.rules.decide(seen, at.unwrap_or_else(Timestamp::now));
    let facts = decision.grounds.facts.as_ref();
    Ok(Json(Explained {
        verdict: decision.verdict,
        reason: decision.reason.to_string(),
        said: sentences(|language| {
            policy::explain(decision.reason.as_str(), &decision.grounds, language, zone)
        }),
        facts: facts.map(|facts| {
            Texts::each(|language| policy::facts_text(facts, language).unwrap_or_default())
        }),
        plate: plate.to_string(),
    }))
}

/// Decides the passages of a time once more, by the rules of now or with one strategy more.
#[utoipa::path(post, path = "/api/policy/replay", request_body = ReplayAsked, responses(
    (status = 200, body = Replayed), (status = "4XX", body = Problem)))]
pub(crate) async fn replay(
    State(desk): State<Desk>,
    Told(told): Told<ReplayAsked>,
) -> Result<Json<Replayed>, Refusal> {
    let (zone, now) = (&desk.site.zone, Timestamp::now());
    let wrong = |field: &'static str| {
        move |error: records::NotATime| Refusal::invalid(error.said()).of(field)
    };
    let from = range_start(&told.from, zone, now).map_err(wrong("from"))?;
    let to = told.to.as_deref().filter(|to| !to.is_empty());
    let until = to.map(|to| range_end(to, zone, now)).transpose();
    let filter = Filter {
        from: Some(from),
        until: until.map_err(wrong("to"))?,
        ..Filter::default()
    };
    let held = desk.rules.book();
    let with = told.with.map(|with| with.strategy(zone)).transpose()?;
    let found = desk.readers.read(move |reader| match with {
        None => ::rules::replay(reader, &filter, &held, None),
        Some(strategy) => {
            ::rules::replay(reader, &filter, &trial(&held, strategy, from), Some(&held))
        }
    });
    let found = found.await?;
    let seen = |changed: &Changed| ChangedSeen {
        passage: Passage::of(&changed.passage, zone),
        before: changed.before.0,
        now: changed.now.verdict,
        said: sentences(|language| {
            let (reason, grounds) = (changed.now.reason.as_str(), &changed.now.grounds);
            policy::explain(reason, grounds, language, zone)
        }),
    };
    Ok(Json(Replayed {
        looked_at: found.looked_at,
        changed: found.changed,
        denied: found.denied,
        asked: found.asked,
        allowed: found.allowed,
        passages: found.passages.iter().take(SHOWN).map(seen).collect(),
    }))
}

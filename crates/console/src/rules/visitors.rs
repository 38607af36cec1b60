//! Visitors: who is expected, when, and how often a day.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use orders::coded;
use orders::rules::RuleChange;
use passage::{RuleKind, RuleState};
use plate::PlateNumber;
use policy::Visitor;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::form::time;
use super::{Ending, Kept, Standing, keep};
use crate::asked::{Named, Told};
use crate::codes::ColorCode;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// Who is expected, and who was, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Visitors {
    visitors: Vec<VisitorSeen>,
}

/// A vehicle that somebody expects.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VisitorSeen {
    #[serde(flatten)]
    standing: Standing,
    plate: String,
    /// Null for any.
    #[schema(value_type = Option<ColorCode>)]
    color: Option<plate::Color>,
    from: Timestamp,
    until: Timestamp,
    per_day: Option<u32>,
    host: String,
    reason: String,
    /// It may come now, but for how often it has come.
    holds: bool,
    /// Its time is over.
    over: bool,
    /// Entries of today, where they are counted.
    today: Option<u32>,
}

/// A vehicle to be expected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVisitor {
    /// However it is written.
    plate: String,
    /// By code or name; any without it.
    #[serde(default)]
    color: Option<String>,
    /// On the site's clock.
    from: String,
    /// On the site's clock.
    until: String,
    #[serde(default)]
    per_day: Option<u32>,
    host: String,
    /// What for; it is kept as the reason as well.
    reason: String,
}

/// Who is expected, and who was.
#[utoipa::path(get, path = "/api/visitors", responses(
    (status = 200, body = Visitors), (status = "4XX", body = Problem)))]
pub(crate) async fn visitors(State(desk): State<Desk>) -> Result<Json<Visitors>, Refusal> {
    let rules = desk.readers.read(|reader| reader.rules(RuleKind::Visitor));
    let now = Timestamp::now();
    let rules = rules.await?;
    let seen = rules.iter().rev().filter_map(|rule| {
        let visitor: Visitor = serde_json::from_value(rule.content.clone()).ok()?;
        let in_force = rule.state == RuleState::InForce;
        let holds = in_force && visitor.is_valid_at(now);
        let counted = holds && visitor.per_day.is_some();
        let today = visitor.color.filter(|_| counted);
        Some(VisitorSeen {
            standing: Standing::of(rule),
            today: today.and_then(|color| desk.rules.entries(visitor.plate.as_str(), color, now)),
            holds,
            over: in_force && visitor.until <= now,
            plate: visitor.plate.to_string(),
            color: visitor.color,
            from: visitor.from,
            until: visitor.until,
            per_day: visitor.per_day,
            host: visitor.host,
            reason: visitor.reason,
        })
    });
    Ok(Json(Visitors {
        visitors: seen.collect(),
    }))
}

/// Expects a vehicle.
#[utoipa::path(post, path = "/api/visitors", request_body = NewVisitor, responses(
    (status = 200, body = Kept), (status = "4XX", body = Problem)))]
pub(crate) async fn expect(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<NewVisitor>,
) -> Result<Json<Kept>, Refusal> {
    let zone = &desk.site.zone;
    let color = told.color.as_deref().filter(|color| !color.is_empty());
    let color = color.map(|color| coded(&records::code::PLATE_COLOR, color));
    let visitor = Visitor {
        plate: PlateNumber::normalise(&told.plate),
        color: color.transpose()?,
        from: time(&told.from, zone, "from")?,
        until: time(&told.until, zone, "until")?,
        per_day: told.per_day,
        host: told.host,
        reason: told.reason.clone(),
    };
    let by = (by.name.as_str(), told.reason.as_str());
    keep(&desk, RuleChange::visitor(&visitor, None, by)?).await
}

/// Expects a vehicle no longer.
#[utoipa::path(post, path = "/api/visitors/{key}/end", params(("key" = String, Path)),
    request_body = Ending, responses(
    (status = 200, body = Kept), (status = "4XX", body = Problem)))]
pub(crate) async fn end_visitor(
    State(desk): State<Desk>,
    by: Person,
    Named(key): Named<String>,
    Told(told): Told<Ending>,
) -> Result<Json<Kept>, Refusal> {
    super::end(&desk, RuleKind::Visitor, key, told, &by).await
}

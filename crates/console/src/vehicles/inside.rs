//! Who is inside now (场内): vehicles that were seen to come in and not to leave; and counting who is there.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::{Span, Timestamp};
use ledger::Reader;
use orders::Order;
use passage::{PassageId, VisitMark};
use plate::Color;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use words::Key;

use super::registered;
use crate::asked::{Asked, Told};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// Days that are looked back; who came in earlier was not seen to leave.
const DAYS: i64 = 31;
const MOST_DAYS: i64 = 366;
/// Each is looked up with all that is known of it.
const MOST: usize = 1000;

/// How far back.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct InsideAsked {
    /// Days that are looked back, 31 without it.
    #[param(minimum = 1, maximum = 366)]
    days: Option<i64>,
}

/// Who is inside, by the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Inside {
    as_of: Timestamp,
    days: i64,
    /// The longest first, 1000 at most.
    vehicles: Vec<InsideVehicle>,
}

/// A vehicle that is inside.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InsideVehicle {
    plate: String,
    #[schema(value_type = crate::codes::ColorCode)]
    color: Color,
    /// Its entry.
    passage: i64,
    since: Timestamp,
    /// It stands in the vehicle register.
    is_registered: bool,
    /// Tags that people gave it.
    tags: Vec<String>,
}

/// Who was looked for and is not there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stocktaking {
    /// Entries of vehicles that left unseen, 1000 at most.
    left: Vec<i64>,
    why: String,
    /// They had left by then, by the site's clock; by now without it.
    #[serde(default)]
    left_at: Option<String>,
}

/// Vehicles that came in and were not seen to leave.
#[utoipa::path(get, path = "/api/inside", params(InsideAsked), responses(
    (status = 200, body = Inside), (status = "4XX", body = Problem)))]
pub(crate) async fn inside(
    State(desk): State<Desk>,
    Asked(asked): Asked<InsideAsked>,
) -> Result<Json<Inside>, Refusal> {
    let as_of = Timestamp::now();
    let days = asked.days.unwrap_or(DAYS).clamp(1, MOST_DAYS);
    let from = as_of.checked_sub(Span::new().hours(days * 24));
    let from = from.map_err(|error| Refusal::failed(&error))?;
    let look = move |reader: &Reader| {
        let mut vehicles = Vec::new();
        for entry in reader.inside(from, Timestamp::MAX, MOST)? {
            let (plate, color) = (entry.reading.plate, entry.reading.color);
            vehicles.push(InsideVehicle {
                is_registered: registered(reader, &plate, color)?.is_some(),
                tags: reader.tags_of(&plate, color)?,
                plate,
                color,
                passage: entry.id.0,
                since: entry.decided_at,
            });
        }
        Ok::<_, ledger::Error>(vehicles)
    };
    let vehicles = desk.readers.read(look).await?;
    Ok(Json(Inside {
        as_of,
        days,
        vehicles,
    }))
}

/// Says of vehicles that were not found that they left unseen: of all of them, or, when one has left meanwhile
/// or somebody was faster, of none (409).
#[utoipa::path(post, path = "/api/inside/stocktaking", request_body = Stocktaking, responses(
    (status = 204), (status = 409, body = Problem), (status = "4XX", body = Problem)))]
pub(crate) async fn stocktaking(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<Stocktaking>,
) -> Result<StatusCode, Refusal> {
    if told.left.is_empty() || told.left.len() > MOST {
        return Err(Refusal::invalid(Key::LedgerVisitNeeds).of("left"));
    }
    let left_at = match &told.left_at {
        Some(text) => desk.moment(text, "left_at")?,
        None => Timestamp::now(),
    };
    let entries: BTreeSet<i64> = told.left.into_iter().collect();
    let left = |entry| VisitMark::Left {
        entry: PassageId(entry),
        left_at,
    };
    let order = Order::MarkVisits {
        marks: entries.into_iter().map(left).collect(),
        who: by.name,
        why: told.why,
    };
    desk.order(order).await?;
    Ok(StatusCode::NO_CONTENT)
}

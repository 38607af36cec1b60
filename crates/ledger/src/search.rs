//! The combined query: any of its conditions, page by page, over two years of passages.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::codes::coded;
use crate::error::{Error, ErrorKind, Result};
use crate::facts::folded;
use crate::id::PassageId;
use crate::model::{Decision, Direction};
use crate::query;
use crate::view::PassageView;

/// Parts of a plate shorter than the index's three characters are looked for within this range.
pub const SHORT_PART_RANGE: Duration = Duration::from_secs(62 * 86_400);
/// Fewer plates than this are looked up one by one; for more it is quicker to go by time.
const FEW_PLATES: i64 = 400;

coded! {
    /// How far a passage is uploaded.
    pub enum UploadState {
        /// Some delivery waits or is being sent.
        Waiting = "waiting",
        /// Some sink refused it.
        Refused = "refused",
        /// Every delivery is acknowledged.
        Acknowledged = "acknowledged",
        /// There was nowhere to send it.
        None = "none",
    }
}

/// A plate to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlatePart {
    /// The plate, or a part of it.
    pub text: String,
    /// The whole plate is meant.
    pub whole: bool,
    /// Characters that are taken for each other count as the same: 0 D O Q, 8 B, 5 S, 2 Z,
    /// 1 I T L, 6 G, U V.
    pub similar: bool,
}

/// What passages are wanted: all conditions at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Decided from then on.
    pub from: Option<Timestamp>,
    /// Decided before.
    pub until: Option<Timestamp>,
    /// Plate.
    pub plate: Option<PlatePart>,
    /// True: only passages whose plate nobody knows; false: only known ones.
    pub unknown: Option<bool>,
    /// Entrance number.
    pub entrance: Option<String>,
    /// Lane name.
    pub lane: Option<String>,
    /// Way of travel.
    pub direction: Option<Direction>,
    /// Plate colour.
    pub color: Option<plate::Color>,
    /// Emission standard that the vehicle register gave it, by its code.
    pub emission: Option<String>,
    /// Fuel that the vehicle register gave it, by its code.
    pub fuel: Option<String>,
    /// What the gate decided.
    pub decision: Option<Decision>,
    /// Why, by its code.
    pub reason: Option<String>,
    /// How far it is uploaded.
    pub upload: Option<UploadState>,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    decided_at_ms: i64,
    passage: PassageId,
}

/// A page of passages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// In the wanted order.
    pub passages: Vec<PassageView>,
    /// Where the next one begins, if there may be one. Nothing counts the total: that would mean
    /// looking at all of them.
    pub next: Option<Cursor>,
}

/// Refuses a filter that would read two years for a page.
pub(crate) fn check(filter: &Filter) -> Result<()> {
    let invalid = |text: &str| Err(Error::new(ErrorKind::Invalid, text));
    if let (Some(from), Some(until)) = (filter.from, filter.until)
        && until <= from
    {
        return invalid("the end of the time range is not after its beginning");
    }
    let Some(plate) = filter.plate.as_ref() else {
        return Ok(());
    };
    let length = plate.text.chars().count();
    if length == 0 || length > 16 {
        return invalid("a plate to look for has 1 to 16 characters");
    }
    let bounded = match (filter.from, filter.until) {
        (Some(from), Some(until)) => {
            until.duration_since(from)
                <= SHORT_PART_RANGE
                    .try_into()
                    .unwrap_or(jiff::SignedDuration::MAX)
        }
        _ => false,
    };
    if !plate.whole && length < 3 && !bounded {
        return invalid(
            "a part of a plate with fewer than 3 characters needs a time range of 62 days at most",
        );
    }
    Ok(())
}

/// One page.
pub(crate) fn page(
    from: &Connection,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> rusqlite::Result<Page> {
    let (sql, values) = statement(from, filter, after, limit)?;
    let found: Vec<Cursor> = from
        .prepare_cached(&sql)?
        .query_map(params_from_iter(&values), |row| {
            Ok(Cursor {
                decided_at_ms: row.get(0)?,
                passage: PassageId(row.get(1)?),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let next = (found.len() == limit)
        .then(|| found.last().copied())
        .flatten();
    let passages = found
        .iter()
        .filter_map(|at| query::passage_of(from, at.passage).transpose())
        .collect::<rusqlite::Result<_>>()?;
    Ok(Page { passages, next })
}

#[derive(Default)]
struct Conditions {
    sql: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, sql: &str, value: impl Into<Value>) {
        self.sql.push(sql.to_owned());
        self.values.push(value.into());
    }

    fn equal<T: ToString>(&mut self, column: &str, value: Option<T>) {
        if let Some(value) = value {
            self.add(&format!("f.{column} = ?"), value.to_string());
        }
    }
}

/// The passages of the deliveries that wait or were refused; there are few of them.
const WAITING: &str =
    "SELECT passage_id FROM outbox WHERE settled_at_ms IS NULL AND passage_id IS NOT NULL";
const REFUSED: &str =
    "SELECT passage_id FROM outbox WHERE state = 'refused' AND passage_id IS NOT NULL";

fn statement(
    from: &Connection,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> rusqlite::Result<(String, Vec<Value>)> {
    let mut all = Conditions::default();
    if let Some(plate) = &filter.plate {
        plate_condition(from, plate, &mut all)?;
    }
    if let Some(time) = filter.from {
        all.add("f.decided_at_ms >= ?", time.as_millisecond());
    }
    if let Some(time) = filter.until {
        all.add("f.decided_at_ms < ?", time.as_millisecond());
    }
    all.equal("entrance", filter.entrance.as_ref());
    all.equal("lane", filter.lane.as_ref());
    all.equal("direction", filter.direction);
    all.equal("color", filter.color);
    all.equal("emission", filter.emission.as_ref());
    all.equal("fuel", filter.fuel.as_ref());
    all.equal("decision", filter.decision);
    all.equal("reason", filter.reason.as_ref());
    match filter.unknown {
        Some(true) => all.sql.push("f.known = 0".to_owned()),
        Some(false) => all.sql.push("f.known = 1".to_owned()),
        None => {}
    }
    let delivered = "EXISTS (SELECT 1 FROM outbox WHERE passage_id = f.passage_id)";
    match filter.upload {
        Some(UploadState::Waiting) => all.sql.push(format!("f.passage_id IN ({WAITING})")),
        Some(UploadState::Refused) => all.sql.push(format!("f.passage_id IN ({REFUSED})")),
        Some(UploadState::Acknowledged) => all.sql.push(format!(
            "{delivered} AND f.passage_id NOT IN ({WAITING}) AND f.passage_id NOT IN ({REFUSED})"
        )),
        Some(UploadState::None) => all.sql.push(format!("NOT {delivered}")),
        None => {}
    }
    let (order, beyond) = if filter.oldest_first {
        ("ASC", ">")
    } else {
        ("DESC", "<")
    };
    if let Some(after) = after {
        let beyond = format!("(f.decided_at_ms, f.passage_id) {beyond} (?, ?)");
        all.add(&beyond, after.decided_at_ms);
        all.values.push(after.passage.0.into());
    }
    let mut sql = String::from("SELECT f.decided_at_ms, f.passage_id FROM passage_facts f");
    if !all.sql.is_empty() {
        sql += " WHERE ";
        sql += &all.sql.join(" AND ");
    }
    sql += &format!(" ORDER BY f.decided_at_ms {order}, f.passage_id {order} LIMIT ?");
    all.values
        .push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    Ok((sql, all.values))
}

/// Which plates are meant, found among the plates that ever were, each of which is there once.
fn plate_condition(
    from: &Connection,
    plate: &PlatePart,
    all: &mut Conditions,
) -> rusqlite::Result<()> {
    let (column, text) = if plate.similar {
        ("folded", folded(&plate.text))
    } else {
        ("plate", plate.text.clone())
    };
    let (picked, value) = if plate.whole {
        (format!("SELECT id FROM plates WHERE {column} = ?"), text)
    } else if text.chars().count() >= 3 {
        let quoted = format!("{column} : \"{}\"", text.replace('"', "\"\""));
        let sql = "SELECT rowid FROM plate_parts WHERE plate_parts MATCH ?";
        (sql.to_owned(), quoted)
    } else {
        let sql = format!("SELECT id FROM plates WHERE instr({column}, ?) > 0");
        (sql, text)
    };
    let few: i64 = from
        .prepare_cached(&format!(
            "SELECT count(*) FROM ({picked} LIMIT {FEW_PLATES})"
        ))?
        .query_row([&value as &dyn ToSql], |row| row.get(0))?;
    // The plus keeps the index of plates out of it: many plates are found quicker along time.
    let column = if few < FEW_PLATES {
        "f.plate_id"
    } else {
        "+f.plate_id"
    };
    all.add(&format!("{column} IN ({picked})"), value);
    Ok(())
}

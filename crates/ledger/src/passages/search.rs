//! The combined query: any of its conditions, page by page, over two years of passages.

mod plan;

use std::time::Duration;

use jiff::Timestamp;
use passage::{Direction, PassageId, PassageView, Verdict, coded};
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};
use words::Key;

use crate::error::{Error, ErrorKind, Result};
use crate::passages::query;
use crate::reader::Reader;

/// Parts of a plate shorter than the index's three characters are looked for within this range.
pub const SHORT_PART_RANGE: Duration = Duration::from_secs(62 * 86_400);

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

/// Plates that are looked for at once: more is an import, not a question.
const MOST_PLATES: usize = 100;

/// A plate to look for, or several of which any will do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlatePart {
    /// The plate, or a part of it, as a person writes it; several with commas between.
    pub text: String,
    /// Each plate is given whole.
    pub whole: bool,
    /// Characters that are taken for each other count as the same: 0 D O Q, 8 B, 5 S, 2 Z,
    /// 1 I T L, 6 G, U V.
    pub similar: bool,
}

impl PlatePart {
    /// Each plate by itself, without blanks around it.
    fn each(&self) -> impl Iterator<Item = &str> {
        // Commas and semicolons of either width, and the one of Chinese lists.
        let separate = |c| matches!(c, ',' | ';' | '\u{FF0C}' | '\u{FF1B}' | '\u{3001}' | '\n');
        let each = self.text.split(separate).map(str::trim);
        each.filter(|text| !text.is_empty())
    }
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
    pub decision: Option<Verdict>,
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

/// `1764384000000-17`, for a command line.
impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.decided_at_ms, self.passage)
    }
}

/// Text that is not where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not where a page ended")]
pub struct NotACursor;

impl std::str::FromStr for Cursor {
    type Err = NotACursor;

    /// What is printed; JSON, as it was printed before, is taken too.
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        if let Ok(cursor) = serde_json::from_str(text) {
            return Ok(cursor);
        }
        let (at, passage) = text.rsplit_once('-').ok_or(NotACursor)?;
        Ok(Self {
            decided_at_ms: at.parse().map_err(|_| NotACursor)?,
            passage: PassageId(passage.parse().map_err(|_| NotACursor)?),
        })
    }
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

/// Passages that [`Reader::each`] holds at a time.
const EACH: usize = 200;

impl Reader {
    /// A page of the passages that meet every condition of `filter`, after where the page before
    /// ended.
    ///
    /// # Errors
    /// `Invalid` for a filter that can't be met quickly, in words; else see [`ErrorKind`].
    pub fn search(&self, filter: &Filter, after: Option<Cursor>, limit: usize) -> Result<Page> {
        check(filter)?;
        self.read(|from| page(from, filter, after, limit))
    }

    /// Hands every such passage to `take` until it answers false, a few at a time: a month needs no
    /// more memory than a page, and the log can be cut back meanwhile.
    ///
    /// # Errors
    /// As [`Reader::search`].
    pub fn each(&self, filter: &Filter, mut take: impl FnMut(PassageView) -> bool) -> Result<()> {
        let mut after = None;
        loop {
            let page = self.search(filter, after, EACH)?;
            for passage in page.passages {
                if !take(passage) {
                    return Ok(());
                }
            }
            after = match page.next {
                Some(next) => Some(next),
                None => return Ok(()),
            };
        }
    }
}

/// Refuses a filter that would read two years for a page.
fn check(filter: &Filter) -> Result<()> {
    let invalid = |why: Key| Err(Error::refused(ErrorKind::Invalid, why));
    if let (Some(from), Some(until)) = (filter.from, filter.until)
        && until <= from
    {
        return invalid(Key::LedgerEndsFirst);
    }
    let Some(plate) = filter.plate.as_ref() else {
        return Ok(());
    };
    let length = |text| {
        let plate = plate::PlateNumber::normalise(text);
        plate.as_str().chars().count()
    };
    let lengths: Vec<_> = plate.each().map(length).collect();
    let fits = |length: &usize| (1..=16).contains(length);
    if !(1..=MOST_PLATES).contains(&lengths.len()) || !lengths.iter().all(fits) {
        return invalid(Key::LedgerPlateLength);
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
    if !plate.whole && lengths.iter().any(|length| *length < 3) && !bounded {
        return invalid(Key::LedgerShortPart);
    }
    Ok(())
}

/// One page.
fn page(
    from: &Connection,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> rusqlite::Result<Page> {
    let statement = plan::statement(from, filter, after, limit)?;
    let found: Vec<Cursor> = from
        .prepare_cached(&statement.sql)?
        .query_map(params_from_iter(&statement.values), |row| {
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

//! What there is to draw from, as of a moment: counts and hashes that later prove that nothing was left out.

use jiff::Timestamp;
use jiff::civil::Date;
use passage::{RecordKey, Register};
use rusqlite::{Connection, Row, named_params, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::Result;
use crate::proof::chain;
use crate::proof::chain::sources::Source;
use crate::proof::open::{EvidenceRow, content_in, evidence_row};
use crate::reader::Reader;
use crate::rows;

/// A day of the site and its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenPart {
    /// The day.
    pub day: Date,
    /// Its beginning.
    pub from: Timestamp,
    /// Its end, which is no longer part of it.
    pub until: Timestamp,
}

/// What a day held when it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenDay {
    /// The day.
    pub day: Date,
    /// Milliseconds since 1970 at its beginning.
    pub from_ms: i64,
    /// The same at its end, which is no longer part of it.
    pub until_ms: i64,
    /// How many passages were decided on it at the entrances in question.
    pub passages: u64,
    /// SHA-256 over the hashes of their rows, by the time of decision and number.
    pub sha256: String,
}

/// The ledger as of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenLedger {
    /// Links of the chain.
    pub links: i64,
    /// Hash of the last of them.
    pub head: String,
    /// Number of the last passage.
    pub last_passage: i64,
    /// Number of the last revision of a record.
    pub last_revision: i64,
    /// The days that were asked for.
    pub days: Vec<FrozenDay>,
}

/// The passages of a day that were frozen.
#[derive(Debug, Clone, Copy)]
pub struct Population<'a> {
    /// Decided from then on, milliseconds.
    pub from_ms: i64,
    /// Decided before.
    pub until_ms: i64,
    /// At these entrances; at all of them when there is none.
    pub entrances: &'a [String],
    /// With a number up to this.
    pub last_passage: i64,
}

/// A record of a register as it held when it was frozen.
#[derive(Debug, Clone, PartialEq)]
pub struct FrozenRecord {
    /// Its key.
    pub key: RecordKey,
    /// Which revision held.
    pub revision: u32,
    /// What people call it.
    pub identity: String,
    /// The revision's row.
    pub row: EvidenceRow,
}

impl Population<'_> {
    /// The entrances as JSON, for SQLite.
    fn places(&self) -> rusqlite::Result<String> {
        rows::to_json(&self.entrances)
    }
}

/// Those of a day, in the order in which they are hashed and drawn.
const OF_A_DAY: &str = "FROM passages WHERE decided_at_ms >= :from AND decided_at_ms < :until
     AND id <= :last AND (:places = '[]' OR entrance IN (SELECT value FROM json_each(:places)))
     ORDER BY decided_at_ms, id";

impl Reader {
    /// Goes over these days on one state of the ledger, a row at a time.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn freeze(&self, days: &[FrozenPart], entrances: &[String]) -> Result<FrozenLedger> {
        self.read(|from| {
            let (links, head) = chain::head(from)?;
            let last = |table: &str| {
                let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
                from.query_row(&sql, [], |row| row.get::<_, i64>(0))
            };
            let (last_passage, last_revision) = (last("passages")?, last("record_revisions")?);
            let days = days.iter().map(|part| {
                let population = Population {
                    from_ms: part.from.as_millisecond(),
                    until_ms: part.until.as_millisecond(),
                    entrances,
                    last_passage,
                };
                let (passages, sha256) = digest(from, &population)?;
                Ok(FrozenDay {
                    day: part.day,
                    from_ms: population.from_ms,
                    until_ms: population.until_ms,
                    passages,
                    sha256,
                })
            });
            Ok(FrozenLedger {
                links,
                head,
                last_passage,
                last_revision,
                days: days.collect::<rusqlite::Result<_>>()?,
            })
        })
    }

    /// Numbers of the passages of a day that were frozen, in the order in which they are drawn.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn population(&self, of: &Population<'_>) -> Result<Vec<i64>> {
        self.read(|from| of_a_day(from, of, "id", |row| row.get(0)))
    }

    /// The rows of the passages with these numbers, in their order.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`]; what `each` gives ends it.
    pub fn each_passage_row<E>(
        &self,
        numbers: &mut dyn Iterator<Item = i64>,
        each: &mut dyn FnMut(EvidenceRow) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<(), E>> {
        self.read(|from| {
            for number in numbers {
                let row = evidence_row(from, "passages", &format!("[{number}]"))?;
                if let Some(Err(stopped)) = row.map(&mut *each) {
                    return Ok(Err(stopped));
                }
            }
            Ok(Ok(()))
        })
    }

    /// Numbers of all passages from `first` to `last`.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn passage_numbers(&self, first: i64, last: i64) -> Result<Vec<i64>> {
        self.read(|from| {
            from.prepare_cached("SELECT id FROM passages WHERE id >= ? AND id <= ? ORDER BY id")?
                .query_map(params![first, last], |row| row.get(0))?
                .collect()
        })
    }

    /// The records of a register that held when the last revision had this number, in the order in which
    /// they are hashed and drawn: that in which they were first entered.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn frozen_records(
        &self,
        register: Register,
        last_revision: i64,
    ) -> Result<Vec<FrozenRecord>> {
        self.read(|from| {
            let found: Vec<(i64, RecordKey, u32, String)> = from
                .prepare_cached(
                    "SELECT v.id, r.key, v.revision, v.identity
                     FROM records r JOIN record_revisions v ON v.id = (
                         SELECT x.id FROM record_revisions x
                         WHERE x.record_id = r.id AND x.id <= ?2
                           AND x.state IN ('approved', 'retired')
                         ORDER BY x.revision DESC LIMIT 1)
                     WHERE r.register = ?1 AND v.state = 'approved' ORDER BY r.id",
                )?
                .query_map(params![register.as_str(), last_revision], |row| {
                    Ok((row.get(0)?, rows::code(row, 1)?, row.get(2)?, row.get(3)?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            let whole = found.into_iter().map(|(id, key, revision, identity)| {
                let row = evidence_row(from, "record_revisions", &format!("[{id}]"))?;
                Ok(FrozenRecord {
                    key,
                    revision,
                    identity,
                    row: row.ok_or(rusqlite::Error::QueryReturnedNoRows)?,
                })
            });
            whole.collect()
        })
    }
}

fn digest(from: &Connection, of: &Population<'_>) -> rusqlite::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let columns = Source::named("passages").map_or("id", |source| source.columns);
    let each = of_a_day(from, of, columns, |row| {
        hasher.update(content_in(row)?);
        Ok(())
    })?;
    Ok((each.len() as u64, hex::encode(hasher.finalize())))
}

fn of_a_day<T>(
    from: &Connection,
    of: &Population<'_>,
    columns: &str,
    each: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    from.prepare_cached(&format!("SELECT {columns} {OF_A_DAY}"))?
        .query_map(
            named_params! {
                ":from": of.from_ms,
                ":until": of.until_ms,
                ":last": of.last_passage,
                ":places": of.places()?,
            },
            each,
        )?
        .collect()
}

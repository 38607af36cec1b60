//! One numbered migration for each version of the schema.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};
use words::{Key, Said};

use crate::error::{Error, ErrorKind, Result};
use crate::passages::facts;
use crate::proof::chain;
use crate::rows::bad_value;

/// Migration `n` (counting from 1) brings a ledger of version `n - 1` to version `n`. A migration
/// that was ever released is never changed.
const MIGRATIONS: [&str; 18] = [
    include_str!("schema/0001_passages.sql"),
    include_str!("schema/0002_corrections.sql"),
    include_str!("schema/0003_records.sql"),
    include_str!("schema/0004_corrections_and_search.sql"),
    include_str!("schema/0005_platforms.sql"),
    include_str!("schema/0006_chain.sql"),
    include_str!("schema/0007_keeping.sql"),
    include_str!("schema/0008_scales_and_resends.sql"),
    include_str!("schema/0009_decision_grounds.sql"),
    include_str!("schema/0010_backfills.sql"),
    include_str!("schema/0011_alarms.sql"),
    include_str!("schema/0012_rules.sql"),
    include_str!("schema/0013_lifts.sql"),
    include_str!("schema/0014_inspections.sql"),
    include_str!("schema/0015_holds.sql"),
    include_str!("schema/0016_visits.sql"),
    include_str!("schema/0017_video.sql"),
    include_str!("schema/0018_clips.sql"),
];

/// The version this program writes.
pub(crate) const VERSION: usize = MIGRATIONS.len();

/// The migration that makes the table of what holds.
const FACTS: usize = 4;

/// The migration that makes the chain of hashes.
const CHAIN: usize = 6;

const APPLICATION_ID: i64 = 0x4D4A_4C47;

/// Brings the ledger to [`VERSION`], each step in a transaction of its own.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    let found = version(connection, path)?;
    if found == VERSION {
        return Ok(());
    }
    // A table that others point at can only be made anew while nobody holds the pointers to it.
    // Each step proves them before it commits.
    let switch = |connection: &Connection, on: bool| {
        connection
            .pragma_update(None, "foreign_keys", on)
            .map_err(|e| Error::sql("could not prepare the migration", path, e))
    };
    switch(connection, false)?;
    for (index, sql) in MIGRATIONS.iter().enumerate().skip(found) {
        let number = index + 1;
        step(connection, sql, number)
            .map_err(|e| Error::sql(&format!("schema step {number} failed"), path, e))?;
        tracing::info!(version = number, path = %path.display(), "ledger schema brought up");
    }
    switch(connection, true)
}

/// The version of an existing ledger; refuses what is newer than this program or no ledger.
pub(crate) fn version(connection: &Connection, path: &Path) -> Result<usize> {
    let read = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|e| Error::sql("could not open the ledger", path, e))
    };
    let found = usize::try_from(read("user_version")?).unwrap_or(usize::MAX);
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|e| Error::sql("could not open the ledger", path, e))?;
    if tables > 0 && read("application_id")? != APPLICATION_ID {
        return Err(Error::refused(ErrorKind::Corrupt, Key::LedgerNotALedger).at(path));
    }
    if found > VERSION {
        return Err(Error::refused(
            ErrorKind::NewerSchema,
            Said::with(Key::LedgerSchema, "found", found).and("known", VERSION),
        )
        .at(path));
    }
    Ok(found)
}

fn step(connection: &mut Connection, sql: &str, number: usize) -> rusqlite::Result<()> {
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    step.execute_batch(sql)?;
    if number == FACTS {
        facts::revalue_all(&step)?;
    }
    if number == CHAIN {
        chain::adopt(&step)?;
    }
    let mut broken =
        step.prepare("SELECT \"table\", rowid FROM pragma_foreign_key_check LIMIT 1")?;
    let first = broken
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?))
        })?
        .next()
        .transpose()?;
    drop(broken);
    if let Some((table, row)) = first {
        let text = format!("row {row:?} of {table} points at a row that is not there");
        return Err(bad_value(0, text));
    }
    step.pragma_update(
        None,
        "user_version",
        i64::try_from(number).unwrap_or(i64::MAX),
    )?;
    step.commit()
}

//! Appending revisions. All of a call commit together or none does.

use std::collections::BTreeMap;

use passage::{RecordId, RecordState, RecordView, Register};
use rusqlite::{Connection, params};
use serde_json::Value;
use words::{Key, Said};

use super::{NewRevision, read};
use crate::evidence::KeptFile;
use crate::options::OutboxSink;
use crate::outbox;
use crate::passages::facts;

/// Why a revision was not appended.
#[derive(Debug)]
pub(crate) enum Refusal {
    Sql(rusqlite::Error),
    /// In words.
    Conflict(Said),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// Appends one revision with the files that are safe on disk, and queues it where it is wanted.
pub(crate) fn write(
    to: &Connection,
    new: &NewRevision,
    kept: &[KeptFile],
    sinks: &[OutboxSink],
) -> Result<RecordView, Refusal> {
    let before = read::by_key(to, new.key)?;
    fits(new, before.as_ref())?;
    if let Some(before) = before.as_ref().filter(|b| b.identity != new.identity)
        && read::held(to, before.id)?.is_some()
    {
        let why = Said::with(Key::LedgerApprovedName, "before", &before.identity);
        return Err(Refusal::Conflict(why.and("name", &new.identity)));
    }
    if new.state != RecordState::Retired
        && let Some(other) = read::by_identity(to, new.register, &new.identity)?
        && other.key != new.key
    {
        let why = Said::with(Key::LedgerSameName, "name", &new.identity);
        return Err(Refusal::Conflict(why.and("key", other.key)));
    }
    let id = match &before {
        Some(before) => before.id,
        None => RecordId(
            to.prepare_cached("INSERT INTO records (key, register) VALUES (?, ?)")?
                .insert(params![new.key.to_string(), new.register.as_str()])?,
        ),
    };
    let revision = new.base + 1;
    let row = insert(to, new, id, revision, kept)?;
    link(to, new, row, kept, before.as_ref())?;
    if new.state.takes_effect() {
        outbox::queue::queue_record(to, id, new.register, revision, sinks, new.at)?;
        if new.register == Register::Vehicle {
            facts::revalue(to, &new.identity)?;
        }
    }
    read::of_revision(to, id, revision)?
        .ok_or_else(|| Refusal::Sql(rusqlite::Error::QueryReturnedNoRows))
}

fn fits(new: &NewRevision, before: Option<&RecordView>) -> Result<(), Refusal> {
    let why = match before {
        None if new.base == 0 => return Ok(()),
        None => Said::with(Key::LedgerNoRecord, "key", new.key),
        Some(before) if before.register != new.register => {
            let why = Said::with(Key::LedgerOtherRegister, "key", new.key);
            why.and("register", before.register)
        }
        Some(before) if before.revision == new.base => return Ok(()),
        Some(before) => Said::with(Key::LedgerRecordChanged, "name", &before.identity)
            .and("revision", before.revision)
            .and("who", &before.who)
            .and("why", &before.why),
    };
    Err(Refusal::Conflict(why))
}

fn insert(
    to: &Connection,
    new: &NewRevision,
    id: RecordId,
    revision: u32,
    kept: &[KeptFile],
) -> rusqlite::Result<i64> {
    let mut values = new.values.clone();
    for file in kept {
        values.insert(file.item.clone(), Value::String(file.sha256.clone()));
    }
    to.prepare_cached(
        "INSERT INTO record_revisions
             (record_id, revision, identity, items, state, changed_at_ms, who, why)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .insert(params![
        id.0,
        revision,
        new.identity,
        Value::Object(values).to_string(),
        new.state.as_str(),
        new.at.as_millisecond(),
        new.who,
        new.why,
    ])
}

/// Links the new files, and those of the revision before that the values still name.
fn link(
    to: &Connection,
    new: &NewRevision,
    row: i64,
    kept: &[KeptFile],
    before: Option<&RecordView>,
) -> rusqlite::Result<()> {
    let mut links = BTreeMap::new();
    for file in before.into_iter().flat_map(|before| &before.files) {
        let named = new.values.get(&file.item).and_then(Value::as_str);
        if named == Some(file.sha256.as_str()) {
            links.insert(&file.item, &file.sha256);
        }
    }
    for file in kept {
        to.prepare_cached("INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?)")?
            .execute(params![
                file.sha256,
                file.path,
                file.media_type,
                i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
            ])?;
        links.insert(&file.item, &file.sha256);
    }
    for (item, sha256) in links {
        to.prepare_cached("INSERT INTO record_files VALUES (?, ?, ?)")?
            .execute(params![row, item, sha256])?;
    }
    Ok(())
}

/// Queues what holds now for sinks that began to take a register after it was written.
pub(crate) fn queue_missing(to: &Connection, sinks: &[OutboxSink]) -> rusqlite::Result<()> {
    for sink in sinks {
        for register in Register::ALL.iter().filter(|r| sink.takes.register(**r)) {
            let ids: Vec<i64> = to
                .prepare_cached("SELECT id FROM records WHERE register = ? ORDER BY id")?
                .query_map([register.as_str()], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for id in ids.into_iter().map(RecordId) {
                let Some(revision) = read::held(to, id)? else {
                    continue;
                };
                if let Some(view) = read::of_revision(to, id, revision)? {
                    let only = std::slice::from_ref(sink);
                    outbox::queue::queue_record(
                        to,
                        id,
                        *register,
                        revision,
                        only,
                        view.changed_at,
                    )?;
                }
            }
        }
    }
    Ok(())
}

//! Records as they are, were and held.

use jiff::Timestamp;
use passage::{FileView, RecordId, RecordKey, RecordView, Register};
use rusqlite::{Connection, OptionalExtension as _, Params, Row, named_params, params};

use crate::error::Result;
use crate::reader::{Reader, rows_of};
use crate::rows::{self, bad_value};

const RECORD: &str = "SELECT r.id, r.key, r.register, v.revision, v.identity, v.items, v.state,
        v.changed_at_ms, v.who, v.why, v.id
    FROM records r JOIN record_revisions v ON v.record_id = r.id ";
const NEWEST: &str =
    "v.revision = (SELECT max(revision) FROM record_revisions WHERE record_id = r.id)";

impl Reader {
    /// The newest revision of one record.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn record(&self, key: RecordKey) -> Result<Option<RecordView>> {
        self.read(|from| by_key(from, key))
    }

    /// The newest revision of the record that is called so and is not retired.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn record_called(&self, register: Register, identity: &str) -> Result<Option<RecordView>> {
        self.read(|from| by_identity(from, register, identity))
    }

    /// Up to `limit` records of a register, each in its newest revision, in the order in which
    /// they were made, after `after`; 0 is before the first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn records(
        &self,
        register: Register,
        after: RecordId,
        limit: usize,
    ) -> Result<Vec<RecordView>> {
        self.read(|from| page(from, register, after, rows_of(limit)))
    }

    /// Every revision of one record, oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn record_history(&self, key: RecordKey) -> Result<Vec<RecordView>> {
        self.read(|from| history(from, key))
    }

    /// The revision that held at `at` for what is called so: the last one approved by then, or,
    /// for a thing registered only later, the first; none once it was retired.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn record_at(
        &self,
        register: Register,
        identity: &str,
        at: Timestamp,
    ) -> Result<Option<RecordView>> {
        self.read(|from| at_time(from, register, identity, at))
    }

    /// The bytes of a register's file, proved against its hash.
    ///
    /// # Errors
    /// `Missing`, or `Corrupt` when they differ.
    pub fn file_bytes(&self, file: &FileView) -> Result<Vec<u8>> {
        self.proved(&file.path, &file.sha256, "file")
    }
}

fn records(
    from: &Connection,
    rest: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<RecordView>> {
    let found = from
        .prepare_cached(&format!("{RECORD}{rest}"))?
        .query_map(params, |row| Ok((record(row)?, row.get::<_, i64>(10)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    found
        .into_iter()
        .map(|(mut view, revision)| {
            view.files = files(from, revision)?;
            Ok(view)
        })
        .collect()
}

fn record(row: &Row<'_>) -> rusqlite::Result<RecordView> {
    Ok(RecordView {
        id: RecordId(row.get(0)?),
        key: rows::code(row, 1)?,
        register: rows::code(row, 2)?,
        revision: row.get(3)?,
        identity: row.get(4)?,
        values: serde_json::from_str(row.get_ref(5)?.as_str()?).map_err(|e| bad_value(5, e))?,
        state: rows::code(row, 6)?,
        changed_at: rows::time(row, 7)?,
        who: row.get(8)?,
        why: row.get(9)?,
        files: Vec::new(),
    })
}

fn files(from: &Connection, revision: i64) -> rusqlite::Result<Vec<FileView>> {
    from.prepare_cached(
        "SELECT r.item, f.sha256, f.path, f.media_type, f.size_bytes
         FROM record_files r JOIN files f ON f.sha256 = r.sha256
         WHERE r.revision_id = ? ORDER BY r.item",
    )?
    .query_map([revision], |row| {
        Ok(FileView {
            item: row.get(0)?,
            sha256: row.get(1)?,
            path: row.get(2)?,
            media_type: row.get(3)?,
            size_bytes: row
                .get::<_, i64>(4)
                .map(|n| u64::try_from(n).unwrap_or(0))?,
        })
    })?
    .collect()
}

/// The newest revision of one record.
pub(crate) fn by_key(from: &Connection, key: RecordKey) -> rusqlite::Result<Option<RecordView>> {
    let rest = format!("WHERE r.key = ? AND {NEWEST}");
    Ok(records(from, &rest, [key.to_string()])?.pop())
}

/// The newest revision of the record that is called so and is not retired.
pub(crate) fn by_identity(
    from: &Connection,
    register: Register,
    identity: &str,
) -> rusqlite::Result<Option<RecordView>> {
    let rest =
        format!("WHERE v.identity = ? AND r.register = ? AND v.state <> 'retired' AND {NEWEST}");
    Ok(records(from, &rest, params![identity, register.as_str()])?.pop())
}

/// Up to `limit` records of a register, each in its newest revision, in the order in which they
/// were made, after `after`.
pub(crate) fn page(
    from: &Connection,
    register: Register,
    after: RecordId,
    limit: i64,
) -> rusqlite::Result<Vec<RecordView>> {
    let rest = format!("WHERE r.register = ? AND r.id > ? AND {NEWEST} ORDER BY r.id LIMIT ?");
    records(from, &rest, params![register.as_str(), after.0, limit])
}

/// Every revision of one record, oldest first.
pub(crate) fn history(from: &Connection, key: RecordKey) -> rusqlite::Result<Vec<RecordView>> {
    records(
        from,
        "WHERE r.key = ? ORDER BY v.revision",
        [key.to_string()],
    )
}

/// One revision of one record.
pub(crate) fn of_revision(
    from: &Connection,
    id: RecordId,
    revision: u32,
) -> rusqlite::Result<Option<RecordView>> {
    let rest = "WHERE r.id = ? AND v.revision = ?";
    Ok(records(from, rest, params![id.0, revision])?.pop())
}

/// The revision that holds: the last one that took effect; none once that is `retired`.
pub(crate) fn held(from: &Connection, id: RecordId) -> rusqlite::Result<Option<u32>> {
    let last: Option<(u32, String)> = from
        .prepare_cached(
            "SELECT revision, state FROM record_revisions
             WHERE record_id = ? AND state IN ('approved', 'retired')
             ORDER BY revision DESC LIMIT 1",
        )?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(last
        .filter(|(_, state)| state == "approved")
        .map(|(revision, _)| revision))
}

/// The revision that held at `at` for what was called so then. A thing registered only later is
/// known by its first approved revision: the vehicle did not change by being registered.
pub(crate) fn at_time(
    from: &Connection,
    register: Register,
    identity: &str,
    at: Timestamp,
) -> rusqlite::Result<Option<RecordView>> {
    let found: Option<(i64, u32, String)> = from
        .prepare_cached(
            "SELECT v.record_id, v.revision, v.state FROM record_revisions v
             JOIN records r ON r.id = v.record_id
             WHERE v.identity = :identity AND r.register = :register
               AND v.state IN ('approved', 'retired')
             ORDER BY v.changed_at_ms <= :at DESC,
                      iif(v.changed_at_ms <= :at, -v.changed_at_ms, v.changed_at_ms),
                      iif(v.changed_at_ms <= :at, -v.id, v.id)
             LIMIT 1",
        )?
        .query_row(
            named_params! {
                ":identity": identity,
                ":register": register.as_str(),
                ":at": at.as_millisecond(),
            },
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    match found {
        Some((id, revision, state)) if state == "approved" => {
            of_revision(from, RecordId(id), revision)
        }
        _ => Ok(None),
    }
}

/// When what holds for a name changed, oldest first.
pub(crate) fn times_of_effect(
    from: &Connection,
    register: Register,
    identity: &str,
) -> rusqlite::Result<Vec<i64>> {
    from.prepare_cached(
        "SELECT DISTINCT v.changed_at_ms FROM record_revisions v
         JOIN records r ON r.id = v.record_id
         WHERE v.identity = ? AND r.register = ? AND v.state IN ('approved', 'retired')
         ORDER BY v.changed_at_ms",
    )?
    .query_map(params![identity, register.as_str()], |row| row.get(0))?
    .collect()
}

//! What platforms sent down, kept as it came and as it was understood.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::Value;

use crate::committed::Topic;
use crate::error::Result;
use crate::reader::Reader;
use crate::rows;
use crate::writer::Writer;

/// One entry of a list that a platform sent down.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDownlink {
    /// The platform's own number of it, or a hash where it has none.
    pub platform_id: String,
    /// SHA-256 of the entry: the same entry again is no news.
    pub sha256: String,
    /// The entry as it came.
    pub raw: Value,
    /// The entry under our names.
    pub parsed: Value,
}

/// One kept entry.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct DownlinkView {
    pub id: i64,
    pub platform: String,
    pub kind: String,
    pub platform_id: String,
    pub raw: Value,
    pub parsed: Value,
    pub received_at: Timestamp,
    /// What we told the platform about it, and when.
    pub answered_at: Option<Timestamp>,
}

impl Writer {
    /// Keeps a list that was fetched whole; gives how many entries of it are new.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn keep_downlinks(
        &mut self,
        platform: &str,
        kind: &str,
        entries: &[NewDownlink],
        at: Timestamp,
    ) -> Result<usize> {
        let step = format!("could not keep a list ({kind}) of {platform}");
        let at = at.as_millisecond();
        self.transacted(&step, &[Topic::Downlinks], |to| {
            let mut new = 0;
            for entry in entries {
                new += to
                    .prepare_cached(
                        "INSERT INTO downlinks
                             (platform, kind, platform_id, sha256, raw, parsed, received_at_ms)
                         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![
                        platform,
                        kind,
                        entry.platform_id,
                        entry.sha256,
                        entry.raw.to_string(),
                        entry.parsed.to_string(),
                        at
                    ])?;
            }
            to.prepare_cached(
                "INSERT INTO downlink_fetches (platform, kind, at_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (platform, kind) DO UPDATE SET at_ms = ?3",
            )?
            .execute(params![platform, kind, at])?;
            Ok(new)
        })
    }

    /// Records what the platform was told about one of its entries; false when it was told before.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn answer_downlink(
        &mut self,
        platform: &str,
        kind: &str,
        platform_id: &str,
        words: &str,
        at: Timestamp,
    ) -> Result<bool> {
        let step = format!("could not record an answer to {platform} about {platform_id}");
        self.transacted(&step, &[Topic::Downlinks], |to| {
            to.prepare_cached(
                "INSERT INTO downlink_answers (platform, kind, platform_id, answer, words, at_ms)
                 VALUES (?, ?, ?, 'confirmed', ?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                platform,
                kind,
                platform_id,
                words,
                at.as_millisecond()
            ])
            .map(|added| added == 1)
        })
    }
}

const ALL: &str =
    "SELECT d.id, d.platform, d.kind, d.platform_id, d.raw, d.parsed, d.received_at_ms,
    (SELECT a.at_ms FROM downlink_answers a WHERE a.platform = d.platform AND a.kind = d.kind
        AND a.platform_id = d.platform_id)
    FROM downlinks d WHERE d.kind = ?1";

impl Reader {
    /// What was sent down of one kind, oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn downlinks(&self, kind: &str) -> Result<Vec<DownlinkView>> {
        self.read(|from| views(from, &format!("{ALL} ORDER BY d.id"), params![kind]))
    }

    /// The entries of one platform that it was told nothing about, one for each of its numbers.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn unanswered_downlinks(&self, platform: &str, kind: &str) -> Result<Vec<DownlinkView>> {
        let sql = format!(
            "{ALL} AND d.platform = ?2 AND NOT EXISTS (
                 SELECT 1 FROM downlink_answers a WHERE a.platform = d.platform
                     AND a.kind = d.kind AND a.platform_id = d.platform_id)
             GROUP BY d.platform_id HAVING d.id = min(d.id) ORDER BY d.id"
        );
        self.read(|from| views(from, &sql, params![kind, platform]))
    }

    /// When each platform's list of this kind was last fetched whole.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn downlink_fetches(&self, kind: &str) -> Result<Vec<(String, Timestamp)>> {
        self.read(|from| {
            from.prepare_cached(
                "SELECT platform, at_ms FROM downlink_fetches WHERE kind = ? ORDER BY platform",
            )?
            .query_map([kind], |row| Ok((row.get(0)?, rows::time(row, 1)?)))?
            .collect()
        })
    }
}

fn views(
    from: &Connection,
    sql: &str,
    with: impl rusqlite::Params,
) -> rusqlite::Result<Vec<DownlinkView>> {
    from.prepare_cached(sql)?
        .query_map(with, |row| {
            let json = |index| -> rusqlite::Result<Value> {
                let text: String = row.get(index)?;
                Ok(serde_json::from_str(&text).unwrap_or(Value::String(text)))
            };
            Ok(DownlinkView {
                id: row.get(0)?,
                platform: row.get(1)?,
                kind: row.get(2)?,
                platform_id: row.get(3)?,
                raw: json(4)?,
                parsed: json(5)?,
                received_at: rows::time(row, 6)?,
                answered_at: rows::maybe_time(row, 7)?,
            })
        })?
        .collect()
}

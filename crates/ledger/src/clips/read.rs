//! What readers ask of clips.

use jiff::Timestamp;
use passage::{ClipFile, ClipHole, ClipId, ClipKind, ClipOf, ClipView, LiftId, NewClip, PassageId};
use rusqlite::{Connection, Row, params};

use super::want::{is_ahead, is_known};
use crate::error::Result;
use crate::reader::{Reader, rows_of};
use crate::rows::{self, bad_value};

/// Which clips.
#[derive(Debug, Clone, Default)]
pub struct ClipFilter {
    /// Only of this lane.
    pub lane: Option<String>,
    /// Whose time begins from then on.
    pub from: Option<Timestamp>,
    /// Whose time begins before then.
    pub until: Option<Timestamp>,
}

/// The clips of something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptClips {
    /// Of a passage its own, and that of the lift by which it got through; also where nothing was recorded.
    pub clips: Vec<ClipView>,
    /// One is to be cut yet.
    pub waits: bool,
}

const ALL: &str =
    "SELECT c.id, c.kind, c.subject, c.lane, c.from_ms, c.until_ms, c.state, c.missing,
    c.kept_at_ms, r.at_ms FROM clips c LEFT JOIN clip_removals r ON r.clip_id = c.id";

impl Reader {
    /// Clips, the oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clips(&self, filter: &ClipFilter, limit: usize) -> Result<Vec<ClipView>> {
        let sql = format!(
            "{ALL} WHERE (?1 IS NULL OR c.lane = ?1) AND c.from_ms >= ?2 AND c.from_ms < ?3
             ORDER BY c.from_ms, c.id LIMIT ?4"
        );
        let from = filter.from.map_or(i64::MIN, Timestamp::as_millisecond);
        let until = filter.until.map_or(i64::MAX, Timestamp::as_millisecond);
        self.read(|on| {
            let with = params![filter.lane, from, until, rows_of(limit)];
            all(on, &sql, with)
        })
    }

    /// Clips with a greater number, the oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clips_after(&self, id: ClipId, limit: usize) -> Result<Vec<ClipView>> {
        let sql = format!("{ALL} WHERE c.id > ? ORDER BY c.id LIMIT ?");
        self.read(|on| all(on, &sql, params![id.0, rows_of(limit)]))
    }

    /// One clip.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clip(&self, id: ClipId) -> Result<Option<ClipView>> {
        let sql = format!("{ALL} WHERE c.id = ?");
        self.read(|on| Ok(all(on, &sql, [id.0])?.pop()))
    }

    /// The clip of an event.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clip_of(&self, of: ClipOf) -> Result<Option<ClipView>> {
        self.read(|on| one_of(on, of))
    }

    /// The clips of a passage, and whether one is to be cut yet.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clips_of_passage(&self, id: PassageId) -> Result<KeptClips> {
        let sql = format!(
            "{ALL} WHERE (c.kind IN ('passage', 'forced') AND c.subject = ?1)
                OR (c.kind = 'lift' AND c.subject = (SELECT lift_id FROM lift_steps WHERE passage_id = ?1))
             ORDER BY c.from_ms, c.id"
        );
        self.read(|on| {
            let waits = on
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM wanted_clips
                            WHERE (kind IN ('passage', 'forced') AND subject = ?1)
                               OR (kind = 'lift' AND subject = (SELECT lift_id FROM lift_steps WHERE passage_id = ?1)))
                         OR (EXISTS (SELECT 1 FROM clip_requests WHERE passage_id = ?1)
                            AND NOT EXISTS (SELECT 1 FROM clips WHERE kind = 'passage' AND subject = ?1))",
                )?
                .query_row([id.0], |row| row.get(0))?;
            let clips = all(on, &sql, [id.0])?;
            Ok(KeptClips { clips, waits })
        })
    }

    /// The clip of a lift, and whether it is to be cut yet: also where nobody has looked at the lift so far.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clips_of_lift(&self, id: LiftId) -> Result<KeptClips> {
        let of = ClipOf {
            kind: ClipKind::Lift,
            subject: id.0,
        };
        self.read(|on| {
            let clips = Vec::from_iter(one_of(on, of)?);
            let waits = clips.is_empty() && (is_known(on, of)? || is_ahead(on, "lifts", id.0)?);
            Ok(KeptClips { clips, waits })
        })
    }

    /// How many clips are to be cut yet.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn waiting_clips(&self) -> Result<u64> {
        self.read(|on| {
            on.query_row("SELECT count(*) FROM wanted_clips", [], |row| {
                rows::count(row, 0)
            })
        })
    }

    /// What the files of all clips take together.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clip_bytes(&self) -> Result<u64> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT coalesce(sum(size_bytes), 0) FROM clip_files
                 WHERE clip_id NOT IN (SELECT clip_id FROM clip_removals)",
            )?
            .query_row([], |row| rows::count(row, 0))
        })
    }

    /// Clips of before a time whose files are there yet and that no passage needs any more: that of a passage stays for
    /// as long as the passage's photos do.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clips_over(&self, before: Timestamp, limit: usize) -> Result<Vec<ClipView>> {
        let photo = crate::keep::removals::removed("p");
        let sql = format!(
            "{ALL} WHERE c.from_ms < ? AND r.clip_id IS NULL
             AND EXISTS (SELECT 1 FROM clip_files f WHERE f.clip_id = c.id)
             AND NOT EXISTS (SELECT 1 FROM photos p WHERE p.passage_id = CASE c.kind
                 WHEN 'lift' THEN (SELECT s.passage_id FROM lift_steps s
                                   WHERE s.lift_id = c.subject AND s.passage_id IS NOT NULL)
                 WHEN 'alarm' THEN (SELECT a.passage_id FROM alarms a WHERE a.id = c.subject)
                 ELSE c.subject END AND NOT {photo})
             ORDER BY c.from_ms, c.id LIMIT ?"
        );
        self.read(|on| all(on, &sql, params![before.as_millisecond(), rows_of(limit)]))
    }

    /// Clips that were let go since then.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn clips_removed_since(&self, since: Timestamp) -> Result<Vec<ClipView>> {
        let sql = format!("{ALL} WHERE r.at_ms >= ? ORDER BY c.id");
        self.read(|on| all(on, &sql, [since.as_millisecond()]))
    }
}

fn one_of(on: &Connection, of: ClipOf) -> rusqlite::Result<Option<ClipView>> {
    let sql = format!("{ALL} WHERE c.kind = ? AND c.subject = ?");
    Ok(all(on, &sql, params![of.kind.as_str(), of.subject])?.pop())
}

fn all(on: &Connection, sql: &str, with: impl rusqlite::Params) -> rusqlite::Result<Vec<ClipView>> {
    let clips: Vec<_> = on
        .prepare_cached(sql)?
        .query_map(with, clip)?
        .collect::<rusqlite::Result<_>>()?;
    let whole = |mut clip: ClipView| {
        clip.clip.files = files(on, clip.id)?;
        Ok(clip)
    };
    clips.into_iter().map(whole).collect()
}

fn clip(row: &Row<'_>) -> rusqlite::Result<ClipView> {
    let missing: String = row.get(7)?;
    let holes: Option<Vec<_>> = missing.lines().map(hole).collect();
    Ok(ClipView {
        id: ClipId(row.get(0)?),
        clip: NewClip {
            of: ClipOf {
                kind: rows::code(row, 1)?,
                subject: row.get(2)?,
            },
            lane: row.get(3)?,
            from: rows::time(row, 4)?,
            until: rows::time(row, 5)?,
            state: rows::code(row, 6)?,
            missing: holes.ok_or_else(|| bad_value(7, missing))?,
            files: Vec::new(),
        },
        kept_at: rows::time(row, 8)?,
        removed: rows::maybe_time(row, 9)?,
    })
}

fn hole(line: &str) -> Option<ClipHole> {
    let mut words = line.split(' ');
    Some(ClipHole {
        from: words.next()?.parse().ok()?,
        until: words.next()?.parse().ok()?,
        reason: words.next()?.to_owned(),
    })
}

fn files(on: &Connection, id: ClipId) -> rusqlite::Result<Vec<ClipFile>> {
    on.prepare_cached(
        "SELECT path, sha256, size_bytes, from_ms, until_ms, pictures, coding FROM clip_files
         WHERE clip_id = ? ORDER BY number",
    )?
    .query_map([id.0], |row| {
        Ok(ClipFile {
            path: row.get(0)?,
            sha256: row.get(1)?,
            size_bytes: rows::count(row, 2)?,
            from: rows::time(row, 3)?,
            until: rows::time(row, 4)?,
            pictures: rows::count(row, 5)?,
            coding: row.get(6)?,
        })
    })?
    .collect()
}

//! What becomes of clips: asked for, kept, let go.

use std::fmt::Write as _;

use jiff::Timestamp;
use passage::{ClipId, ClipOf, NewClip, PassageId};
use rusqlite::{Connection, OptionalExtension as _, params};
use words::{Key, Said};

use super::want;
use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::writer::Writer;

impl Writer {
    /// A person wants the video of a passage kept; false when somebody did already, or it is kept anyway.
    ///
    /// # Errors
    /// `Invalid` without a person, when there is no such passage, or where nothing is recorded.
    pub fn request_clip(&mut self, id: PassageId, who: &str, now: Timestamp) -> Result<bool> {
        if who.trim().is_empty() {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerClipNeeds));
        }
        let step = format!("could not keep that video of passage {id} is wanted");
        if !self.looked_up(&step, want::is_followed)? {
            return Err(Error::refused(ErrorKind::Invalid, Key::VideoNoRecorder));
        }
        let asked = self.transacted(&step, &[Topic::Clips], |to| {
            let is_there = to
                .prepare_cached("SELECT 1 FROM passages WHERE id = ?")?
                .exists([id.0])?;
            if !is_there {
                return Ok(None);
            }
            if want::is_known(to, ClipOf::passage(id))? {
                return Ok(Some(false));
            }
            let added = to
                .prepare_cached(
                    "INSERT INTO clip_requests (passage_id, who, at_ms) VALUES (?, ?, ?)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![id.0, who, now.as_millisecond()])?;
            Ok(Some(added == 1))
        })?;
        let none = || {
            Error::refused(
                ErrorKind::Invalid,
                Said::with(Key::ConsoleNoPassage, "number", id),
            )
        };
        asked.ok_or_else(none)
    }

    /// Keeps a clip that was cut, and takes it off the list of those to be cut. One that is kept already is that clip.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn keep_clip(&mut self, clip: &NewClip, now: Timestamp) -> Result<ClipId> {
        let step = format!("could not keep a clip of lane {}", clip.lane);
        self.transacted(&step, &[Topic::Clips], |to| {
            let id = match known(to, clip.of)? {
                Some(id) => id,
                None => insert(to, clip, now)?,
            };
            to.prepare_cached("DELETE FROM wanted_clips WHERE kind = ? AND subject = ?")?
                .execute(params![clip.of.kind.as_str(), clip.of.subject])?;
            Ok(id)
        })
    }

    /// Keeps that the files of clips go, before they do.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn keep_clip_removals(&mut self, clips: &[ClipId], now: Timestamp) -> Result<()> {
        self.transacted("could not keep that clips go", &[Topic::Clips], |to| {
            for clip in clips {
                to.prepare_cached(
                    "INSERT INTO clip_removals (clip_id, at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
                )?
                .execute(params![clip.0, now.as_millisecond()])?;
            }
            Ok(())
        })
    }
}

fn known(on: &Connection, of: ClipOf) -> rusqlite::Result<Option<ClipId>> {
    on.prepare_cached("SELECT id FROM clips WHERE kind = ? AND subject = ?")?
        .query_row(params![of.kind.as_str(), of.subject], |row| {
            row.get(0).map(ClipId)
        })
        .optional()
}

pub(super) fn insert(to: &Connection, clip: &NewClip, now: Timestamp) -> rusqlite::Result<ClipId> {
    let mut missing = String::new();
    for hole in &clip.missing {
        let _ = writeln!(missing, "{} {} {}", hole.from, hole.until, hole.reason);
    }
    to.prepare_cached(
        "INSERT INTO clips (kind, subject, lane, from_ms, until_ms, state, missing, kept_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        clip.of.kind.as_str(),
        clip.of.subject,
        clip.lane,
        clip.from.as_millisecond(),
        clip.until.as_millisecond(),
        clip.state.as_str(),
        missing,
        now.as_millisecond()
    ])?;
    let id = ClipId(to.last_insert_rowid());
    for (number, file) in (1_i64..).zip(&clip.files) {
        to.prepare_cached("INSERT INTO clip_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?
            .execute(params![
                id.0,
                number,
                file.path,
                file.sha256,
                i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
                file.from.as_millisecond(),
                file.until.as_millisecond(),
                i64::try_from(file.pictures).unwrap_or(i64::MAX),
                file.coding
            ])?;
    }
    Ok(id)
}

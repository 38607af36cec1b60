//! Notes and tags of vehicles: written down, withdrawn with a reason, never erased.

use jiff::Timestamp;
use passage::{NewRemark, RemarkId, RemarkKind, RemarkView, Withdrawal};
use plate::Color;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use words::{Key, Said};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::reader::{Reader, rows_of};
use crate::rows;
use crate::writer::Writer;

const ALL: &str =
    "SELECT r.id, r.plate, r.color, r.kind, r.words, r.who, r.at_ms, w.who, w.why, w.at_ms
     FROM vehicle_remarks r LEFT JOIN remark_withdrawals w ON w.remark_id = r.id";

/// Tags of one plate that hold at the same time: more are read by nobody.
pub const MOST_TAGS: usize = 12;

impl Writer {
    /// Keeps a note or a tag. A tag that holds already is kept once: its number is given.
    ///
    /// # Errors
    /// `Invalid` without a plate, words or a person, and for more than [`MOST_TAGS`].
    pub fn keep_remark(&mut self, new: &NewRemark) -> Result<RemarkId> {
        let needed = [&new.plate, &new.words, &new.who];
        if needed.iter().any(|text| text.trim().is_empty()) {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerRemarkNeeds));
        }
        let step = format!("could not keep a remark of {}", new.plate);
        let kept = self.transacted(&step, &[Topic::Remarks], |to| {
            if new.kind == RemarkKind::Tag {
                let tags = held_tags(to, &new.plate)?;
                let same = |(_, color, words): &&(RemarkId, Option<Color>, String)| {
                    *color == new.color && *words == new.words
                };
                if let Some((id, ..)) = tags.iter().find(same) {
                    return Ok(Some(*id));
                }
                if tags.len() >= MOST_TAGS {
                    return Ok(None);
                }
            }
            insert(to, new).map(Some)
        })?;
        kept.ok_or_else(|| {
            let said = Said::with(Key::LedgerManyTags, "most", MOST_TAGS);
            Error::refused(ErrorKind::Invalid, said)
        })
    }

    /// Takes a remark back. It stays, with who took it back and why.
    ///
    /// # Errors
    /// `Invalid` without a person or a reason, or when there is no such remark; `Conflict` when it was taken
    /// back already.
    pub fn withdraw_remark(
        &mut self,
        id: RemarkId,
        (who, why): (&str, &str),
        at: Timestamp,
    ) -> Result<()> {
        if who.trim().is_empty() || why.trim().is_empty() {
            return Err(Error::refused(
                ErrorKind::Invalid,
                Key::LedgerWithdrawalNeeds,
            ));
        }
        let step = format!("could not take remark {id} back");
        let held = self.transacted(&step, &[Topic::Remarks], |to| {
            let held = to
                .prepare_cached(
                    "SELECT NOT EXISTS (SELECT 1 FROM remark_withdrawals w WHERE w.remark_id = r.id)
                     FROM vehicle_remarks r WHERE r.id = ?",
                )?
                .query_row([id.0], |row| row.get::<_, bool>(0))
                .optional()?;
            if held == Some(true) {
                to.prepare_cached("INSERT INTO remark_withdrawals VALUES (?, ?, ?, ?)")?
                    .execute(params![id.0, who, why, at.as_millisecond()])?;
            }
            Ok(held)
        })?;
        let refused = |kind, key| Err(Error::refused(kind, Said::with(key, "id", id)));
        match held {
            Some(true) => Ok(()),
            Some(false) => refused(ErrorKind::Conflict, Key::LedgerRemarkWithdrawn),
            None => refused(ErrorKind::Invalid, Key::LedgerNoRemark),
        }
    }
}

fn insert(to: &Connection, new: &NewRemark) -> rusqlite::Result<RemarkId> {
    to.prepare_cached(
        "INSERT INTO vehicle_remarks (plate, color, kind, words, who, at_ms)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .insert(params![
        new.plate,
        new.color.map(Color::as_str),
        new.kind.as_str(),
        new.words,
        new.who,
        new.at.as_millisecond()
    ])
    .map(RemarkId)
}

type HeldTag = (RemarkId, Option<Color>, String);

fn held_tags(on: &Connection, plate: &str) -> rusqlite::Result<Vec<HeldTag>> {
    on.prepare_cached(
        "SELECT r.id, r.color, r.words FROM vehicle_remarks r
         WHERE r.plate = ? AND r.kind = 'tag'
             AND NOT EXISTS (SELECT 1 FROM remark_withdrawals w WHERE w.remark_id = r.id)
         ORDER BY r.id",
    )?
    .query_map([plate], |row| {
        Ok((RemarkId(row.get(0)?), color(row, 1)?, row.get(2)?))
    })?
    .collect()
}

impl Reader {
    /// What was ever remarked of a plate in any colour, the newest first; also what was taken back.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn remarks_of(&self, plate: &str, limit: usize) -> Result<Vec<RemarkView>> {
        self.read(|on| {
            on.prepare_cached(&format!(
                "{ALL} WHERE r.plate = ? ORDER BY r.id DESC LIMIT ?"
            ))?
            .query_map(params![plate, rows_of(limit)], remark)?
            .collect()
        })
    }

    /// What was remarked of any vehicle from `from_time` (included) to `until` (not included), the oldest first;
    /// also what was taken back.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn remarks_during(
        &self,
        from_time: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<RemarkView>> {
        let sql = format!("{ALL} WHERE r.at_ms >= ? AND r.at_ms < ? ORDER BY r.id LIMIT ?");
        let during = (from_time.as_millisecond(), until.as_millisecond());
        self.read(|on| {
            on.prepare_cached(&sql)?
                .query_map(params![during.0, during.1, rows_of(limit)], remark)?
                .collect()
        })
    }

    /// The plate of a remark.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn remarked_plate(&self, id: RemarkId) -> Result<Option<String>> {
        self.read(|on| {
            on.prepare_cached("SELECT plate FROM vehicle_remarks WHERE id = ?")?
                .query_row([id.0], |row| row.get(0))
                .optional()
        })
    }

    /// The tags that hold of a vehicle, the oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn tags_of(&self, plate: &str, color: Color) -> Result<Vec<String>> {
        self.read(|on| {
            let mut words: Vec<String> = Vec::new();
            for (_, of, tag) in held_tags(on, plate)? {
                if of.is_none_or(|of| of == color) && !words.contains(&tag) {
                    words.push(tag);
                }
            }
            Ok(words)
        })
    }
}

fn remark(row: &Row<'_>) -> rusqlite::Result<RemarkView> {
    Ok(RemarkView {
        id: RemarkId(row.get(0)?),
        remark: NewRemark {
            plate: row.get(1)?,
            color: color(row, 2)?,
            kind: rows::code(row, 3)?,
            words: row.get(4)?,
            who: row.get(5)?,
            at: rows::time(row, 6)?,
        },
        withdrawn: withdrawal(row, 7)?,
    })
}

fn color(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Color>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => rows::code(row, column).map(Some),
    }
}

/// Who took something back, from three columns that are empty where nobody did.
pub(crate) fn withdrawal(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Withdrawal>> {
    let who: Option<String> = row.get(first)?;
    let Some(who) = who else {
        return Ok(None);
    };
    Ok(Some(Withdrawal {
        who,
        why: row.get(first + 1)?,
        at: rows::time(row, first + 2)?,
    }))
}

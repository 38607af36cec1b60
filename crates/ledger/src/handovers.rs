//! Sheets of shifts that were handed over, and the word of whoever took over.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;
use words::{Key, Said};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::reader::{Reader, rows_of};
use crate::rows;
use crate::writer::Writer;

/// A sheet to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHandover {
    /// The shift's beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// The sheet, a JSON object.
    pub content: String,
    /// What whoever hands over has to say; may be empty.
    pub remarks: String,
    /// Who hands over.
    pub who: String,
    /// Who is to take over.
    pub taker: String,
    /// The taker has confirmed it.
    pub is_taken: bool,
    /// When.
    pub at: Timestamp,
}

/// A sheet as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandoverView {
    /// Its number.
    pub id: i64,
    /// The shift's beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// The sheet, a JSON object, byte for byte.
    pub content: String,
    /// What whoever handed over had to say.
    pub remarks: String,
    /// Who handed over.
    pub who: String,
    /// Who was to take over.
    pub taker: String,
    /// When it was handed over.
    pub at: Timestamp,
    /// When the taker confirmed it; none while nobody has.
    pub taken_at: Option<Timestamp>,
}

impl Writer {
    /// Keeps a sheet, and gives its number.
    ///
    /// # Errors
    /// `Invalid` without two different persons, or for a shift without length.
    pub fn keep_handover(&mut self, new: &NewHandover) -> Result<i64> {
        let (who, taker) = (new.who.trim(), new.taker.trim());
        if who.is_empty() || taker.is_empty() || who == taker || new.until <= new.from {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerHandoverNeeds));
        }
        self.transacted("could not keep a hand-over", &[Topic::Handovers], |to| {
            let id = to
                .prepare_cached(
                    "INSERT INTO handovers (from_ms, until_ms, content, remarks, who, taker, at_ms)
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                )?
                .insert(params![
                    new.from.as_millisecond(),
                    new.until.as_millisecond(),
                    new.content,
                    new.remarks,
                    who,
                    taker,
                    new.at.as_millisecond()
                ])?;
            if new.is_taken {
                receive(to, id, taker, new.at)?;
            }
            Ok(id)
        })
    }

    /// Keeps that the taker confirms a sheet.
    ///
    /// # Errors
    /// `Invalid` for an unknown sheet, or one that somebody else is to take over; `Conflict` when it was
    /// confirmed before.
    pub fn take_over(&mut self, id: i64, who: &str, at: Timestamp) -> Result<()> {
        let step = format!("could not keep that hand-over {id} is confirmed");
        let known = self.transacted(&step, &[Topic::Handovers], |to| {
            let known = one(to, id)?;
            let open = known.as_ref().filter(|sheet| sheet.taken_at.is_none());
            if open.is_some_and(|sheet| sheet.taker == who) {
                receive(to, id, who, at)?;
            }
            Ok(known)
        })?;
        let refused = |kind, key| Err(Error::refused(kind, Said::with(key, "id", id)));
        match known {
            None => refused(ErrorKind::Invalid, Key::LedgerNoHandover),
            Some(sheet) if sheet.taken_at.is_some() => {
                refused(ErrorKind::Conflict, Key::LedgerHandoverTaken)
            }
            Some(sheet) if sheet.taker != who => {
                let said = Said::with(Key::LedgerHandoverOther, "taker", sheet.taker);
                Err(Error::refused(ErrorKind::Invalid, said))
            }
            Some(_) => Ok(()),
        }
    }
}

fn receive(to: &Connection, id: i64, who: &str, at: Timestamp) -> rusqlite::Result<()> {
    to.prepare_cached("INSERT INTO handover_receipts VALUES (?, ?, ?)")?
        .execute(params![id, who, at.as_millisecond()])
        .map(drop)
}

const ALL: &str =
    "SELECT h.id, h.from_ms, h.until_ms, h.content, h.remarks, h.who, h.taker, h.at_ms,
         r.at_ms
     FROM handovers h LEFT JOIN handover_receipts r ON r.handover_id = h.id";

impl Reader {
    /// Sheets that were handed over, the newest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn handovers(&self, limit: usize) -> Result<Vec<HandoverView>> {
        self.read(|on| {
            on.prepare_cached(&format!("{ALL} ORDER BY h.id DESC LIMIT ?"))?
                .query_map([rows_of(limit)], handover)?
                .collect()
        })
    }

    /// One sheet.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn handover(&self, id: i64) -> Result<Option<HandoverView>> {
        self.read(|on| one(on, id))
    }
}

fn one(on: &Connection, id: i64) -> rusqlite::Result<Option<HandoverView>> {
    on.prepare_cached(&format!("{ALL} WHERE h.id = ?"))?
        .query_row([id], handover)
        .optional()
}

fn handover(row: &Row<'_>) -> rusqlite::Result<HandoverView> {
    Ok(HandoverView {
        id: row.get(0)?,
        from: rows::time(row, 1)?,
        until: rows::time(row, 2)?,
        content: row.get(3)?,
        remarks: row.get(4)?,
        who: row.get(5)?,
        taker: row.get(6)?,
        at: rows::time(row, 7)?,
        taken_at: rows::maybe_time(row, 8)?,
    })
}

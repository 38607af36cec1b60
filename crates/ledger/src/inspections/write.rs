//! Keeping what was frozen and drawn, and what the inspector says of it.

use jiff::Timestamp;
use passage::coded;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use words::{Key, Said};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::writer::Writer;

coded! {
    /// What the inspector says of something that was drawn.
    pub enum InspectionMark {
        /// It agrees with what was found.
        Agrees = "agrees",
        /// It does not.
        Differs = "differs",
        /// It could not be checked.
        Unchecked = "unchecked",
    }
}

coded! {
    /// What can be drawn.
    pub enum DrawnKind {
        /// A passage, by its number.
        Passage = "passage",
        /// An in-plant vehicle, by its record's key.
        Vehicle = "vehicle",
        /// A machine, by its record's key.
        Machine = "machine",
        /// A day.
        Day = "day",
    }
}

/// A draw to be kept.
#[derive(Debug, Clone)]
pub struct NewDraw {
    /// Of what was frozen under this number.
    pub inspection: i64,
    /// What the inspector typed.
    pub seed: String,
    /// What was drawn, a JSON object.
    pub content: String,
    /// Who drew.
    pub who: String,
    /// When.
    pub at: Timestamp,
}

/// What an inspector says, to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMark {
    /// Of which inspection.
    pub inspection: i64,
    /// Of what.
    pub kind: DrawnKind,
    /// Which: a passage's number, a record's key, a day.
    pub subject: String,
    /// What.
    pub mark: InspectionMark,
    /// In words; may be empty where it agrees.
    pub remark: String,
    /// Who.
    pub who: String,
}

impl Writer {
    /// Keeps what was frozen, and gives its number. `code` is the SHA-256 of `content`.
    ///
    /// # Errors
    /// `Invalid` without `who`.
    pub fn keep_inspection(
        &mut self,
        content: &str,
        code: &str,
        who: &str,
        at: Timestamp,
    ) -> Result<i64> {
        named(who)?;
        self.transacted("could not freeze the ledger", &[Topic::Inspections], |to| {
            to.prepare_cached(
                "INSERT INTO inspections (content, code, who, at_ms) VALUES (?, ?, ?, ?)",
            )?
            .insert(params![content, code, who, at.as_millisecond()])
        })
    }

    /// Keeps a draw.
    ///
    /// # Errors
    /// `Invalid` without `who` or when nothing was frozen under that number; `Conflict` when it was drawn
    /// already.
    pub fn keep_draw(&mut self, draw: &NewDraw) -> Result<()> {
        named(&draw.who)?;
        let id = draw.inspection;
        let step = format!("could not keep the draw of inspection {id}");
        let written = self.transacted(&step, &[Topic::Inspections], |to| {
            let known = to
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM inspection_draws d
                                    WHERE d.inspection_id = i.id)
                     FROM inspections i WHERE i.id = ?",
                )?
                .query_row([id], |row| row.get::<_, bool>(0))
                .optional()?;
            if known == Some(false) {
                to.prepare_cached("INSERT INTO inspection_draws VALUES (?, ?, ?, ?, ?)")?
                    .execute(params![
                        id,
                        draw.seed,
                        draw.content,
                        draw.who,
                        draw.at.as_millisecond()
                    ])?;
            }
            Ok(known)
        })?;
        match written {
            Some(false) => Ok(()),
            Some(true) => refused(ErrorKind::Conflict, Key::InspectDrawn, id),
            None => refused(ErrorKind::Invalid, Key::InspectNone, id),
        }
    }

    /// Keeps what an inspector says of something that was drawn.
    ///
    /// # Errors
    /// `Invalid` without `who`, without words where it does not agree or could not be checked, or when
    /// nothing was drawn.
    pub fn keep_mark(&mut self, new: &NewMark, at: Timestamp) -> Result<()> {
        named(&new.who)?;
        if new.mark != InspectionMark::Agrees && new.remark.trim().is_empty() {
            return Err(Error::refused(ErrorKind::Invalid, Key::InspectRemark));
        }
        let id = new.inspection;
        let step = format!("could not keep what was said in inspection {id}");
        let drawn = self.transacted(&step, &[Topic::Inspections], |to| {
            let drawn = to
                .prepare_cached("SELECT 1 FROM inspection_draws WHERE inspection_id = ?")?
                .exists([id])?;
            if drawn {
                to.prepare_cached(
                    "INSERT INTO inspection_marks
                         (inspection_id, kind, subject, mark, remark, who, at_ms)
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    id,
                    new.kind.as_str(),
                    new.subject,
                    new.mark.as_str(),
                    new.remark,
                    new.who,
                    at.as_millisecond()
                ])?;
            }
            Ok(drawn)
        })?;
        match drawn {
            true => Ok(()),
            false => refused(ErrorKind::Invalid, Key::InspectNotDrawn, id),
        }
    }
}

fn named(who: &str) -> Result<()> {
    if who.trim().is_empty() {
        return Err(Error::refused(ErrorKind::Invalid, Key::InspectWho));
    }
    Ok(())
}

fn refused(kind: ErrorKind, key: Key, id: i64) -> Result<()> {
    Err(Error::refused(kind, Said::with(key, "id", id)))
}

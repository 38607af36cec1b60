//! The writer's side of corrections: new rows beside the old ones, a newly rendered photo beside
//! the old one, and a new delivery.

use passage::{
    Change, CorrectedItem, Correction, Direction, Grounds, NewPassage, NewPhoto, Outcome,
    PaperEntry, PaperPassage, PassageId, PassageView, Reading, Verdict,
};
use plate::PlateNumber;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use words::{Key, Said};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence;
use crate::outbox;
use crate::passages::facts;
use crate::passages::query;
use crate::rows;
use crate::writer::Writer;

/// Longest text of a plate, a name or a reason.
const TEXT_CHARS: usize = 500;

impl Writer {
    /// Appends a correction: its photos first, then its rows and a delivery for each sink that was
    /// sent the passage before and takes corrections; a refused passage is queued again. The first
    /// reading and the first photos stay. Gives the number of the correction.
    ///
    /// # Errors
    /// `Conflict` for an unknown passage, or when something else holds than the correction says it
    /// replaces; `Invalid` without change, person or reason, or for a value that can't be; else
    /// see [`ErrorKind`].
    pub fn correct(
        &mut self,
        id: PassageId,
        correction: &Correction,
        photos: &[NewPhoto<'_>],
    ) -> Result<u32> {
        self.correct_noting(id, correction, photos, |_, _| Ok(()))
    }

    /// As [`Self::correct`], with further rows in the same transaction; they are handed the number
    /// of the correction.
    pub(crate) fn correct_noting(
        &mut self,
        id: PassageId,
        correction: &Correction,
        photos: &[NewPhoto<'_>],
        note: impl FnOnce(&Transaction<'_>, u32) -> rusqlite::Result<()>,
    ) -> Result<u32> {
        evidence::validate(photos, false)?;
        let step = format!("could not correct passage {id}");
        let known = self.looked_up(&step, |from| query::passage_of(from, id))?;
        let Some(known) = known else {
            let why = Said::with(Key::ConsoleNoPassage, "number", id);
            return Err(Error::refused(ErrorKind::Conflict, why));
        };
        fits(correction, &known)?;
        let revision = 1 + known.times_corrected();
        let kept = self.keep_photos(known.key, known.decided_at, revision, photos)?;
        let manual = known.plate().is_none();
        let sinks = self.sinks().to_vec();
        self.committed(&step, &[Topic::Passages, Topic::Outbox], |to| {
            for change in &correction.changes {
                let manual = manual && change.item == CorrectedItem::Plate;
                insert(to, id, revision, manual, change, correction)?;
            }
            rows::insert_photos(to, id, &kept)?;
            note(to, revision)?;
            outbox::queue::queue_corrected(to, id, revision, &sinks, correction.at)?;
            facts::refresh(to, id)
        })?;
        Ok(revision)
    }

    /// Appends a passage from paper, flagged as such, with photos if there are any. It is queued
    /// like any other. The same key again changes nothing and gives the same id.
    ///
    /// # Errors
    /// `Invalid` without plate, entrance, person or reason; else see [`ErrorKind`].
    pub fn enter_paper(
        &mut self,
        paper: &PaperPassage,
        photos: &[NewPhoto<'_>],
    ) -> Result<PassageId> {
        evidence::validate(photos, false)?;
        let step = "could not enter a passage from paper";
        let entry = &paper.entry;
        let needed = [
            entry.plate.as_str(),
            &entry.entrance,
            &entry.who,
            &entry.why,
        ];
        if needed.iter().any(|text| !is_text(text)) {
            let why = Key::LedgerPaperNeeds;
            return Err(Error::refused(ErrorKind::Invalid, why));
        }
        let known = self.looked_up(step, |from| {
            from.prepare_cached("SELECT id FROM passages WHERE key = ?")?
                .query_row([paper.key.to_string()], |row| row.get(0).map(PassageId))
                .optional()
        })?;
        if let Some(id) = known {
            return Ok(id);
        }
        let kept = self.keep_photos(paper.key, entry.passed_at, 0, photos)?;
        let sinks = self.sinks().to_vec();
        self.committed(step, &[Topic::Passages, Topic::Outbox], |to| {
            let id = rows::insert_passage(to, &as_passage(paper))?;
            rows::insert_reading(to, id, "decided", &as_reading(entry))?;
            to.execute(
                "INSERT INTO paper_entries VALUES (?, ?, ?, ?)",
                params![
                    id.0,
                    paper.entered_at.as_millisecond(),
                    entry.who,
                    entry.why
                ],
            )?;
            to.execute(
                "INSERT INTO passage_outcomes VALUES (?, ?, ?)",
                params![
                    id.0,
                    Outcome::Passed.as_str(),
                    entry.passed_at.as_millisecond()
                ],
            )?;
            rows::insert_photos(to, id, &kept)?;
            if let Some(cargo) = &entry.cargo {
                let change = Change {
                    item: CorrectedItem::Cargo,
                    replaces: None,
                    value: rows::to_json(cargo)?,
                };
                let typed = Correction {
                    changes: Vec::new(),
                    who: entry.who.clone(),
                    why: entry.why.clone(),
                    at: paper.entered_at,
                };
                insert(to, id, 1, false, &change, &typed)?;
            }
            outbox::queue::queue_paper(to, id, &sinks, paper.entered_at)?;
            facts::refresh(to, id)?;
            Ok(id)
        })
    }
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= TEXT_CHARS
}

fn as_passage(paper: &PaperPassage) -> NewPassage {
    let entry = &paper.entry;
    NewPassage {
        key: paper.key,
        lane: entry.lane.clone(),
        entrance: entry.entrance.clone(),
        barrier: entry.barrier.clone(),
        direction: entry.direction,
        entered_at: entry.passed_at,
        decided_at: entry.passed_at,
        // A person's watch.
        clock: frame::ClockSource::Arrival,
        clock_trusted: false,
        camera: String::new(),
        reading: as_reading(entry),
        decision: Verdict::Allow,
        reason: "paper".to_owned(),
        grounds: Grounds::default(),
    }
}

/// What the paper says stands where a reading stands, and was recognised by nobody.
fn as_reading(entry: &PaperEntry) -> Reading {
    Reading {
        plate: entry.plate.to_string(),
        color: entry.color,
        ..Reading::unread()
    }
}

/// Refuses what can't be, and what was made from something that no longer holds.
fn fits(correction: &Correction, known: &PassageView) -> Result<()> {
    let invalid = |why: Said| Err(Error::refused(ErrorKind::Invalid, why));
    if correction.changes.is_empty() || !is_text(&correction.who) || !is_text(&correction.why) {
        return invalid(Key::LedgerCorrectionNeeds.into());
    }
    for (index, change) in correction.changes.iter().enumerate() {
        let twice = correction.changes[..index]
            .iter()
            .any(|c| c.item == change.item);
        if twice || change.value.chars().count() > 4 * TEXT_CHARS || !can_be(change) {
            let why = Said::with(Key::LedgerCannotBe, "value", &change.value);
            return invalid(why.and_said("item", name_of(change.item)));
        }
        let holds = known.holds(change.item);
        if holds != change.replaces {
            let by = known
                .corrections
                .iter()
                .rev()
                .find(|c| c.item == change.item);
            let why = Said::plain(Key::LedgerChangedMeanwhile);
            let why = why.and_said("item", name_of(change.item));
            let why = match holds {
                Some(value) => why.and("value", value),
                None => why.and_said("value", Key::LedgerNothing),
            };
            let why = match by {
                Some(c) => {
                    let by = Said::with(Key::LedgerSetBy, "who", &c.who).and("why", &c.why);
                    why.and_said("by", by)
                }
                None => why.and("by", ""),
            };
            return Err(Error::refused(ErrorKind::Conflict, why));
        }
    }
    Ok(())
}

fn name_of(item: CorrectedItem) -> Key {
    match item {
        CorrectedItem::Plate => Key::ColumnPlate,
        CorrectedItem::Color => Key::ColumnColor,
        CorrectedItem::Direction => Key::ColumnDirection,
        CorrectedItem::Cargo => Key::ColumnCargo,
    }
}

fn can_be(change: &Change) -> bool {
    match change.item {
        CorrectedItem::Plate => {
            change.value.chars().count() <= 16
                && change.value.chars().all(char::is_alphanumeric)
                && PlateNumber::normalise(&change.value) == change.value.as_str()
        }
        CorrectedItem::Color => change.value.parse::<plate::Color>().is_ok(),
        CorrectedItem::Direction => change.value.parse::<Direction>().is_ok(),
        CorrectedItem::Cargo => serde_json::from_str::<passage::Cargo>(&change.value).is_ok(),
    }
}

fn insert(
    to: &Connection,
    id: PassageId,
    revision: u32,
    manual: bool,
    change: &Change,
    correction: &Correction,
) -> rusqlite::Result<()> {
    to.prepare_cached(
        "INSERT INTO corrections
             (passage_id, item, before, after, who, why, at_ms, revision, manual)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        id.0,
        change.item.as_str(),
        change.replaces,
        change.value,
        correction.who,
        correction.why,
        correction.at.as_millisecond(),
        revision,
        manual,
    ])?;
    Ok(())
}

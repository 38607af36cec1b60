//! Passages as lanes hand them over: decided, ended, or lost.

use jiff::Timestamp;
use passage::{Finished, NewPassage, NewPhoto, PassageId};
use rusqlite::{OptionalExtension as _, Transaction};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{self, StoredPhoto};
use crate::options::OutboxSink;
use crate::outbox;
use crate::passages::{facts, query};
use crate::rows;
use crate::writer::Writer;

impl Writer {
    /// Commits a decided passage: its photos first, then its row, the photos' rows and one outbox
    /// row per sink in one transaction. On success all of it survives a power cut. The same key
    /// again changes nothing and gives the same id.
    ///
    /// # Errors
    /// `Invalid` without a photo of the head or with two of one kind; else see [`ErrorKind`].
    /// After any error nothing of the passage is committed, or, when the commit itself was cut
    /// off, all of it; deciding again with the same key settles which.
    pub fn decide(&mut self, passage: &NewPassage, photos: &[NewPhoto<'_>]) -> Result<PassageId> {
        evidence::validate(photos, true)?;
        let known = self.looked_up(
            &format!("could not commit passage {}", passage.key),
            |from| {
                from.prepare_cached("SELECT id FROM passages WHERE key = ?")?
                    .query_row([passage.key.to_string()], |row| row.get(0).map(PassageId))
                    .optional()
            },
        )?;
        if let Some(id) = known {
            return Ok(id);
        }
        let kept = self.keep_photos(passage.key, passage.decided_at, 0, photos)?;
        let sinks = self.sinks().to_vec();
        self.committed(
            &format!("could not commit passage {}", passage.key),
            &[Topic::Passages, Topic::Outbox],
            |to| {
                let id = rows::insert_passage(to, passage)?;
                rows::insert_grounds(to, id, &passage.grounds)?;
                rows::insert_reading(to, id, "decided", &passage.reading)?;
                rows::insert_photos(to, id, &kept)?;
                to.execute("INSERT INTO open_passages VALUES (?)", [id.0])?;
                outbox::queue::queue_decided(to, id, &sinks, passage.decided_at)?;
                facts::refresh(to, id)?;
                Ok(id)
            },
        )
    }

    /// Appends how a passage ended, with further photos, and makes its deliveries due: a row not
    /// yet claimed is sent at once with the outcome in it, otherwise a `PassageFinished` row
    /// follows. The same end again changes nothing.
    ///
    /// # Errors
    /// `Invalid` with two photos of one kind; `Conflict` for an unknown passage, one that ended
    /// differently, or a photo of a kind that it has.
    pub fn finish(&mut self, id: PassageId, end: &Finished, photos: &[NewPhoto<'_>]) -> Result<()> {
        evidence::validate(photos, false)?;
        let step = format!("could not finish passage {id}");
        let known = self.looked_up(&step, |from| query::passage_of(from, id))?;
        let Some(known) = known else {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("{step}: there is none"),
            ));
        };
        if let Some(before) = known.finished {
            let same = before.outcome == end.outcome
                && before.at.as_millisecond() == end.at.as_millisecond();
            return if same {
                Ok(())
            } else {
                let text = format!("{step}: it {} at {}", before.outcome, before.at);
                Err(Error::new(ErrorKind::Conflict, text))
            };
        }
        if let Some(twice) = photos
            .iter()
            .find(|photo| known.photo(photo.kind).is_some())
        {
            let text = format!("{step}: it has a {} photo", twice.kind);
            return Err(Error::new(ErrorKind::Conflict, text));
        }
        let kept = self.keep_photos(known.key, known.decided_at, 0, photos)?;
        let sinks = self.sinks().to_vec();
        self.committed(&step, &[Topic::Passages, Topic::Outbox], |to| {
            append_end(to, id, end, &kept, &sinks)
        })
    }

    /// Counts a passage that was lost before its decision.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn record_lost(&mut self, lane: &str, at: Timestamp, reason: &str) -> Result<()> {
        self.committed(
            &format!("could not count a passage lost on {lane}"),
            &[Topic::Passages],
            |to| {
                to.execute(
                    "INSERT INTO lost_passages (lane, at_ms, reason) VALUES (?, ?, ?)",
                    (lane, at.as_millisecond(), reason),
                )?;
                Ok(())
            },
        )
    }
}

fn append_end(
    to: &Transaction<'_>,
    id: PassageId,
    end: &Finished,
    kept: &[StoredPhoto],
    sinks: &[OutboxSink],
) -> rusqlite::Result<()> {
    to.execute(
        "INSERT INTO passage_outcomes VALUES (?, ?, ?)",
        (id.0, end.outcome.as_str(), end.at.as_millisecond()),
    )?;
    if let Some(reading) = &end.reading {
        rows::insert_reading(to, id, "final", reading)?;
        facts::refresh(to, id)?;
    }
    rows::insert_photos(to, id, kept)?;
    to.execute("DELETE FROM open_passages WHERE passage_id = ?", [id.0])?;
    outbox::queue::queue_finished(to, id, sinks, end.at)
}

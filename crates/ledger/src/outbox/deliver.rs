//! The writer's side of delivering: claim rows of the outbox, and answer for each.

use jiff::Timestamp;
use passage::{OutboxId, OutboxItem};
use rusqlite::Transaction;
use words::{Key, Said};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::options::Claim;
use crate::outbox::claim;
use crate::outbox::{self, Settlement};
use crate::writer::Writer;

impl Writer {
    /// Takes due rows of one sink for sending: live ones before backlog, each in the order of
    /// commit. They stay `sending` until answered or until the ledger is opened again. What a
    /// passage ended with waits until the passage itself has been answered.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn claim_due(&mut self, claim: &Claim<'_>) -> Result<Vec<OutboxItem>> {
        let step = format!("could not claim deliveries for {}", claim.sink);
        self.transacted(&step, &[], |to| claim::take(to, claim))
    }

    /// The sink has it. The first 2000 characters of `answer` are kept.
    ///
    /// # Errors
    /// `Conflict` when the row isn't being sent.
    pub fn ack(&mut self, id: OutboxId, at: Timestamp, answer: &str) -> Result<()> {
        self.settle(id, at, Settlement::Acknowledged, answer)
    }

    /// It did not arrive; it is due again at `next_at`, at most [`crate::MAX_DELAY`] from `at`.
    ///
    /// # Errors
    /// `Conflict` when the row isn't being sent.
    pub fn retry_later(
        &mut self,
        id: OutboxId,
        at: Timestamp,
        error: &str,
        next_at: Timestamp,
    ) -> Result<()> {
        self.settle(id, at, Settlement::Retry { next_at }, error)
    }

    /// The sink refused the data with these words; the row is parked until a person acts.
    ///
    /// # Errors
    /// `Conflict` when the row isn't being sent.
    pub fn refuse(&mut self, id: OutboxId, at: Timestamp, words: &str) -> Result<()> {
        self.settle(id, at, Settlement::Refused, words)
    }

    /// A person sends refused rows again, all of them or none; who did it and why stays with what
    /// the sink said, and is evidence like a correction.
    ///
    /// # Errors
    /// `Invalid` without a person or a reason; `Conflict` when a row isn't refused.
    pub fn resend(&mut self, rows: &[OutboxId], at: Timestamp, who: &str, why: &str) -> Result<()> {
        if who.trim().is_empty() || why.trim().is_empty() {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerResendNeeds));
        }
        let words = format!("{who}: {why}");
        let mut awaits_none = None;
        let sent = self.transacted(
            "could not send refused rows again",
            &[Topic::Outbox, Topic::Deliveries],
            |to| {
                for &id in rows {
                    note_resend(to, id, at, who, why)?;
                    if !outbox::settle(to, id, at, Settlement::Requeued, &words)? {
                        awaits_none = Some(id);
                        return Err(rusqlite::Error::QueryReturnedNoRows);
                    }
                }
                Ok(())
            },
        );
        match awaits_none {
            Some(id) => {
                let why = Said::with(Key::LedgerNotRefused, "row", id);
                Err(Error::refused(ErrorKind::Conflict, why))
            }
            None => sent,
        }
    }

    fn settle(
        &mut self,
        id: OutboxId,
        at: Timestamp,
        verdict: Settlement,
        words: &str,
    ) -> Result<()> {
        let step = format!("could not record the answer to delivery {id}");
        if self.transacted(&step, &[Topic::Deliveries], |to| {
            outbox::settle(to, id, at, verdict, words)
        })? {
            Ok(())
        } else {
            Err(Error::new(
                ErrorKind::Conflict,
                format!("{step}: it awaits none"),
            ))
        }
    }
}

/// What the sink had said is there only until the row is sent again.
fn note_resend(
    to: &Transaction<'_>,
    id: OutboxId,
    at: Timestamp,
    who: &str,
    why: &str,
) -> rusqlite::Result<()> {
    to.prepare_cached(
        "INSERT INTO resends (outbox_id, sink, kind, passage_id, record_id, refusal, who, why, at_ms)
         SELECT id, sink, kind, passage_id, record_id, coalesce(answer, ''), ?2, ?3, ?4
         FROM outbox WHERE id = ?1",
    )?
    .execute((id.0, who.trim(), why.trim(), at.as_millisecond()))?;
    Ok(())
}

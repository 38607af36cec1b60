//! What is put into the queue, and about what.

use jiff::Timestamp;
use passage::{OutboxId, OutboxKind, PassageId, RecordId, Register};
use rusqlite::{Connection, params};

use super::{AT_ONCE, Settlement, ms, settle};
use crate::options::{MAX_DELAY, OutboxSink};

/// Queues a decided passage for every sink.
pub(crate) fn queue_decided(
    to: &Connection,
    id: PassageId,
    sinks: &[OutboxSink],
    decided_at: Timestamp,
) -> rusqlite::Result<()> {
    let at = decided_at.as_millisecond();
    for sink in sinks.iter().filter(|sink| sink.takes.passages) {
        let wait = ms(sink.wait.min(MAX_DELAY));
        let due = if wait == 0 { AT_ONCE } else { at + wait };
        let row = New {
            subject: Of::Passage(id),
            kind: OutboxKind::Passage,
            revision: 0,
            generated_at_ms: at,
            due_at_ms: due,
        };
        insert(to, &sink.name, &row)?;
    }
    Ok(())
}

/// Queues a revision that took effect for the sinks that take its register.
pub(crate) fn queue_record(
    to: &Connection,
    id: RecordId,
    register: Register,
    revision: u32,
    sinks: &[OutboxSink],
    at: Timestamp,
) -> rusqlite::Result<()> {
    let row = New {
        subject: Of::Record(id),
        kind: OutboxKind::Record,
        revision,
        generated_at_ms: at.as_millisecond(),
        due_at_ms: AT_ONCE,
    };
    for sink in sinks.iter().filter(|sink| sink.takes.register(register)) {
        insert(to, &sink.name, &row)?;
    }
    Ok(())
}

/// Makes the deliveries of a finished passage due. A row never claimed carries the outcome itself.
/// A row that was claimed may have reached its sink without the outcome, whatever we heard back,
/// so the end follows in a row of its own.
pub(crate) fn queue_finished(
    to: &Connection,
    id: PassageId,
    sinks: &[OutboxSink],
    at: Timestamp,
) -> rusqlite::Result<()> {
    let at = at.as_millisecond();
    to.prepare_cached(
        "UPDATE outbox SET due_at_ms = ? WHERE passage_id = ? AND state = 'new' AND attempts = 0",
    )?
    .execute(params![AT_ONCE, id.0])?;
    let sent: Vec<String> = to
        .prepare_cached(
            "SELECT sink FROM outbox WHERE passage_id = ? AND kind = 'passage'
             AND attempts > 0 ORDER BY id",
        )?
        .query_map([id.0], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let row = |kind| New {
        subject: Of::Passage(id),
        kind,
        revision: 0,
        generated_at_ms: at,
        due_at_ms: AT_ONCE,
    };
    // A sink that is configured no more keeps its rows; it may come back.
    let takes_ends = |name: &String| {
        let known = sinks.iter().find(|sink| sink.name == *name);
        known.is_none_or(|sink| sink.takes.ends)
    };
    for sink in sent.iter().filter(|name| takes_ends(name)) {
        insert(to, sink, &row(OutboxKind::PassageFinished))?;
    }
    for sink in sinks.iter().filter(|sink| sink.takes.passages) {
        // A sink configured since the decision; the others have their row.
        insert(to, &sink.name, &row(OutboxKind::Passage))?;
    }
    Ok(())
}

/// Queues a passage from paper: it has ended, and counts from when it was typed in.
pub(crate) fn queue_paper(
    to: &Connection,
    id: PassageId,
    sinks: &[OutboxSink],
    entered_at: Timestamp,
) -> rusqlite::Result<()> {
    let row = New {
        subject: Of::Passage(id),
        kind: OutboxKind::Passage,
        revision: 0,
        generated_at_ms: entered_at.as_millisecond(),
        due_at_ms: AT_ONCE,
    };
    for sink in sinks.iter().filter(|sink| sink.takes.passages) {
        insert(to, &sink.name, &row)?;
    }
    Ok(())
}

/// Makes a correction known. A passage that was never claimed carries it; one that was refused goes
/// again, now repaired; to whom else it was sent, the correction follows if the sink takes them.
pub(crate) fn queue_corrected(
    to: &Connection,
    id: PassageId,
    revision: u32,
    sinks: &[OutboxSink],
    at: Timestamp,
) -> rusqlite::Result<()> {
    let rows: Vec<(i64, String, String, u32)> = to
        .prepare_cached(
            "SELECT id, sink, state, attempts FROM outbox
             WHERE passage_id = ? AND kind = 'passage' ORDER BY id",
        )?
        .query_map([id.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    for (row, name, state, attempts) in rows {
        let takes = sinks.iter().any(|s| s.name == name && s.takes.corrections);
        if state == "refused" {
            settle(to, OutboxId(row), at, Settlement::Requeued, "corrected")?;
        } else if attempts > 0 && takes {
            let new = New {
                subject: Of::Passage(id),
                kind: OutboxKind::PassageCorrected,
                revision,
                generated_at_ms: at.as_millisecond(),
                due_at_ms: AT_ONCE,
            };
            insert(to, &name, &new)?;
        }
    }
    Ok(())
}

/// Queues a passage of before `sink` was configured. It counts from when it was made, so it is
/// backlog, and its day's rate is what it then was.
pub(crate) fn queue_earlier(
    to: &Connection,
    id: PassageId,
    sink: &str,
    made_at_ms: i64,
) -> rusqlite::Result<()> {
    let row = New {
        subject: Of::Passage(id),
        kind: OutboxKind::Passage,
        revision: 0,
        generated_at_ms: made_at_ms,
        due_at_ms: AT_ONCE,
    };
    insert(to, sink, &row)
}

/// What a row is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    Passage(PassageId),
    Record(RecordId),
}

impl Of {
    /// The columns `passage_id` and `record_id`.
    fn columns(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Passage(id) => (Some(id.0), None),
            Self::Record(id) => (None, Some(id.0)),
        }
    }
}

struct New {
    subject: Of,
    kind: OutboxKind,
    revision: u32,
    generated_at_ms: i64,
    due_at_ms: i64,
}

/// Adds a row unless it is there.
fn insert(to: &Connection, sink: &str, new: &New) -> rusqlite::Result<()> {
    let (passage, record) = new.subject.columns();
    // Looked for first: a row that an index turns away would have used up a number.
    to.prepare_cached(
        "INSERT INTO outbox
             (passage_id, record_id, sink, kind, revision, generated_at_ms, due_at_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
         WHERE NOT EXISTS (SELECT 1 FROM outbox
                 WHERE passage_id = ?1 AND sink = ?3 AND kind = ?4 AND revision = ?5)
           AND NOT EXISTS (SELECT 1 FROM outbox
                 WHERE record_id = ?2 AND sink = ?3 AND kind = ?4 AND revision = ?5)",
    )?
    .execute(params![
        passage,
        record,
        sink,
        new.kind.as_str(),
        new.revision,
        new.generated_at_ms,
        new.due_at_ms
    ])?;
    Ok(())
}

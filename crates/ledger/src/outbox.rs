//! The queue of deliveries: new → sending → acknowledged or refused.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, named_params, params};

use crate::id::{OutboxId, PassageId, RecordId};
use crate::options::{Claim, MAX_DELAY, Sink};
use crate::query;
use crate::registers::{self, Register};
use crate::rows;
use crate::view::{OutboxItem, OutboxKind, Subject};

/// A row with this time is due whatever the clock says.
const AT_ONCE: i64 = 0;
/// A sink's answer is kept up to this many characters.
const WORDS_MAX: usize = 2000;

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Queues a decided passage for every sink.
pub(crate) fn queue_decided(
    to: &Connection,
    id: PassageId,
    sinks: &[Sink],
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
    sinks: &[Sink],
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
    sinks: &[Sink],
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
    sinks: &[Sink],
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
    sinks: &[Sink],
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
            settle(to, OutboxId(row), at, Verdict::Requeued, "corrected")?;
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

/// What a row is about.
#[derive(Debug, Clone, Copy)]
enum Of {
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

    fn subject(self, on: &Connection, revision: u32) -> rusqlite::Result<Subject> {
        let found = match self {
            Self::Passage(id) => query::passage_of(on, id)?.map(|p| Subject::Passage(Box::new(p))),
            Self::Record(id) => {
                registers::of_revision(on, id, revision)?.map(|r| Subject::Record(Box::new(r)))
            }
        };
        found.ok_or(rusqlite::Error::QueryReturnedNoRows)
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

/// Puts back what was being sent when the last process ended. Its answer is unknown, so it is
/// sent again; the passage's key makes that harmless.
pub(crate) fn recover(on: &Connection) -> rusqlite::Result<usize> {
    on.execute(
        "UPDATE outbox SET state = 'new', due_at_ms = ?
         WHERE settled_at_ms IS NULL AND state = 'sending'",
        [AT_ONCE],
    )
}

/// Marks due rows as being sent and gives them with what they are about.
pub(crate) fn claim(on: &Connection, claim: &Claim<'_>) -> rusqlite::Result<Vec<OutboxItem>> {
    let live_from = claim
        .now
        .as_millisecond()
        .saturating_sub(ms(claim.live_window));
    let mut rows = due(on, claim, live_from..=i64::MAX, claim.limit)?;
    let live = rows.len();
    let room = (claim.limit - live).min(claim.backlog_limit);
    rows.extend(due(on, claim, i64::MIN..=live_from - 1, room)?);
    rows.into_iter()
        .enumerate()
        .map(|(index, row)| {
            on.prepare_cached(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ?",
            )?
            .execute([row.id.0])?;
            Ok(OutboxItem {
                id: row.id,
                sink: claim.sink.to_owned(),
                kind: row.kind,
                revision: row.revision,
                attempts: row.attempts + 1,
                generated_at: row.generated_at,
                live: index < live,
                subject: row.of.subject(on, row.revision)?,
            })
        })
        .collect()
}

struct Due {
    id: OutboxId,
    of: Of,
    kind: OutboxKind,
    revision: u32,
    attempts: u32,
    generated_at: Timestamp,
}

fn due(
    on: &Connection,
    claim: &Claim<'_>,
    generated: std::ops::RangeInclusive<i64>,
    limit: usize,
) -> rusqlite::Result<Vec<Due>> {
    let now = claim.now.as_millisecond();
    on.prepare_cached(
        "SELECT id, passage_id, record_id, kind, revision, attempts, generated_at_ms
         FROM outbox o
         WHERE sink = :sink AND settled_at_ms IS NULL AND state = 'new'
           AND (due_at_ms <= :now OR due_at_ms > :horizon)
           AND generated_at_ms BETWEEN :from AND :until
           AND NOT EXISTS (
               SELECT 1 FROM outbox e
               WHERE e.passage_id = o.passage_id AND e.sink = o.sink AND e.id < o.id
                 AND e.settled_at_ms IS NULL)
           AND NOT EXISTS (
               SELECT 1 FROM outbox e
               WHERE e.record_id = o.record_id AND e.sink = o.sink AND e.id < o.id
                 AND e.settled_at_ms IS NULL)
         ORDER BY id LIMIT :limit",
    )?
    .query_map(
        named_params! {
            ":sink": claim.sink,
            ":now": now,
            ":horizon": now.saturating_add(ms(MAX_DELAY)),
            ":from": generated.start(),
            ":until": generated.end(),
            ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
        },
        |row| {
            Ok(Due {
                id: OutboxId(row.get(0)?),
                of: match row.get(1)? {
                    Some(passage) => Of::Passage(PassageId(passage)),
                    None => Of::Record(RecordId(row.get(2)?)),
                },
                kind: rows::code(row, 3)?,
                revision: row.get(4)?,
                attempts: row.get(5)?,
                generated_at: rows::time(row, 6)?,
            })
        },
    )?
    .collect()
}

/// What became of a claimed or refused row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verdict {
    Acknowledged,
    Refused,
    Retry { next_at: Timestamp },
    Requeued,
}

/// Records a verdict; false when the row was not in the state that it answers.
pub(crate) fn settle(
    on: &Connection,
    id: OutboxId,
    at: Timestamp,
    verdict: Verdict,
    words: &str,
) -> rusqlite::Result<bool> {
    let at_ms = at.as_millisecond();
    let (expected, state, result, settled, due) = match verdict {
        Verdict::Acknowledged => (
            "sending",
            "acknowledged",
            "acknowledged",
            Some(at_ms),
            AT_ONCE,
        ),
        Verdict::Refused => ("sending", "refused", "refused", Some(at_ms), AT_ONCE),
        Verdict::Requeued => ("refused", "new", "requeued", None, AT_ONCE),
        Verdict::Retry { next_at } => {
            let latest = at_ms.saturating_add(ms(MAX_DELAY));
            (
                "sending",
                "new",
                "retry",
                None,
                next_at.as_millisecond().min(latest),
            )
        }
    };
    let words: String = words.chars().take(WORDS_MAX).collect();
    let before: Option<Option<String>> = on
        .prepare_cached("SELECT answer FROM outbox WHERE id = ? AND state = ?")?
        .query_row(params![id.0, expected], |row| row.get(0))
        .optional()?;
    let Some(before) = before else {
        return Ok(false);
    };
    on.prepare_cached(
        "UPDATE outbox SET state = ?, settled_at_ms = ?, due_at_ms = ?, answer = ? WHERE id = ?",
    )?
    .execute(params![state, settled, due, words, id.0])?;
    let repeated = matches!(verdict, Verdict::Retry { .. }) && before.as_ref() == Some(&words);
    if !repeated {
        on.prepare_cached(
            "INSERT INTO outbox_answers (outbox_id, at_ms, result, words) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![id.0, at_ms, result, words])?;
    }
    Ok(true)
}

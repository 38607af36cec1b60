//! The queue of deliveries: new → sending → acknowledged or refused.

pub(crate) mod deliver;
pub(crate) mod platforms;
mod queue;
pub(crate) mod rates;
pub(crate) mod refused;

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, named_params, params};

use crate::id::{OutboxId, PassageId, RecordId};
use crate::options::{Claim, MAX_DELAY};
use crate::passages::view::{OutboxItem, OutboxKind};
use crate::rows;

use queue::Of;
pub(crate) use queue::{queue_corrected, queue_decided, queue_finished, queue_paper, queue_record};

/// A row with this time is due whatever the clock says.
const AT_ONCE: i64 = 0;
/// A sink's answer is kept up to this many characters.
const WORDS_MAX: usize = 2000;

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
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

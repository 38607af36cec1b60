//! The queue of deliveries: new → sending → acknowledged or refused.

pub(crate) mod backfill;
pub(crate) mod claim;
pub(crate) mod counters;
pub(crate) mod deliver;
pub(crate) mod platforms;
pub(crate) mod queue;
pub(crate) mod rates;
pub(crate) mod refused;

use std::time::Duration;

use jiff::Timestamp;
use passage::OutboxId;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::options::MAX_DELAY;

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

/// What became of a claimed or refused row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Settlement {
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
    verdict: Settlement,
    words: &str,
) -> rusqlite::Result<bool> {
    let at_ms = at.as_millisecond();
    let (expected, state, result, settled, due) = match verdict {
        Settlement::Acknowledged => (
            "sending",
            "acknowledged",
            "acknowledged",
            Some(at_ms),
            AT_ONCE,
        ),
        Settlement::Refused => ("sending", "refused", "refused", Some(at_ms), AT_ONCE),
        Settlement::Requeued => ("refused", "new", "requeued", None, AT_ONCE),
        Settlement::Retry { next_at } => {
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
    let repeated = matches!(verdict, Settlement::Retry { .. }) && before.as_ref() == Some(&words);
    if !repeated {
        on.prepare_cached(
            "INSERT INTO outbox_answers (outbox_id, at_ms, result, words) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![id.0, at_ms, result, words])?;
    }
    Ok(true)
}

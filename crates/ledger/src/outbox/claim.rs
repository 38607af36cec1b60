//! Due rows, taken to be sent.

use jiff::Timestamp;
use passage::{OutboxId, OutboxItem, OutboxKind, PassageId, RecordId, Subject};
use rusqlite::{Connection, named_params};

use super::ms;
use super::queue::Of;
use crate::options::{Claim, MAX_DELAY};
use crate::passages::query;
use crate::registers;
use crate::rows;

/// Marks due rows as being sent and gives them with what they are about.
pub(crate) fn take(on: &Connection, claim: &Claim<'_>) -> rusqlite::Result<Vec<OutboxItem>> {
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
                subject: subject(on, row.of, row.revision)?,
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

fn subject(on: &Connection, of: Of, revision: u32) -> rusqlite::Result<Subject> {
    let found = match of {
        Of::Passage(id) => query::passage_of(on, id)?.map(|p| Subject::Passage(Box::new(p))),
        Of::Record(id) => {
            registers::read::of_revision(on, id, revision)?.map(|r| Subject::Record(Box::new(r)))
        }
    };
    found.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

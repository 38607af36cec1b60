//! Passages of before a sink was configured: nobody queued them, and a person says from when on they
//! shall be sent.

use jiff::Timestamp;
use passage::PassageId;
use rusqlite::{Connection, named_params, params};
use serde::Serialize;

use super::queue;
use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::reader::{Reader, rows_of};
use crate::rows::{count, maybe_time};
use crate::writer::Writer;

/// Passages that a sink never had a row for. One that is open gets its row when it ends; photos that
/// retention removed can't be sent any more.
const WITHOUT_ROW: &str = "
    NOT EXISTS (SELECT 1 FROM outbox o
        WHERE o.passage_id = p.id AND o.sink = :sink AND o.kind = 'passage')
    AND NOT EXISTS (SELECT 1 FROM open_passages WHERE passage_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM photo_removals WHERE passage_id = p.id)";

/// Passages that are not in the queue of a sink, and nobody has said whether they shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unqueued {
    /// Sink name.
    pub sink: String,
    /// How many.
    pub passages: u64,
    /// When the first of them was decided.
    pub first: Timestamp,
    /// When the last of them was.
    pub last: Timestamp,
}

/// A person's order to send what is older than a sink.
#[derive(Debug, Clone, Copy)]
pub struct Backfill<'a> {
    /// Sink name.
    pub sink: &'a str,
    /// Passages decided from then on; what is older stays here on purpose.
    pub from: Timestamp,
    /// Who says so.
    pub who: &'a str,
    /// Why.
    pub why: &'a str,
    /// When.
    pub at: Timestamp,
}

/// What one step of a [`Backfill`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackfillStep {
    /// So many passages were queued.
    pub queued: u64,
    /// Where the next step goes on; `None` when nothing is left.
    pub next: Option<PassageId>,
}

impl Reader {
    /// What was never queued for `sink`, and nobody has said whether it shall be; `None` when there is
    /// nothing.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn unqueued(&self, sink: &str) -> Result<Option<Unqueued>> {
        self.read(|from| unqueued(from, sink))
    }
}

/// Whether a sink has fewer rows than there are passages above a number. Numbers are given out in order
/// and none is left out, so the highest counts them; were one left out, the passages themselves are asked.
const IS_SHORT: &str = "
    SELECT (SELECT coalesce(max(id), 0) - :after FROM passages)
        > (SELECT count(*) FROM outbox INDEXED BY outbox_of_passage
            WHERE passage_id > :after AND sink = :sink AND kind = 'passage')";

/// Which they are. It is asked at each start and by every command that shows a status: of a ledger of
/// years only indexes are read.
fn without_row() -> String {
    format!(
        "SELECT count(*), min(p.decided_at_ms), max(p.decided_at_ms)
         FROM passages p INDEXED BY passages_decided
         WHERE p.id > :after AND {WITHOUT_ROW}"
    )
}

fn unqueued(from: &Connection, sink: &str) -> rusqlite::Result<Option<Unqueued>> {
    let after: i64 = from
        .prepare_cached("SELECT coalesce(max(up_to), 0) FROM backfills WHERE sink = ?")?
        .query_row([sink], |row| row.get(0))?;
    let above = named_params! { ":sink": sink, ":after": after };
    let is_short: bool = from
        .prepare_cached(IS_SHORT)?
        .query_row(above, |row| row.get(0))?;
    if !is_short {
        return Ok(None);
    }
    from.prepare_cached(&without_row())?
        .query_row(above, |row| {
            let (first, last) = (maybe_time(row, 1)?, maybe_time(row, 2)?);
            let passages = count(row, 0)?;
            Ok(first.zip(last).map(|(first, last)| Unqueued {
                sink: sink.to_owned(),
                passages,
                first,
                last,
            }))
        })
}

impl Writer {
    /// Queues up to `limit` passages with numbers above `after` that `sink` never had a row for, as
    /// backlog; called again from [`BackfillStep::next`] until that is `None`, so that the gate's own
    /// commits get their turn between. Each step is kept as evidence, with who and why. What is queued
    /// already is not queued twice.
    ///
    /// # Errors
    /// `Invalid` without a person or a reason, or for a sink that is not configured or takes no
    /// passages; else see [`ErrorKind`].
    pub fn backfill(
        &mut self,
        order: &Backfill<'_>,
        after: PassageId,
        limit: usize,
    ) -> Result<BackfillStep> {
        let step = "could not queue earlier passages";
        let invalid = |text: String| Err(Error::new(ErrorKind::Invalid, format!("{step}: {text}")));
        if order.who.trim().is_empty() || order.why.trim().is_empty() {
            return invalid("who does it and why are needed".to_owned());
        }
        let takes = |sink: &&crate::OutboxSink| sink.takes.passages && sink.name == order.sink;
        if !self.sinks().iter().any(|sink| takes(&sink)) {
            return invalid(format!("no sink {} takes passages", order.sink));
        }
        let topics = [Topic::Outbox, Topic::Deliveries];
        self.transacted(step, &topics, |to| queue_some(to, order, after, limit))
    }
}

fn queue_some(
    to: &Connection,
    order: &Backfill<'_>,
    after: PassageId,
    limit: usize,
) -> rusqlite::Result<BackfillStep> {
    let sql = format!(
        "SELECT p.id, coalesce(e.entered_at_ms, p.decided_at_ms)
         FROM passages p LEFT JOIN paper_entries e ON e.passage_id = p.id
         WHERE p.id > :after AND p.decided_at_ms >= :from AND {WITHOUT_ROW}
         ORDER BY p.id LIMIT :limit"
    );
    let found: Vec<(PassageId, i64)> = to
        .prepare_cached(&sql)?
        .query_map(
            named_params! {
                ":after": after.0,
                ":from": order.from.as_millisecond(),
                ":sink": order.sink,
                ":limit": rows_of(limit),
            },
            |row| Ok((PassageId(row.get(0)?), row.get(1)?)),
        )?
        .collect::<rusqlite::Result<_>>()?;
    let is_last = found.len() < limit;
    if found.is_empty() && unqueued(to, order.sink)?.is_none() {
        return Ok(BackfillStep {
            queued: 0,
            next: None,
        });
    }
    for (id, made_at_ms) in &found {
        queue::queue_earlier(to, *id, order.sink, *made_at_ms)?;
    }
    let last = found.last().map_or(after, |(id, _)| *id);
    let up_to = if is_last {
        to.prepare_cached("SELECT coalesce(max(id), 0) FROM passages")?
            .query_row([], |row| row.get(0))?
    } else {
        last.0
    };
    to.prepare_cached(
        "INSERT INTO backfills (sink, from_ms, up_to, queued, who, why, at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        order.sink,
        order.from.as_millisecond(),
        up_to,
        rows_of(found.len()),
        order.who.trim(),
        order.why.trim(),
        order.at.as_millisecond()
    ])?;
    Ok(BackfillStep {
        queued: found.len() as u64,
        next: (!is_last).then_some(last),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn what_was_never_queued_is_found_by_indexes_alone() {
        let data = tempfile::tempdir().expect("a folder");
        let writer = Writer::open(data.path(), Options::default()).expect("a ledger");
        let from = writer.connection();
        for sql in [IS_SHORT, &without_row()] {
            let sql = format!("EXPLAIN QUERY PLAN {sql}");
            let mut plan = from.prepare(&sql).expect("SQL");
            let steps = plan.query_map(named_params! { ":sink": "x", ":after": 0 }, |row| {
                row.get::<_, String>(3)
            });
            let reads = |step: &String| step.contains("passages") || step.contains("outbox");
            let steps = steps.expect("a plan").map(|step| step.expect("text"));
            for step in steps
                .filter(reads)
                .filter(|step| !step.contains("open_passages"))
            {
                // The highest number is the last entry of the table.
                let is_last = step == "SEARCH passages";
                assert!(is_last || step.contains("COVERING INDEX"), "{step}");
            }
        }
    }
}

//! Passages as they are now.

use passage::{
    DeliveryView, FinishedView, Grounds, OutboxId, PaperView, PassageId, PassageView, PhotoView,
    Register,
};
use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use crate::holds;
use crate::keep::removals;
use crate::passages::corrected;
use crate::passages::read::Counts;
use crate::registers;
use crate::rows::{self, READING_COLUMNS, count, reading_columns};

const PASSAGE: &str = concat!(
    "SELECT p.id, p.key, p.lane, p.entrance, p.barrier, p.direction, p.entered_at_ms,
         p.decided_at_ms, p.clock, p.clock_trusted, p.camera, p.decision, p.reason,
         o.outcome, o.at_ms, f.passage_id IS NOT NULL, ",
    reading_columns!("d"),
    ", ",
    reading_columns!("f"),
    " FROM passages p
      JOIN readings d ON d.passage_id = p.id AND d.stage = 'decided'
      LEFT JOIN readings f ON f.passage_id = p.id AND f.stage = 'final'
      LEFT JOIN passage_outcomes o ON o.passage_id = p.id "
);
const FIRST_READING: usize = 16;

/// The passages that `rest` (a WHERE and what follows it) picks.
pub(crate) fn passages(
    from: &Connection,
    rest: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<PassageView>> {
    let mut found = from
        .prepare_cached(&format!("{PASSAGE}{rest}"))?
        .query_map(params, passage)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for view in &mut found {
        view.grounds = rows::grounds(from, view.id)?;
        let ended = view.finished.map_or(view.decided_at, |end| end.at);
        view.hold = holds::hold_during(from, &view.lane, view.decided_at, ended)?;
        view.photos = photos(from, view.id)?;
        view.removed_photos = removals::of_passage(from, view.id)?;
        view.deliveries = deliveries(from, view.id)?;
        view.paper = paper(from, view.id)?;
        view.corrections = corrected::corrections(from, view.id)?;
        let first = view.first_reading.as_ref().unwrap_or(&view.reading).clone();
        corrected::apply(view, &first)?;
        if let Some((plate, color)) = view.plate() {
            let identity = format!("{plate}|{color}");
            let at = view.decided_at;
            view.vehicle = registers::read::at_time(from, Register::Vehicle, &identity, at)?;
        }
    }
    Ok(found)
}

/// One passage.
pub(crate) fn passage_of(
    from: &Connection,
    id: PassageId,
) -> rusqlite::Result<Option<PassageView>> {
    Ok(passages(from, "WHERE p.id = ?", [id.0])?.pop())
}

fn passage(row: &Row<'_>) -> rusqlite::Result<PassageView> {
    let first = rows::reading(row, FIRST_READING)?;
    let (reading, first_reading) = if row.get(15)? {
        (
            rows::reading(row, FIRST_READING + READING_COLUMNS)?,
            Some(first),
        )
    } else {
        (first, None)
    };
    let finished = match rows::maybe_time(row, 14)? {
        Some(at) => Some(FinishedView {
            outcome: rows::code(row, 13)?,
            at,
        }),
        None => None,
    };
    Ok(PassageView {
        id: PassageId(row.get(0)?),
        key: rows::code(row, 1)?,
        lane: row.get(2)?,
        entrance: row.get(3)?,
        barrier: row.get(4)?,
        direction: rows::code(row, 5)?,
        entered_at: rows::time(row, 6)?,
        decided_at: rows::time(row, 7)?,
        clock: rows::clock(row, 8)?,
        clock_trusted: row.get(9)?,
        camera: row.get(10)?,
        decision: rows::code(row, 11)?,
        reason: row.get(12)?,
        grounds: Grounds::default(),
        hold: None,
        finished,
        reading,
        first_reading,
        corrections: Vec::new(),
        cargo: None,
        paper: None,
        vehicle: None,
        photos: Vec::new(),
        removed_photos: Vec::new(),
        deliveries: Vec::new(),
    })
}

fn photos(from: &Connection, id: PassageId) -> rusqlite::Result<Vec<PhotoView>> {
    from.prepare_cached(&format!(
        "SELECT kind, path, sha256, size_bytes, camera, taken_at_ms, revision FROM photos p
         WHERE passage_id = ? AND NOT {} ORDER BY id",
        removals::removed("p")
    ))?
    .query_map([id.0], |row| {
        Ok(PhotoView {
            kind: rows::code(row, 0)?,
            path: row.get(1)?,
            sha256: row.get(2)?,
            size_bytes: count(row, 3)?,
            camera: row.get(4)?,
            taken_at: rows::time(row, 5)?,
            revision: row.get(6)?,
        })
    })?
    .collect()
}

fn paper(from: &Connection, id: PassageId) -> rusqlite::Result<Option<PaperView>> {
    from.prepare_cached("SELECT who, why, entered_at_ms FROM paper_entries WHERE passage_id = ?")?
        .query_row([id.0], |row| {
            Ok(PaperView {
                who: row.get(0)?,
                why: row.get(1)?,
                entered_at: rows::time(row, 2)?,
            })
        })
        .optional()
}

fn deliveries(from: &Connection, id: PassageId) -> rusqlite::Result<Vec<DeliveryView>> {
    from.prepare_cached(
        "SELECT id, sink, kind, revision, state, attempts, answer, settled_at_ms FROM outbox
         WHERE passage_id = ? ORDER BY id",
    )?
    .query_map([id.0], |row| {
        Ok(DeliveryView {
            id: OutboxId(row.get(0)?),
            sink: row.get(1)?,
            kind: rows::code(row, 2)?,
            revision: row.get(3)?,
            state: rows::code(row, 4)?,
            attempts: row.get(5)?,
            answer: row.get(6)?,
            settled_at: rows::maybe_time(row, 7)?,
        })
    })?
    .collect()
}

/// Figures of the ledger. Rows are never deleted and ids never used again, so the last id given
/// is the count.
pub(crate) fn counts(from: &Connection) -> rusqlite::Result<Counts> {
    let last_id = |table: &str| {
        from.prepare_cached("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?")?
            .query_row([table], |row| count(row, 0))
    };
    let sum = |sql: &str| from.prepare_cached(sql)?.query_row([], |row| count(row, 0));
    // Numbers are given without holes, but for those that a restore skipped.
    let skipped = sum("SELECT coalesce(sum(first_free - 1 - last_passage), 0) FROM restores")?;
    let removed = sum("SELECT coalesce(sum(photos), 0) FROM photo_removals")?;
    Ok(Counts {
        passages: last_id("passages")?.saturating_sub(skipped),
        open: from
            .prepare_cached("SELECT count(*) FROM open_passages")?
            .query_row([], |row| count(row, 0))?,
        lost: last_id("lost_passages")?,
        photos: last_id("photos")?.saturating_sub(removed),
    })
}

//! Which passage each weighing belongs to.
//!
//! Only time and lane tell. A weighing waits until everything has come that could be nearer to its
//! passage than itself; then the two that are nearest to each other belong together, and so on. So
//! a vehicle that was not weighed does not get the weighing of the next one.

use std::collections::BTreeSet;

use jiff::Timestamp;
use passage::PassageId;
use rusqlite::{Connection, named_params};

use super::{MatchOrder, ScaleRules};

/// A weighing and a passage that may belong together.
struct Candidate {
    apart_ms: i64,
    weighing: i64,
    passage: PassageId,
    /// Nothing nearer can come any more.
    ripe: bool,
}

/// Weighings that have found their passage.
pub(super) fn found(
    from: &Connection,
    rules: &ScaleRules,
    since: Timestamp,
    now: Timestamp,
) -> rusqlite::Result<Vec<(i64, PassageId)>> {
    let mut candidates = Vec::new();
    for (scale, rule) in &rules.scales {
        let window = i64::try_from(rule.window.as_millis()).unwrap_or(i64::MAX / 4);
        let (before, after) = match rule.order {
            MatchOrder::Any => (window, window),
            MatchOrder::PassageFirst => (window, 0),
            MatchOrder::WeighingFirst => (0, window),
        };
        let mut statement = from.prepare_cached(
            "SELECT w.id, f.passage_id, abs(f.decided_at_ms - w.weighed_at_ms), w.weighed_at_ms
             FROM scale_weighings w
             JOIN passage_facts f ON f.decided_at_ms
                 BETWEEN w.weighed_at_ms - :before AND w.weighed_at_ms + :after
             WHERE w.weighed_at_ms >= :since AND w.scale = :scale
               AND f.lane IN (SELECT value FROM json_each(w.lanes))
               AND NOT EXISTS (SELECT 1 FROM scale_matches WHERE weighing_id = w.id)
               AND NOT EXISTS (SELECT 1 FROM scale_matches WHERE passage_id = f.passage_id)
               AND NOT EXISTS (SELECT 1 FROM paper_entries WHERE passage_id = f.passage_id)",
        )?;
        let rows = statement.query_map(
            named_params! {
                ":before": before,
                ":after": after,
                ":since": since.as_millisecond(),
                ":scale": scale,
            },
            |row| {
                let weighed_at: i64 = row.get(3)?;
                Ok(Candidate {
                    weighing: row.get(0)?,
                    passage: PassageId(row.get(1)?),
                    apart_ms: row.get(2)?,
                    // A passage may be a window later, and its own weighing another.
                    ripe: weighed_at.saturating_add(2 * window) <= now.as_millisecond(),
                })
            },
        )?;
        for candidate in rows {
            candidates.push(candidate?);
        }
    }
    candidates.sort_by_key(|c| (c.apart_ms, c.weighing, c.passage.0));
    let (mut weighings, mut passages) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for candidate in candidates {
        let taken =
            weighings.contains(&candidate.weighing) || passages.contains(&candidate.passage.0);
        if taken {
            continue;
        }
        weighings.insert(candidate.weighing);
        passages.insert(candidate.passage.0);
        if candidate.ripe {
            found.push((candidate.weighing, candidate.passage));
        }
    }
    Ok(found)
}

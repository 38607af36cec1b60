//! What happened that wants a clip, by the rows that say so.

use alarm::AlarmId;
use jiff::{SignedDuration, Timestamp};
use passage::{CLIP_AFTER, CLIP_BEFORE, ClipKind, ClipOf, Outcome, PassageId, Verdict};
use rusqlite::{Connection, OptionalExtension as _};

use crate::alarms::read::one as one_alarm;
use crate::rows;

/// A vehicle that goes through by then is on the clip of its decision.
const SHOWN: SignedDuration = SignedDuration::from_secs(50);

/// A clip that a row wants.
pub(super) struct Want {
    pub(super) of: ClipOf,
    pub(super) lane: String,
    pub(super) at: Timestamp,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    /// A person has asked: also where the lane is not recorded.
    pub(super) is_asked: bool,
}

/// The rows in a part of the chain that may want a clip: table and number of each.
pub(super) fn rows_between(
    on: &Connection,
    after: i64,
    until: i64,
) -> rusqlite::Result<Vec<(String, i64)>> {
    on.prepare_cached(
        "SELECT source, json_extract(key, '$[0]') FROM links WHERE seq > ? AND seq <= ?
         AND source IN ('passages', 'passage_outcomes', 'lifts', 'alarms', 'clip_requests')
         ORDER BY seq",
    )?
    .query_map([after, until], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

pub(super) fn wants(on: &Connection, source: &str, id: i64) -> rusqlite::Result<Option<Want>> {
    match source {
        "passages" => denied(on, PassageId(id)),
        "passage_outcomes" => forced(on, PassageId(id)),
        "lifts" => lifted(on, id),
        "alarms" => alarmed(on, AlarmId(id)),
        _ => requested(on, id),
    }
}

/// A passage that was denied.
fn denied(on: &Connection, id: PassageId) -> rusqlite::Result<Option<Want>> {
    Ok(passage_of(on, id)?
        .filter(|(_, is_denied)| *is_denied)
        .map(|(want, _)| want))
}

/// The video of a passage, and whether it was denied at the gate.
fn passage_of(on: &Connection, id: PassageId) -> rusqlite::Result<Option<(Want, bool)>> {
    on.prepare_cached(
        "SELECT lane, entered_at_ms, decided_at_ms, decision,
                EXISTS (SELECT 1 FROM paper_entries e WHERE e.passage_id = p.id)
         FROM passages p WHERE id = ?",
    )?
    .query_row([id.0], |row| {
        let (entered, decided) = (rows::time(row, 1)?, rows::time(row, 2)?);
        let is_paper: bool = row.get(4)?;
        let is_denied = rows::code::<Verdict>(row, 3)? == Verdict::Deny && !is_paper;
        let want = Want {
            of: ClipOf::passage(id),
            lane: row.get(0)?,
            at: decided,
            from: entered.min(decided) - CLIP_BEFORE,
            until: decided + CLIP_AFTER,
            is_asked: false,
        };
        Ok((want, is_denied))
    })
    .optional()
}

/// A denied vehicle that went through when the clip of its decision was over.
fn forced(on: &Connection, id: PassageId) -> rusqlite::Result<Option<Want>> {
    let end = on
        .prepare_cached("SELECT outcome, at_ms FROM passage_outcomes WHERE passage_id = ?")?
        .query_row([id.0], |row| Ok((rows::code(row, 0)?, rows::time(row, 1)?)))
        .optional()?;
    let Some((Outcome::Passed, at)) = end else {
        return Ok(None);
    };
    Ok(denied(on, id)?
        .filter(|want| at.duration_since(want.at) > SHOWN)
        .map(|want| {
            let of = ClipOf {
                kind: ClipKind::Forced,
                ..want.of
            };
            around(of, want.lane, at)
        }))
}

fn lifted(on: &Connection, id: i64) -> rusqlite::Result<Option<Want>> {
    on.prepare_cached("SELECT lane, at_ms FROM lifts WHERE id = ?")?
        .query_row([id], |row| {
            let of = ClipOf {
                kind: ClipKind::Lift,
                subject: id,
            };
            Ok(around(of, row.get(0)?, rows::time(row, 1)?))
        })
        .optional()
}

/// An alarm of a lane: of a passage or a lift, it wants that one's clip.
fn alarmed(on: &Connection, id: AlarmId) -> rusqlite::Result<Option<Want>> {
    let Some(alarm) = one_alarm(on, id)? else {
        return Ok(None);
    };
    let of = alarm.clip();
    match of.map(|of| (of.kind, of)) {
        Some((ClipKind::Alarm, of)) => {
            let lane = alarm.cause.lane.unwrap_or_default();
            Ok(Some(around(of, lane, alarm.raised_at)))
        }
        Some((ClipKind::Passage, of)) => {
            let passage = passage_of(on, PassageId(of.subject))?;
            Ok(passage.map(|(want, _)| want))
        }
        Some((_, of)) => lifted(on, of.subject),
        None => Ok(None),
    }
}

fn requested(on: &Connection, id: i64) -> rusqlite::Result<Option<Want>> {
    let passage = on
        .prepare_cached("SELECT passage_id FROM clip_requests WHERE id = ?")?
        .query_row([id], |row| row.get(0).map(PassageId))
        .optional()?;
    let Some(passage) = passage else {
        return Ok(None);
    };
    Ok(passage_of(on, passage)?.map(|(want, _)| Want {
        is_asked: true,
        ..want
    }))
}

fn around(of: ClipOf, lane: String, at: Timestamp) -> Want {
    Want {
        of,
        lane,
        at,
        from: at - CLIP_BEFORE,
        until: at + CLIP_AFTER,
        is_asked: false,
    }
}

//! Which clips are wanted: told by what is in the chain, from the place on that was looked at last. So neither a restart
//! nor a loss of power loses one, and none is wanted twice.

use jiff::Timestamp;
use passage::{ClipKind, ClipOf, ClipState, PassageId, WantedClip};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::events::{Want, rows_between, wants};
use super::write;
use crate::error::Result;
use crate::passages::query;
use crate::proof::chain;
use crate::reader::rows_of;
use crate::rows;
use crate::writer::Writer;

/// Whoever looks for wanted clips, among those who follow the chain.
const FOLLOWER: &str = "clips";
/// Alarms of a lane that get a clip in an hour: a contact that chatters must not fill the disk.
const MOST_ALARMS: i64 = 6;
/// Rows of the chain that are looked at in one turn of the writer.
const AT_ONCE: i64 = 2000;

impl Writer {
    /// Begins to follow what wants clips, from now on where nobody did; or ends that, where nothing is recorded.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn follow_clips(&mut self, is_recorded: bool) -> Result<()> {
        self.transacted("could not begin to follow clips", &[], |to| {
            if !is_recorded {
                to.execute("DELETE FROM followers WHERE name = ?", [FOLLOWER])?;
                return Ok(());
            }
            let (last, _) = chain::head(to)?;
            let sql = "INSERT INTO followers (name, place) VALUES (?, ?) ON CONFLICT DO NOTHING";
            to.execute(sql, params![FOLLOWER, last]).map(drop)
        })
    }

    /// Looks at what was written since the last time, for clips of these `lanes`, which are recorded. True when there is
    /// more to look at.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn want_clips(&mut self, lanes: &[String], now: Timestamp) -> Result<bool> {
        let step = "could not look which clips are wanted";
        let place = self.looked_up(step, |on| {
            on.prepare_cached("SELECT place FROM followers WHERE name = ?")?
                .query_row([FOLLOWER], |row| row.get::<_, i64>(0))
                .optional()
        })?;
        let last = self.looked_up(step, |on| chain::head(on).map(|(last, _)| last))?;
        let Some(place) = place.filter(|place| *place < last) else {
            return Ok(false);
        };
        let reached = last.min(place.saturating_add(AT_ONCE));
        self.transacted(step, &[], |to| {
            for (source, id) in rows_between(to, place, reached)? {
                if let Some(want) = wants(to, &source, id)?
                    && (want.is_asked || lanes.contains(&want.lane))
                {
                    add(to, &want, now)?;
                }
            }
            to.prepare_cached("UPDATE followers SET place = ? WHERE name = ?")?
                .execute(params![reached, FOLLOWER])?;
            Ok(reached < last)
        })
    }

    /// Clips that are to be cut, the one first that was over first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn wanted_clips(&self, limit: usize) -> Result<Vec<WantedClip>> {
        self.looked_up("could not read which clips are wanted", |on| {
            let wanted: Vec<_> = on
                .prepare_cached(
                    "SELECT kind, subject, lane, at_ms, from_ms, until_ms FROM wanted_clips
                     ORDER BY until_ms, id LIMIT ?",
                )?
                .query_map([rows_of(limit)], wanted)?
                .collect::<rusqlite::Result<_>>()?;
            wanted.into_iter().map(|clip| named(on, clip)).collect()
        })
    }
}

/// Whether anybody cuts clips.
pub(super) fn is_followed(on: &Connection) -> rusqlite::Result<bool> {
    on.prepare_cached("SELECT 1 FROM followers WHERE name = ?")?
        .exists([FOLLOWER])
}

/// Whether a row of the chain is yet to be looked at by whoever cuts clips.
pub(super) fn is_ahead(on: &Connection, source: &str, id: i64) -> rusqlite::Result<bool> {
    on.prepare_cached(
        "SELECT 1 FROM links WHERE seq > (SELECT place FROM followers WHERE name = ?)
         AND source = ? AND json_extract(key, '$[0]') = ?",
    )?
    .exists(params![FOLLOWER, source, id])
}

/// Whether the clip of an event was cut, or is to be.
pub(super) fn is_known(on: &Connection, of: ClipOf) -> rusqlite::Result<bool> {
    on.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM clips WHERE kind = ?1 AND subject = ?2)
             OR EXISTS (SELECT 1 FROM wanted_clips WHERE kind = ?1 AND subject = ?2)",
    )?
    .query_row(params![of.kind.as_str(), of.subject], |row| row.get(0))
}

/// Puts a clip on the list, unless it is there or was cut. Of a lane with many alarms it is kept that this one has none.
fn add(to: &Connection, want: &Want, now: Timestamp) -> rusqlite::Result<()> {
    let (kind, subject) = (want.of.kind.as_str(), want.of.subject);
    let (from, until) = (want.from.as_millisecond(), want.until.as_millisecond());
    if is_known(to, want.of)? {
        return Ok(());
    }
    if want.of.kind == ClipKind::Alarm && alarms_of_hour(to, want)? >= MOST_ALARMS {
        let clip = passage::NewClip {
            of: want.of,
            lane: want.lane.clone(),
            from: want.from,
            until: want.until,
            state: ClipState::LeftOut,
            missing: Vec::new(),
            files: Vec::new(),
        };
        return write::insert(to, &clip, now).map(drop);
    }
    to.prepare_cached(
        "INSERT INTO wanted_clips (kind, subject, lane, at_ms, from_ms, until_ms)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        kind,
        subject,
        want.lane,
        want.at.as_millisecond(),
        from,
        until
    ])
    .map(drop)
}

/// Clips of the lane's alarms in the hour before this one, cut or to be cut.
fn alarms_of_hour(on: &Connection, want: &Want) -> rusqlite::Result<i64> {
    let until = want.from.as_millisecond();
    let from = until - 3_600_000;
    on.prepare_cached(
        "SELECT (SELECT count(*) FROM clips WHERE lane = ?1 AND kind = 'alarm'
                     AND from_ms > ?2 AND from_ms <= ?3 AND state <> 'left_out')
              + (SELECT count(*) FROM wanted_clips WHERE lane = ?1 AND kind = 'alarm'
                     AND from_ms > ?2 AND from_ms <= ?3)",
    )?
    .query_row(params![want.lane, from, until], |row| row.get(0))
}

fn wanted(row: &rusqlite::Row<'_>) -> rusqlite::Result<WantedClip> {
    Ok(WantedClip {
        of: ClipOf {
            kind: rows::code(row, 0)?,
            subject: row.get(1)?,
        },
        lane: row.get(2)?,
        entrance: String::new(),
        barrier: String::new(),
        plate: String::new(),
        at: rows::time(row, 3)?,
        from: rows::time(row, 4)?,
        until: rows::time(row, 5)?,
    })
}

/// With what its name tells: entrance, barrier and plate, as far as they are known.
fn named(on: &Connection, clip: WantedClip) -> rusqlite::Result<WantedClip> {
    let passage = match clip.of.kind {
        ClipKind::Passage | ClipKind::Forced => Some(clip.of.subject),
        ClipKind::Lift => on
            .prepare_cached(
                "SELECT passage_id FROM lift_steps WHERE lift_id = ? AND passage_id IS NOT NULL",
            )?
            .query_row([clip.of.subject], |row| row.get(0))
            .optional()?,
        ClipKind::Alarm => None,
    };
    if let Some(id) = passage
        && let Some(passage) = query::passage_of(on, PassageId(id))?
    {
        return Ok(WantedClip {
            entrance: passage.entrance,
            barrier: passage.barrier,
            plate: passage.reading.plate,
            ..clip
        });
    }
    if clip.of.kind != ClipKind::Lift {
        return Ok(clip);
    }
    on.prepare_cached("SELECT entrance, barrier FROM lifts WHERE id = ?")?
        .query_row([clip.of.subject], |row| {
            Ok(WantedClip {
                entrance: row.get(0)?,
                barrier: row.get(1)?,
                ..clip
            })
        })
}

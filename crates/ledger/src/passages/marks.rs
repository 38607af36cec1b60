//! What people say of visits: an exit joined to an entry, one split from it, a vehicle that left unseen.

mod read;

use jiff::Timestamp;
use passage::{Direction, PassageId, VisitMark, VisitMarkId};
use rusqlite::{Connection, OptionalExtension as _, params};
use words::{Key, Said};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::passages::visits::ENTRY_OF_X;
use crate::rows;
use crate::writer::Writer;

/// Why a mark can't be kept.
type No = (ErrorKind, Said);

impl Writer {
    /// Keeps what a person says of visits, all of it or nothing; gives the numbers.
    ///
    /// # Errors
    /// `Invalid` without a person or a reason, or for what can't be a visit: an unknown passage, one that
    /// went the other way or turned back, an exit before its entry, a time before the entry or to come.
    /// `Conflict` when something else holds of one of the passages.
    pub fn mark_visits(
        &mut self,
        marks: &[VisitMark],
        (who, why): (&str, &str),
        at: Timestamp,
    ) -> Result<Vec<VisitMarkId>> {
        if marks.is_empty() || who.trim().is_empty() || why.trim().is_empty() {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerVisitNeeds));
        }
        let step = "could not keep what was said of a visit";
        // What is said of one passage must hold when the next is looked at, so each is looked at in turn.
        let kept = self.transacted(step, &[Topic::Visits, Topic::Passages], |to| {
            let mut ids = Vec::new();
            to.execute_batch("SAVEPOINT marks")?;
            for mark in marks {
                if let Some(no) = refusal(to, mark, at)? {
                    to.execute_batch("ROLLBACK TO marks; RELEASE marks")?;
                    return Ok(Err(no));
                }
                ids.push(insert(to, mark, (who, why), at)?);
            }
            to.execute_batch("RELEASE marks")?;
            Ok(Ok(ids))
        })?;
        kept.map_err(|(kind, said)| Error::refused(kind, said))
    }

    /// Takes back what was said of a visit. It stays, with who took it back and why.
    ///
    /// # Errors
    /// `Invalid` without a person or a reason, or when there is no such mark; `Conflict` when it was taken back
    /// already.
    pub fn withdraw_visit_mark(
        &mut self,
        id: VisitMarkId,
        (who, why): (&str, &str),
        at: Timestamp,
    ) -> Result<()> {
        if who.trim().is_empty() || why.trim().is_empty() {
            let needs = Key::LedgerWithdrawalNeeds;
            return Err(Error::refused(ErrorKind::Invalid, needs));
        }
        let step = format!("could not take mark {id} back");
        let topics = [Topic::Visits, Topic::Passages];
        let held = self.transacted(&step, &topics, |to| {
            let held = to
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM held_marks h WHERE h.id = m.id)
                     FROM visit_marks m WHERE m.id = ?",
                )?
                .query_row([id.0], |row| row.get::<_, bool>(0))
                .optional()?;
            if held == Some(true) {
                to.prepare_cached("INSERT INTO visit_mark_withdrawals VALUES (?, ?, ?, ?)")?
                    .execute(params![id.0, who, why, at.as_millisecond()])?;
            }
            Ok(held)
        })?;
        let refused = |kind, key| Err(Error::refused(kind, Said::with(key, "id", id)));
        match held {
            Some(true) => Ok(()),
            Some(false) => refused(ErrorKind::Conflict, Key::LedgerMarkWithdrawn),
            None => refused(ErrorKind::Invalid, Key::LedgerNoMark),
        }
    }
}

fn insert(
    to: &Connection,
    mark: &VisitMark,
    (who, why): (&str, &str),
    at: Timestamp,
) -> rusqlite::Result<VisitMarkId> {
    to.prepare_cached(
        "INSERT INTO visit_marks (kind, entry_id, exit_id, left_at_ms, who, why, at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .insert(params![
        mark.kind().as_str(),
        mark.entry().0,
        mark.exit().map(|exit| exit.0),
        mark.left_at().map(Timestamp::as_millisecond),
        who,
        why,
        at.as_millisecond()
    ])
    .map(VisitMarkId)
}

/// Why this can't be said now; none when it can.
fn refusal(on: &Connection, mark: &VisitMark, now: Timestamp) -> rusqlite::Result<Option<No>> {
    let entry = mark.entry();
    let no = |kind, key, id: PassageId| Ok(Some((kind, Said::with(key, "number", id))));
    let Some(came_at) = side(on, entry, Direction::In)? else {
        return no(ErrorKind::Invalid, Key::LedgerNotAnEntry, entry);
    };
    if let Some(exit) = mark.exit() {
        match side(on, exit, Direction::Out)? {
            None => return no(ErrorKind::Invalid, Key::LedgerNotAnExit, exit),
            Some(left_at) if left_at < came_at => {
                return no(ErrorKind::Invalid, Key::LedgerExitBefore, exit);
            }
            Some(_) => {}
        }
    }
    let said_of_entry = holds(on, "entry_id = ?1 AND kind <> 'split'", &[entry])?;
    match *mark {
        VisitMark::Joined { exit, .. } => {
            if said_of_entry || holds(on, "entry_id = ?1 AND exit_id = ?2", &[entry, exit])? {
                return no(ErrorKind::Conflict, Key::LedgerVisitHeld, entry);
            }
            if holds(on, "exit_id = ?1 AND kind = 'joined'", &[exit])? {
                return no(ErrorKind::Conflict, Key::LedgerVisitHeld, exit);
            }
        }
        VisitMark::Split { exit, .. } => {
            if said_of_entry || holds(on, "exit_id = ?1", &[exit])? {
                return no(ErrorKind::Conflict, Key::LedgerVisitHeld, exit);
            }
            if entry_before(on, exit)? != Some(entry) {
                return no(ErrorKind::Invalid, Key::LedgerNoVisit, exit);
            }
        }
        VisitMark::Left { left_at, .. } => {
            if left_at < came_at || left_at > now {
                return no(ErrorKind::Invalid, Key::LedgerLeftWhen, entry);
            }
            if said_of_entry || has_exit(on, entry)? {
                return no(ErrorKind::Conflict, Key::LedgerVisitHeld, entry);
            }
        }
    }
    Ok(None)
}

fn holds(on: &Connection, condition: &str, of: &[PassageId]) -> rusqlite::Result<bool> {
    on.prepare_cached(&format!("SELECT 1 FROM held_marks WHERE {condition}"))?
        .exists(rusqlite::params_from_iter(of.iter().map(|id| id.0)))
}

/// When a passage was decided that goes this way and did not turn back; none for any other.
fn side(
    on: &Connection,
    id: PassageId,
    direction: Direction,
) -> rusqlite::Result<Option<Timestamp>> {
    on.prepare_cached(
        "SELECT f.decided_at_ms FROM passage_facts f
         LEFT JOIN passage_outcomes o ON o.passage_id = f.passage_id
         WHERE f.passage_id = ? AND f.direction = ? AND o.outcome IS NOT 'backed_out'",
    )?
    .query_row(params![id.0, direction.as_str()], |row| rows::time(row, 0))
    .optional()
}

fn entry_before(on: &Connection, exit: PassageId) -> rusqlite::Result<Option<PassageId>> {
    let sql = format!("SELECT {ENTRY_OF_X} FROM passage_facts x WHERE x.passage_id = ?");
    on.prepare_cached(&sql)?
        .query_row([exit.0], |row| {
            Ok(row.get::<_, Option<i64>>(0)?.map(PassageId))
        })
        .optional()
        .map(Option::flatten)
}

/// Whether the next passage of the same vehicle that counts is its exit.
fn has_exit(on: &Connection, entry: PassageId) -> rusqlite::Result<bool> {
    let next: Option<String> = on
        .prepare_cached(
            "SELECT f.direction FROM passage_facts e
             JOIN passage_facts f ON f.plate_id = e.plate_id AND +f.color = e.color
                 AND (f.decided_at_ms, f.passage_id) > (e.decided_at_ms, e.passage_id)
             LEFT JOIN passage_outcomes o ON o.passage_id = f.passage_id
             WHERE e.passage_id = ? AND e.known AND f.known AND o.outcome IS NOT 'backed_out'
                 AND NOT EXISTS (SELECT 1 FROM held_marks j
                                 WHERE j.entry_id = f.passage_id AND j.kind = 'joined')
                 AND NOT EXISTS (SELECT 1 FROM held_marks j WHERE j.exit_id = f.passage_id)
             ORDER BY f.decided_at_ms, f.passage_id LIMIT 1",
        )?
        .query_row([entry.0], |row| row.get(0))
        .optional()?;
    Ok(next.is_some_and(|next| next == Direction::Out.as_str()))
}

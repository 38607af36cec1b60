//! What people say of visits, and counting who is really there.

use jiff::{SignedDuration, Timestamp};
use ledger::Reader;
use passage::{PassageId, PassageView, VisitMark, VisitMarkId};
use plate::folded;

use crate::said::{WHY_CHARS, plain};
use crate::{Done, Error, Refused, Writes};

/// An exit so long after its entry is looked for.
const LONGEST_STAY: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Exits that are looked at, and those that are offered.
const MOST_LOOKED_AT: usize = 500;
const MOST_OFFERED: usize = 30;

/// Who says "now" may have a clock that is so much ahead of ours.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(2);

/// Keeps what is said of visits, all or nothing.
pub(crate) fn mark(
    mut marks: Vec<VisitMark>,
    (who, why): (String, &str),
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let why = plain(why, WHY_CHARS, false)?;
    for mark in &mut marks {
        if let VisitMark::Left { left_at, .. } = mark
            && left_at.duration_since(now) <= CLOCKS_APART
        {
            *left_at = now.min(*left_at);
        }
    }
    writes.write(Box::new(move |writer| {
        let kept = writer.mark_visits(&marks, (&who, &why), now)?;
        Ok(Done::Marked(kept))
    }))
}

/// Takes it back.
pub(crate) fn withdraw(
    id: VisitMarkId,
    (who, why): (String, &str),
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let why = plain(why, WHY_CHARS, false)?;
    writes.write(Box::new(move |writer| {
        writer.withdraw_visit_mark(id, (&who, &why), now)?;
        Ok(Done::MarkWithdrawn(id))
    }))
}

/// Exits that might belong to an entry: those without an entry that came after it, the ones with the likest
/// plates first.
///
/// # Errors
/// When there is no such passage, or the ledger can't be read.
pub fn exits_for(reader: &Reader, entry: PassageId) -> Result<Vec<PassageView>, Error> {
    let entry = crate::passage(reader, entry)?;
    let (from, until) = (entry.decided_at, entry.decided_at + LONGEST_STAY);
    let mut exits = reader.lone_exits(from, until, MOST_LOOKED_AT)?;
    // Stable: of those that are alike as much, the oldest first.
    exits.sort_by_key(|exit| std::cmp::Reverse(likeness(&entry, exit)));
    exits.truncate(MOST_OFFERED);
    Ok(exits)
}

/// How many characters stand in both plates at the same place, those that are taken for each other as one;
/// the colour counts as one more.
fn likeness(entry: &PassageView, exit: &PassageView) -> usize {
    let (one, other) = (folded(&entry.reading.plate), folded(&exit.reading.plate));
    let same = one.chars().zip(other.chars()).filter(|(a, b)| a == b);
    same.count() + usize::from(entry.reading.color == exit.reading.color)
}

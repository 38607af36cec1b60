//! One round of retention: announce, wait, remove.

use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use ledger::{Reader, Removable, Removed, SPACE_NOTICE, Space, Writer};
use passage::{PassageId, RemovalReason};

use crate::RetentionPlan;

/// Passages whose photos one round removes at most; the next one goes on.
const ROUND: usize = 5000;
/// Passages that one transaction removes, so that a vehicle at the gate never waits for long.
const TURN: usize = 25;
/// Notices for age are given once a day: each covers a day more than the one before.
const NOTICE_STEP: SignedDuration = SignedDuration::from_hours(24);

/// A job for the ledger's writer.
pub type RemovalJob = Box<dyn FnOnce(&mut Writer) -> ledger::Result<Removed> + Send>;

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// What was removed.
    pub removed: Removed,
    /// Photos of passages decided before this time were announced to go.
    pub announced: Option<Timestamp>,
    /// A shortage of space was announced.
    pub announced_shortage: bool,
}

/// The times by which photos go for their age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ages {
    /// Passages decided before are old enough now.
    pub(crate) now: Timestamp,
    /// Passages decided before will be old enough when a notice given now has run out.
    pub(crate) ahead: Timestamp,
}

impl Ages {
    pub(crate) fn at(now: Timestamp, plan: &RetentionPlan, zone: &TimeZone) -> Option<Self> {
        let months = i64::from(plan.photos_months).months();
        let before = |at: Timestamp| {
            let local = at.to_zoned(zone.clone()).checked_sub(months);
            local.ok().map(|local| local.timestamp())
        };
        let notice = SignedDuration::try_from(plan.notice).ok()?;
        Some(Self {
            now: before(now)?,
            ahead: before(now.checked_add(notice).ok()?)?,
        })
    }
}

/// Does one round on the ledger in `data`; `write` has a job done by whoever holds its writer.
/// `by_age` is false while the clock is not trusted: ages are then unknown.
///
/// # Errors
/// When the disk or the ledger can't be read, or `write` fails. What was removed until then stays
/// removed; the next round goes on.
pub fn round<E: From<ledger::Error>>(
    plan: &RetentionPlan,
    data: &Path,
    zone: &TimeZone,
    reader: &Reader,
    (now, by_age): (Timestamp, bool),
    write: &mut dyn FnMut(RemovalJob) -> Result<Removed, E>,
) -> Result<Round, E> {
    let mut done = Round::default();
    write(Box::new(|writer| {
        writer.finish_removals().map(|_| Removed::default())
    }))?;
    if let Some(ages) = Ages::at(now, plan, zone).filter(|_| by_age) {
        let newest = reader.newest_notice_by_age()?;
        let is_new = newest.is_none_or(|until| ages.ahead.duration_since(until) >= NOTICE_STEP);
        if is_new && !reader.removable(ages.ahead, None, 1)?.is_empty() {
            let until = ages.ahead;
            write(announcing(Some(until), now))?;
            done.announced = Some(until);
        }
        if let Some(announced) = reader.announced_by_age(now, plan.notice)? {
            let due = reader.removable(ages.now.min(announced), None, ROUND)?;
            done.removed = remove(&due, RemovalReason::Age, now, write)?;
        }
    }
    let free = Space::of(data)?.free_bytes;
    if free < plan.shortage_bytes() {
        let announced = reader.announced_shortage(now)?;
        if announced.is_none() {
            write(announcing(None, now))?;
            done.announced_shortage = true;
        }
        let notice = SignedDuration::try_from(SPACE_NOTICE).unwrap_or(SignedDuration::MAX);
        let is_announced = announced.is_some_and(|at| now.duration_since(at) >= notice);
        if is_announced && free < plan.keep_free_bytes {
            let due = oldest(reader, now, plan.keep_free_bytes - free)?;
            let removed = remove(&due, RemovalReason::Space, now, write)?;
            add(&mut done.removed, removed);
        }
    }
    Ok(done)
}

fn announcing(until: Option<Timestamp>, at: Timestamp) -> RemovalJob {
    Box::new(move |writer| {
        writer
            .announce_removals(until, at)
            .map(|()| Removed::default())
    })
}

/// The oldest passages whose photos together have at least so many bytes, or all there are.
pub(crate) fn oldest(
    reader: &Reader,
    before: Timestamp,
    bytes: u64,
) -> ledger::Result<Vec<Removable>> {
    let mut due = reader.removable(before, None, ROUND)?;
    let mut sum = 0;
    let enough = due.iter().position(|passage| {
        sum += passage.size_bytes;
        sum >= bytes
    });
    due.truncate(enough.map_or(due.len(), |last| last + 1));
    Ok(due)
}

fn remove<E>(
    due: &[Removable],
    why: RemovalReason,
    at: Timestamp,
    write: &mut dyn FnMut(RemovalJob) -> Result<Removed, E>,
) -> Result<Removed, E> {
    let mut sum = Removed::default();
    for turn in due.chunks(TURN) {
        let passages: Vec<PassageId> = turn.iter().map(|r| r.passage).collect();
        let removed = write(Box::new(move |writer| {
            writer.remove_photos(&passages, why, at)
        }))?;
        add(&mut sum, removed);
        // Whoever waits for the writer comes first.
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(sum)
}

fn add(sum: &mut Removed, more: Removed) {
    sum.passages += more.passages;
    sum.photos += more.photos;
    sum.size_bytes += more.size_bytes;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ledger of passages that are so many days old, each with a photo of 10 kB.
    fn ledger(folder: &Path, now: Timestamp, ages_days: &[i64]) -> Writer {
        let mut writer = Writer::open(folder, ledger::Options::default()).expect("opens");
        let jpeg = vec![1_u8; 10_000];
        for days in ages_days {
            let at = now - SignedDuration::from_hours(24 * days);
            let passage = passage::NewPassage {
                key: passage::PassageKey::random(),
                lane: "north-in".to_owned(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                direction: passage::Direction::In,
                entered_at: at,
                decided_at: at,
                clock: frame::ClockSource::Arrival,
                clock_trusted: true,
                camera: "north".to_owned(),
                reading: passage::Reading {
                    plate: "苏A12345".to_owned(),
                    color: plate::Color::Yellow,
                    recognised: true,
                    ..passage::Reading::unread()
                },
                decision: passage::Verdict::Allow,
                reason: "read_allowed".to_owned(),
                grounds: passage::Grounds::default(),
            };
            let head = passage::NewPhoto {
                kind: passage::PhotoKind::Head,
                camera: "north",
                taken_at: at,
                jpeg: &jpeg,
            };
            let end = passage::Finished {
                outcome: passage::Outcome::Passed,
                at,
                reading: None,
            };
            let id = writer.decide(&passage, &[head]).expect("decided");
            writer.finish(id, &end, &[]).expect("finished");
        }
        writer
    }

    #[test]
    fn photos_go_after_their_notice_and_the_oldest_first_when_space_is_short() {
        let data = tempfile::tempdir().expect("a folder");
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().expect("a time");
        let mut writer = ledger(data.path(), now, &[900, 800, 720, 100, 1]);
        let reader = writer.reader().expect("reads");
        let mut plan = RetentionPlan {
            warn_free_bytes: 0,
            ..RetentionPlan::default()
        };
        let mut once = |plan: &RetentionPlan, days: i64, hours: i64, by_age| {
            let at = now + SignedDuration::from_hours(24 * days + hours);
            let mut write = |job: RemovalJob| job(&mut writer);
            let zone = TimeZone::UTC;
            round(plan, data.path(), &zone, &reader, (at, by_age), &mut write).expect("a round")
        };
        // First it is said; 800 and 900 days are over 24 months, and 720 will be within the month.
        let first = once(&plan, 0, 0, true);
        assert!(first.announced.is_some());
        assert_eq!(first.removed.passages, 0);
        assert_eq!(once(&plan, 29, 0, true).removed.passages, 0);
        let untrusted = once(&plan, 31, 0, false);
        assert_eq!(untrusted.removed.passages, 0, "the clock is not trusted");
        assert_eq!(once(&plan, 31, 0, true).removed.passages, 3);
        assert_eq!(
            once(&plan, 31, 1, true),
            Round::default(),
            "and nothing twice"
        );

        // More room is asked for than the disk has: said first, then the oldest go.
        plan.keep_free_bytes = u64::MAX / 2;
        let said = once(&plan, 32, 0, true);
        assert!(said.announced_shortage);
        assert_eq!(said.removed.passages, 0);
        assert_eq!(once(&plan, 32, 0, true).removed.passages, 0);
        assert_eq!(once(&plan, 32, 2, true).removed.passages, 2);
        assert_eq!(reader.removals().expect("reads").photos, 5);
    }

    #[test]
    fn only_as_much_as_is_short_goes_and_the_oldest_first() {
        let data = tempfile::tempdir().expect("a folder");
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().expect("a time");
        let reader = ledger(data.path(), now, &[1, 30, 20, 10])
            .reader()
            .expect("reads");
        let due = oldest(&reader, now, 15_000).expect("reads");
        let numbers: Vec<_> = due.iter().map(|r| r.passage.0).collect();
        assert_eq!(numbers, [2, 3]);
    }

    #[test]
    fn ages_are_counted_in_months_of_the_sites_calendar() {
        let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
        let plan = RetentionPlan {
            notice: Duration::from_secs(30 * 86_400),
            ..RetentionPlan::default()
        };
        let now = "2026-03-31T12:00:00+08:00".parse().expect("a time");
        let ages = Ages::at(now, &plan, &zone).expect("in range");
        let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string();
        assert_eq!(local(ages.now), "2024-03-31");
        assert_eq!(local(ages.ahead), "2024-04-30");
    }
}

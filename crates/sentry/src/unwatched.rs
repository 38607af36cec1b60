//! The time in which nothing was recognised: from when the lanes were last watched until they are again,
//! whatever ended it: an upgrade, a power cut, a restore.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use alarm::{Cause, CauseKind};
use jiff::{SignedDuration, Timestamp};
use ledger::{Handle, Reader};
use status::Status;

/// Name under which the ledger keeps when lanes were last watched, in milliseconds since 1970.
const WATCHED: &str = "watched";
/// How often that is kept. A power cut makes the gap look so much longer at most; more would wear the disk.
const KEEP: Duration = Duration::from_secs(10);
/// A lane whose thread has not gone round for so long is not watched.
const STILL: Duration = Duration::from_secs(5);
/// Less than this was no gap.
const LEAST: SignedDuration = SignedDuration::from_secs(1);

/// Which lanes are watched again since the start.
#[derive(Debug)]
pub(crate) struct Unwatched {
    /// When they were before it; unknown where no program has run yet.
    before: Option<Timestamp>,
    again: BTreeSet<String>,
    kept_at: Option<Duration>,
}

impl Unwatched {
    pub(crate) fn since(reader: &Reader) -> ledger::Result<Self> {
        let before = reader.follower(WATCHED)?;
        Ok(Self {
            before: before.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
            again: BTreeSet::new(),
            kept_at: None,
        })
    }

    /// Lanes whose first picture since the start has been looked at, each told once.
    pub(crate) fn look(&mut self, status: &Status, wall: Timestamp) -> Vec<Cause> {
        let mut causes = Vec::new();
        for lane in status.lanes() {
            if lane.frames.load(Ordering::Relaxed) == 0 || !self.again.insert(lane.name.clone()) {
                continue;
            }
            let Some(before) = self.before else { continue };
            let gap = wall.duration_since(before);
            if gap >= LEAST {
                let subject = format!("{} {before:.0}", lane.name);
                let cause = Cause::of(CauseKind::Unwatched, &subject);
                causes.push(cause.in_lane(&lane.name).with(gap.as_secs()));
            }
        }
        causes
    }

    /// Whether it is time to keep that lanes are watched.
    pub(crate) fn is_due(&mut self, now: Duration) -> bool {
        let due = self.kept_at.is_none_or(|at| now - at >= KEEP);
        if due {
            self.kept_at = Some(now);
        }
        due
    }
}

/// Keeps that lanes are watched until now, if they are: as long as they are, and once more when they end.
pub async fn keep_watched(status: &Status, ledger: &Handle) {
    let mut lanes = status.lanes().into_iter();
    let watched = |lane: &status::LaneCounters| {
        lane.frames.load(Ordering::Relaxed) > 0 && lane.unmoved() < STILL
    };
    if !lanes.any(|lane| watched(&lane)) {
        return;
    }
    let now = Timestamp::now().as_millisecond();
    let keep = ledger.write(move |writer| writer.set_follower(WATCHED, now));
    if let Err(error) = keep.await {
        tracing::warn!(%error, "until when lanes were watched could not be kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_told_once_for_each_lane_that_is_watched_again() {
        let before: Timestamp = "2026-05-01T06:00:00Z".parse().expect("a time");
        let status = Status::default();
        let lanes = ["in", "out"].map(status::LaneCounters::new);
        for lane in &lanes {
            status.add_lane(lane.clone());
        }
        let mut unwatched = Unwatched {
            before: Some(before),
            again: BTreeSet::new(),
            kept_at: None,
        };
        let mut look =
            |seconds| unwatched.look(&status, before + SignedDuration::from_secs(seconds));
        assert_eq!(look(3), [], "no picture yet");
        status::count(&lanes[1].frames);
        let told = look(7).pop().expect("one");
        assert_eq!(
            (told.lane.as_deref(), told.detail.as_str()),
            (Some("out"), "7")
        );
        assert_eq!(look(8), [], "told once");
        status::count(&lanes[0].frames);
        assert_eq!(look(95)[0].detail, "95");
    }

    #[test]
    fn nothing_is_missing_before_the_first_start_and_where_the_clock_was_set_back() {
        let now = Timestamp::now();
        let status = Status::default();
        let lane = status::LaneCounters::new("in");
        status::count(&lane.frames);
        status.add_lane(lane);
        for before in [None, Some(now + SignedDuration::from_hours(1)), Some(now)] {
            let again = BTreeSet::new();
            let kept_at = None;
            let mut unwatched = Unwatched {
                before,
                again,
                kept_at,
            };
            assert_eq!(unwatched.look(&status, now), []);
        }
    }
}

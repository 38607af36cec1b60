//! Uploads that are late: a row that waits too long, or a day of which too little has arrived.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::{Handle, LongWaiting};
use sync::UploadAlarm;

use crate::Status;

/// How often it is looked at.
const LOOK: Duration = Duration::from_secs(15);

/// What is late about one platform, for metrics and `/healthz`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Late {
    /// A row waits longer than allowed; of those that a person ordered later, none has gone for so long.
    pub waits: bool,
    /// Today's transmission rate is below its limit.
    pub below: bool,
    /// Today's transmission rate of rows that had time to arrive, 0 to 1; 1 when there are none.
    pub rate: f64,
}

/// Watches until aborted whether uploads to the platforms of these names are late. The day is the
/// one of `zone`.
pub async fn watch_uploads(
    limits: BTreeMap<String, UploadAlarm>,
    zone: TimeZone,
    status: Arc<Status>,
    ledger: Handle,
) {
    let mut before: BTreeMap<String, Late> = BTreeMap::new();
    let mut draining: BTreeMap<String, Draining> = BTreeMap::new();
    loop {
        let now = Timestamp::now();
        for (name, limit) in &limits {
            let Some(sink) = status.sinks().into_iter().find(|s| s.sink == *name) else {
                continue;
            };
            let patience = SignedDuration::try_from(limit.oldest).unwrap_or(SignedDuration::MAX);
            let Some(waiting) = long_waiting(&ledger, name, now, patience).await else {
                continue;
            };
            let draining = draining.entry(name.clone()).or_default();
            let waits = draining.is_late(&waiting, now, patience);
            let Some(rate) = rate_today(&ledger, &zone, name, now, patience).await else {
                continue;
            };
            let late = Late {
                waits,
                below: rate < limit.lowest_rate,
                rate,
            };
            tell(
                name,
                before.get(name).copied().unwrap_or_default(),
                late,
                &sink,
            );
            before.insert(name.clone(), late);
        }
        status.set_late(before.clone());
        tokio::time::sleep(LOOK).await;
    }
}

/// How what a person ordered goes away.
#[derive(Debug, Default)]
struct Draining {
    /// How much there was at the last look, and when it last became less.
    last: Option<(u64, Timestamp)>,
}

impl Draining {
    /// What came as things happened is late when it waits too long. What a person ordered later is as
    /// old as it is: it is late when nothing of it has gone for as long.
    fn is_late(&mut self, waiting: &LongWaiting, now: Timestamp, patience: SignedDuration) -> bool {
        let (count, since) = self.last.unwrap_or((waiting.ordered, now));
        let moved = if waiting.ordered < count { now } else { since };
        let moved = waiting.ordered_at.map_or(moved, |at| at.max(moved));
        self.last = Some((waiting.ordered, moved));
        let stands = waiting.ordered > 0 && now.duration_since(moved) > patience;
        waiting.live > 0 || stands
    }
}

async fn long_waiting(
    ledger: &Handle,
    sink: &str,
    now: Timestamp,
    patience: SignedDuration,
) -> Option<LongWaiting> {
    let before = now.checked_sub(patience).ok()?;
    let sink = sink.to_owned();
    let read = ledger.read(move |reader| reader.long_waiting(&sink, before));
    read.await.ok()
}

/// A log line when something becomes late and when it is over, and none in between.
fn tell(sink: &str, before: Late, late: Late, status: &sync::SinkStatus) {
    if late.waits && !before.waits {
        let last = status.last_error.as_ref().map_or("", |e| &e.words);
        let oldest = status.oldest_waiting.map(|at| at.to_string());
        tracing::error!(
            sink,
            waiting = status.waiting,
            oldest,
            last,
            "uploads are late: look at the line to the platform"
        );
    }
    if late.below && !before.below {
        tracing::error!(
            sink,
            rate = late.rate,
            refused = status.refused,
            "too little of today has arrived at the platform"
        );
    }
    if (before.waits || before.below) && !late.waits && !late.below {
        tracing::info!(sink, rate = late.rate, "uploads are in time again");
    }
}

/// The share of today's rows that the platform has, of those old enough to have arrived.
async fn rate_today(
    ledger: &Handle,
    zone: &TimeZone,
    sink: &str,
    now: Timestamp,
    patience: SignedDuration,
) -> Option<f64> {
    let from = now.to_zoned(zone.clone()).start_of_day().ok()?.timestamp();
    let until = now.checked_sub(patience).ok()?.max(from);
    let read = ledger
        .read(move |reader| reader.delivered(from, until))
        .await;
    let all = read.ok()?;
    let own = all.iter().filter(|d| d.sink == sink);
    let (generated, acknowledged) = own.fold((0, 0), |(generated, acknowledged), d| {
        (generated + d.generated, acknowledged + d.acknowledged)
    });
    Some(if generated == 0 {
        1.0
    } else {
        acknowledged as f64 / generated as f64
    })
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;

    use super::*;

    #[test]
    fn an_ordered_backlog_is_late_only_when_it_stands_and_live_rows_are_late_by_themselves() {
        let start = Timestamp::from_second(1_772_323_200).expect("a time");
        let at = |minutes: i64| start + minutes.minutes();
        let patience = SignedDuration::from_mins(30);
        let ordered = |ordered| LongWaiting {
            ordered,
            ordered_at: Some(start),
            ..LongWaiting::default()
        };
        let mut draining = Draining::default();
        let mut is_late =
            |waiting: &LongWaiting, minutes| draining.is_late(waiting, at(minutes), patience);
        assert!(!is_late(&ordered(100_000), 0));
        assert!(!is_late(&ordered(90_000), 20));
        assert!(
            !is_late(&ordered(80_000), 45),
            "hours old, and fewer and fewer"
        );
        let both = LongWaiting {
            live: 1,
            ..ordered(79_000)
        };
        assert!(is_late(&both, 46), "what came by itself waits too long");
        assert!(!is_late(&ordered(78_000), 47));
        assert!(!is_late(&ordered(78_000), 77));
        assert!(
            is_late(&ordered(78_000), 78),
            "nothing has gone for half an hour"
        );
        assert!(!is_late(&ordered(77_999), 79));
        // Another order: more than before, and no fault.
        let more = LongWaiting {
            ordered_at: Some(at(100)),
            ..ordered(90_000)
        };
        assert!(!is_late(&more, 120));
        assert!(is_late(&more, 131));
    }
}

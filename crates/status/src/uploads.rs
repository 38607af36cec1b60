//! Uploads that are late: a row that waits too long, or a day of which too little has arrived.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::Handle;
use sync::UploadAlarm;

use crate::Status;

/// How often it is looked at.
const LOOK: Duration = Duration::from_secs(15);

/// What is late about one platform, for metrics and `/healthz`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Late {
    /// The oldest row waits longer than allowed.
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
    loop {
        let now = Timestamp::now();
        for (name, limit) in &limits {
            let Some(sink) = status.sinks().into_iter().find(|s| s.sink == *name) else {
                continue;
            };
            let patience = SignedDuration::try_from(limit.oldest).unwrap_or(SignedDuration::MAX);
            let waits = sink
                .oldest_waiting
                .is_some_and(|at| now.duration_since(at) > patience);
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

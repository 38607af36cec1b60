//! Photos whose time is over, announced before they go, and how long the disk lasts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Handle, Reader, Removals, Removed};
use words::chain;

use crate::{Forecast, RemovalJob, RetentionPlan, Round, round};

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(3600);
/// After the start, passages come first.
const FIRST: Duration = Duration::from_secs(20);

/// How disk and retention stand.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct DiskState {
    /// How long the disk lasts.
    pub forecast: Forecast,
    /// A person has to see to the disk.
    pub short: bool,
    /// What retention removed.
    pub removals: Removals,
    /// Photos of passages decided before this were announced to go.
    pub announced: Option<Timestamp>,
}

/// Does a round of retention on the ledger in `data` each hour until aborted, and tells how the disk
/// stands. While the clock is not trusted, no photo goes for its age.
pub async fn retain_hourly(
    data: PathBuf,
    plan: RetentionPlan,
    zone: TimeZone,
    ledger: Handle,
    clock_trusted: impl Fn() -> bool,
    tell: impl Fn(DiskState),
) {
    let mut was_short = false;
    tokio::time::sleep(FIRST).await;
    loop {
        let trusted = clock_trusted();
        let (data, zone, ledger) = (data.clone(), zone.clone(), ledger.clone());
        let once = move || once(&data, &plan, &zone, &ledger, trusted);
        match tokio::task::spawn_blocking(once).await {
            Ok(Ok(state)) => {
                log(&state, &mut was_short);
                tell(state);
            }
            Ok(Err(error)) => {
                tracing::error!(error = chain(&error), "retention could not do its round");
            }
            Err(error) => tracing::error!(%error, "retention could not do its round"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn once(
    data: &Path,
    plan: &RetentionPlan,
    zone: &TimeZone,
    ledger: &Handle,
    trusted: bool,
) -> ledger::Result<DiskState> {
    // A reader of its own: this takes seconds, and uploads use the other one.
    let reader = Reader::open(data)?;
    let now = Timestamp::now();
    let mut write = |job: RemovalJob| -> ledger::Result<Removed> { ledger.write_blocking(job) };
    let done = round(plan, data, zone, &reader, (now, trusted), &mut write)?;
    log_round(&done, plan);
    let forecast = Forecast::of(data, plan, &reader, now)?;
    Ok(DiskState {
        short: forecast.is_short(plan),
        forecast,
        removals: reader.removals()?,
        announced: reader.newest_notice_by_age()?,
    })
}

fn log_round(done: &Round, plan: &RetentionPlan) {
    if let Some(until) = done.announced {
        let days = plan.notice.as_secs() / 86_400;
        tracing::warn!(%until, days, "photos of passages before this day are removed in so many days: copy what you need");
    }
    if done.announced_shortage {
        tracing::error!(
            keep_free_bytes = plan.keep_free_bytes,
            "space is short; when it goes below the limit, the oldest acknowledged photos are removed from an hour on"
        );
    }
    if done.removed.passages > 0 {
        let (passages, photos) = (done.removed.passages, done.removed.photos);
        tracing::info!(
            passages,
            photos,
            bytes = done.removed.size_bytes,
            "photos removed"
        );
    }
}

fn log(state: &DiskState, was_short: &mut bool) {
    let free_bytes = state.forecast.space.free_bytes;
    if state.short && !*was_short {
        let full_in_days = state.forecast.full_in_days;
        tracing::error!(
            free_bytes,
            full_in_days,
            "the disk is nearly full: on a full disk no passage can be recorded"
        );
    }
    if !state.short && *was_short {
        tracing::info!(free_bytes, "the disk has room again");
    }
    *was_short = state.short;
}

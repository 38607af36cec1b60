//! Photos whose time is over, announced before they go, and how long the disk lasts.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use housekeeping::{Forecast, Job, round};
use jiff::Timestamp;
use ledger::{Reader, Removals, Removed};
use sync::{LedgerHandle, OutboxError};
use words::chain;

use super::board::Board;
use crate::config::Config;

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(3600);
/// After the start, passages come first.
const FIRST: Duration = Duration::from_secs(20);

/// How disk and retention stand, for metrics and `/healthz`.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(crate) struct DiskState {
    pub(crate) forecast: Forecast,
    pub(crate) short: bool,
    pub(crate) removals: Removals,
    /// Photos of passages decided before this were announced to go.
    pub(crate) announced: Option<Timestamp>,
}

/// Does a round each hour until the daemon ends.
pub(crate) async fn keep(config: Arc<Config>, board: Arc<Board>, ledger: LedgerHandle) {
    let mut was_short = false;
    tokio::time::sleep(FIRST).await;
    loop {
        let trusted = board.clock_trusted.load(Ordering::Relaxed);
        let (config, ledger) = (Arc::clone(&config), ledger.clone());
        let once = tokio::task::spawn_blocking(move || once(&config, &ledger, trusted)).await;
        match once {
            Ok(Ok(state)) => {
                tell(&state, &mut was_short);
                board.set_disk(state);
            }
            Ok(Err(error)) => {
                tracing::error!(error = chain(&error), "retention could not do its round");
            }
            Err(error) => tracing::error!(%error, "retention could not do its round"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn once(config: &Config, ledger: &LedgerHandle, trusted: bool) -> Result<DiskState, OutboxError> {
    // A reader of its own: this takes seconds, and uploads use the other one.
    let reader = Reader::open(&config.data_folder)?;
    let now = Timestamp::now();
    let mut write = |job: Job| -> Result<Removed, OutboxError> { Ok(ledger.write_blocking(job)??) };
    let (data, zone) = (&config.data_folder, &config.site.zone);
    let plan = &config.retention;
    let done = round(plan, data, zone, &reader, (now, trusted), &mut write)?;
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
    let forecast = Forecast::of(data, plan, &reader, now)?;
    Ok(DiskState {
        short: forecast.is_short(plan),
        forecast,
        removals: reader.removals()?,
        announced: reader.newest_notice_by_age()?,
    })
}

fn tell(state: &DiskState, was_short: &mut bool) {
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

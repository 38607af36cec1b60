//! The chain's anchor of each day, in the ledger and in a file elsewhere.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ledger::Handle;

use crate::add_anchors;

/// How often it is looked whether a day is over, and whether the file can be written again.
const EVERY: Duration = Duration::from_secs(60);

/// Anchors each day of the site once it is over, and brings the file up to date. A share that is
/// away gets what it missed when it is back.
pub async fn anchor_daily(ledger: Handle, zone: TimeZone, file: Option<PathBuf>) {
    let mut told = false;
    loop {
        match once(&ledger, &zone, file.as_deref()).await {
            Ok(()) => told = false,
            Err(words) if !told => {
                tracing::warn!(
                    error = words,
                    "the ledger's anchor could not be kept elsewhere"
                );
                told = true;
            }
            Err(_) => {}
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn once(ledger: &Handle, zone: &TimeZone, file: Option<&Path>) -> Result<(), String> {
    let now = Timestamp::now();
    let today = now.to_zoned(zone.clone()).date();
    let Ok(day) = today.checked_sub(1.day()) else {
        return Ok(());
    };
    let made = ledger.write(move |writer| writer.anchor(day, now)).await;
    let made = made.map_err(|e| e.to_string())?;
    if let Some(anchor) = made {
        tracing::info!(day = %anchor.day, links = anchor.links, head = anchor.head, "ledger anchored");
    }
    let Some(file) = file else { return Ok(()) };
    let anchors = ledger.read(|reader| reader.anchors()).await;
    let anchors = anchors.map_err(|e| e.to_string())?;
    let file = file.to_owned();
    let written = tokio::task::spawn_blocking(move || add_anchors(&file, &anchors)).await;
    written
        .map_err(|e| e.to_string())?
        .map_err(|e| e.to_string())
}

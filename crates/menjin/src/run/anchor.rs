//! The chain's anchor of each day, in the ledger and in a file elsewhere.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ledger::Anchor;
use sync::LedgerHandle;

use crate::verify::read_anchors;

/// How often it is looked whether a day is over, and whether the file can be written again.
const EVERY: Duration = Duration::from_secs(60);

/// Anchors each day of the site once it is over, and brings the file up to date. A share that is
/// away gets what it missed when it is back.
pub(crate) async fn keep(ledger: LedgerHandle, zone: TimeZone, file: Option<std::path::PathBuf>) {
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

async fn once(ledger: &LedgerHandle, zone: &TimeZone, file: Option<&Path>) -> Result<(), String> {
    let now = Timestamp::now();
    let today = now.to_zoned(zone.clone()).date();
    let Ok(day) = today.checked_sub(1.day()) else {
        return Ok(());
    };
    let made = ledger.write(move |writer| writer.anchor(day, now)).await;
    let made = made
        .map_err(|e| e.to_string())?
        .map_err(|e| e.to_string())?;
    if let Some(anchor) = made {
        tracing::info!(day = %anchor.day, links = anchor.links, head = anchor.head, "ledger anchored");
    }
    let Some(file) = file else { return Ok(()) };
    let anchors = ledger.read(|reader| reader.anchors()).await;
    let anchors = anchors
        .map_err(|e| e.to_string())?
        .map_err(|e| e.to_string())?;
    let file = file.to_owned();
    let written = tokio::task::spawn_blocking(move || bring_up(&file, &anchors)).await;
    written.map_err(|e| e.to_string())?
}

/// Adds the anchors that the file has not got.
fn bring_up(file: &Path, anchors: &[Anchor]) -> Result<(), String> {
    let there = if file.exists() {
        read_anchors(file)?
    } else {
        Vec::new()
    };
    let missing: Vec<_> = anchors.iter().filter(|a| !there.contains(a)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let failed = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
    let mut out = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .map_err(|e| failed(&e))?;
    for anchor in missing {
        let line = serde_json::to_string(anchor).map_err(|e| failed(&e))?;
        writeln!(out, "{line}").map_err(|e| failed(&e))?;
    }
    out.sync_all().map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_each_anchor_once_and_what_it_missed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("anchors.jsonl");
        let anchor = |day: &str, links| Anchor {
            day: day.parse().expect("a day"),
            links,
            head: "ab".repeat(32),
            branch: None,
        };
        let all = [anchor("2026-03-01", 5), anchor("2026-03-02", 9)];
        bring_up(&file, &all[..1]).expect("writes");
        bring_up(&file, &all).expect("writes");
        bring_up(&file, &all).expect("writes");
        assert_eq!(read_anchors(&file).expect("reads"), all);

        std::fs::write(&file, "not an anchor\n").expect("writes");
        let words = bring_up(&file, &all).expect_err("refuses");
        assert!(
            words.contains("line 1") && words.contains("anchors.jsonl"),
            "{words}"
        );
    }
}

//! Is the platform's ledger ours? Every passage once, as it holds now, with the photos that hold.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ledger::{CheckOptions, Filter, FindingCode, Reader, VerifyOptions};
use passage::{DeliveryState, PassageView, PhotoKind};
use simulator::RunningSimulator;

use crate::gate::Gate;
use crate::{Fault, progress};

/// Nothing more has arrived for so long: it does not drain.
const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until everything is acknowledged.
pub(crate) async fn drained(gate: &Gate) -> Result<(), Fault> {
    let (mut before, mut moved, mut told) = (u64::MAX, Instant::now(), Instant::now());
    loop {
        let counters = gate.counters().await?;
        if counters.waiting == 0 {
            return Ok(());
        }
        if counters.waiting != before {
            (before, moved) = (counters.waiting, Instant::now());
        }
        if moved.elapsed() > PATIENCE {
            return Err(format!("{} rows do not leave", counters.waiting).into());
        }
        if told.elapsed() > Duration::from_secs(10) {
            progress(&format!("{} rows still wait", counters.waiting));
            told = Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Every passage of the ledger, oldest first.
pub(crate) fn passages(reader: &Reader) -> Result<Vec<PassageView>, Fault> {
    let mut all = Vec::new();
    reader.each(&Filter::default(), |passage| {
        all.push(passage);
        true
    })?;
    Ok(all)
}

/// The ledger and its files agree, no photo is missing or changed, the chain of hashes holds: what
/// `menjin check` and `menjin verify` look at. Files that a killed process left without a row are no
/// fault.
pub(crate) fn sound(reader: &Reader) -> Result<(), Fault> {
    let mut found = reader.check(&CheckOptions::default())?;
    found.retain(|f| f.code != FindingCode::OrphanFile);
    if let Some(first) = found.first() {
        return Err(format!("{} findings, the first: {first:?}", found.len()).into());
    }
    let verdict = reader.verify(&VerifyOptions::default())?;
    match verdict.breaks.first() {
        Some(first) => Err(format!("the chain is broken: {first:?}").into()),
        None => Ok(()),
    }
}

/// The platform has exactly our passages, each once.
pub(crate) fn same(reader: &Reader, platform: &RunningSimulator) -> Result<usize, Fault> {
    let ours = passages(reader)?;
    let mut theirs = BTreeMap::new();
    for arrival in platform.received() {
        let plate = arrival.summary.plate.clone().unwrap_or_default();
        if let Some(twice) = theirs.insert(plate, arrival) {
            return Err(format!("the platform has {:?} twice", twice.summary.plate).into());
        }
    }
    if theirs.len() != ours.len() {
        let (here, there) = (ours.len(), theirs.len());
        return Err(format!("{here} passages here, {there} at the platform").into());
    }
    for passage in &ours {
        let plate = &passage.reading.plate;
        let arrival = theirs
            .get(plate)
            .ok_or_else(|| format!("the platform lacks {plate}, passage {}", passage.id))?;
        for (kind, key) in [
            (PhotoKind::Head, "headPhoto"),
            (PhotoKind::Body, "bodyPhoto"),
        ] {
            let here = passage.photo(kind).map(|photo| &photo.sha256);
            let there = arrival.photos.iter().find(|photo| photo.key == key);
            if here != there.map(|photo| &photo.sha256) {
                return Err(format!("{plate}: the platform has another {key}").into());
            }
        }
        let unsettled = passage
            .deliveries
            .iter()
            .find(|d| d.state != DeliveryState::Acknowledged);
        if let Some(delivery) = unsettled {
            return Err(format!("{plate}: {delivery:?}").into());
        }
    }
    // A row whose answer a kill cut off, and that changed before it was sent again, meets "already
    // there"; what is new follows it as a correction. It is counted, and here it has arrived.
    let counts = platform.counts();
    if counts.refused > 0 {
        return Err(format!("the platform refused what it was sent: {counts:?}").into());
    }
    Ok(ours.len())
}

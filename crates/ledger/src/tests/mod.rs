//! The crate's tests: what a ledger does, and what it does when things break.

mod alarms;
mod backfill;
mod backup;
mod chain;
mod check;
mod clips;
mod corrections;
mod cut_points;
mod earlier;
mod faulty_disk;
mod full_disk;
mod handle;
mod holds;
mod kill;
mod life;
mod lifts;
mod migrations;
mod outbox;
mod outbox_model;
mod platforms;
mod readers;
mod registers;
mod remarks;
mod restore;
mod retention;
mod rules;
mod scales;
mod search;
mod small_disk;
mod visits;

use std::path::Path;
use std::time::Duration;

use frame::ClockSource;
use jiff::Timestamp;
use passage::*;

use crate::*;

/// 2026-03-01T08:00:00Z.
const START_MS: i64 = 1_772_352_000_000;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(START_MS + ms).unwrap()
}

fn options(sinks: &[&str]) -> Options {
    let sink = |name: &&str| OutboxSink {
        name: (*name).to_owned(),
        wait: Duration::from_secs(60),
        takes: Takes::default(),
    };
    Options {
        sinks: sinks.iter().map(sink).collect(),
        ..Options::default()
    }
}

fn open(folder: &Path, sinks: &[&str]) -> Writer {
    Writer::open(folder, options(sinks)).unwrap()
}

fn truck(decided_ms: i64) -> NewPassage {
    NewPassage {
        key: PassageKey::random(),
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction: Direction::In,
        entered_at: at(decided_ms - 4000),
        decided_at: at(decided_ms),
        clock: ClockSource::CameraNtp,
        clock_trusted: true,
        camera: "north-head".to_owned(),
        reading: Reading {
            plate: "苏A12345".to_owned(),
            color: plate::Color::Yellow,
            color_p: 0.99,
            layout: plate::Layout::Single,
            confidence: 0.97,
            recognised: true,
            corners: Some([[10.0, 20.0], [110.0, 21.5], [110.0, 52.0], [10.0, 50.0]]),
            ..Reading::unread()
        },
        decision: Verdict::Allow,
        reason: "no_strategy".to_owned(),
        grounds: Grounds::default(),
    }
}

fn photo(kind: PhotoKind, jpeg: &[u8]) -> NewPhoto<'_> {
    NewPhoto {
        kind,
        camera: "north-head",
        taken_at: at(0),
        jpeg,
    }
}

fn head() -> [NewPhoto<'static>; 2] {
    [
        photo(PhotoKind::HeadOriginal, b"the frame that was read"),
        photo(PhotoKind::Head, b"the same, annotated"),
    ]
}

fn body() -> [NewPhoto<'static>; 1] {
    [photo(PhotoKind::Body, b"the body, annotated")]
}

fn passed(ms: i64) -> Finished {
    Finished {
        outcome: Outcome::Passed,
        at: at(ms),
        reading: None,
    }
}

/// Everything is looked at, and no file is too young to be an orphan.
fn findings(folder: &Path) -> Vec<CheckFinding> {
    let options = CheckOptions {
        orphan_age: Duration::ZERO,
        ..CheckOptions::default()
    };
    Reader::open(folder).unwrap().check(&options).unwrap()
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

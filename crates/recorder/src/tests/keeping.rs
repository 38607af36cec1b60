//! What goes when its time is over, and what is foretold.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};

use super::Gate;
use crate::{RemovedVideo, SealedFile, SealedHour, VideoForecast, VideoLedger, VideoPlan};

/// A chain on paper.
#[derive(Default)]
pub(super) struct Kept {
    lines: Mutex<Vec<String>>,
    refuses: bool,
}

impl Kept {
    fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("whole").clone()
    }

    fn take(&self, line: String) -> Result<(), String> {
        if self.refuses {
            return Err("the disk is full".to_owned());
        }
        self.lines.lock().expect("whole").push(line);
        Ok(())
    }
}

impl VideoLedger for Kept {
    fn keep_hour(&self, hour: &SealedHour) -> Result<(), String> {
        let (camera, at, files, gaps) = (&hour.camera, hour.hour, &hour.files, &hour.gaps);
        self.take(format!("{camera} {at}\n{files}{gaps}"))
    }

    fn keep_removal(&self, camera: &str, before: Timestamp, why: &str) -> Result<(), String> {
        self.take(format!("{camera} before {before}: {why}"))
    }
}

#[test]
fn an_hour_is_handed_to_the_chain_when_it_is_over_once_and_with_its_gaps() {
    let mut gate = Gate::at("2026-11-30T01:58:30Z");
    gate.start();
    gate.film(60);
    gate.send(camera::Packet::Missed(9));
    gate.pass(Duration::from_secs(10));
    gate.film(90);
    gate.stop();
    let videos = gate.videos();
    let kept = Kept::default();
    let seal = |at: &str| {
        crate::seal::seal(&gate.index, &kept, at.parse().expect("a time")).expect("seals");
    };
    seal("2026-11-30T02:04:59Z");
    assert_eq!(kept.lines(), [""; 0]);
    seal("2026-11-30T02:05:01Z");
    seal("2026-11-30T02:05:02Z");
    let lines = kept.lines();
    let [hour] = &lines[..] else {
        panic!("{lines:?}")
    };
    let (head, text) = hour.split_once('\n').expect("lines");
    assert_eq!(head, "gate 2026-11-30T01:00:00Z");
    assert!(
        text.ends_with("2026-11-30T01:59:29.9Z 2026-11-30T01:59:40Z too_slow\n"),
        "{text}"
    );
    let files: String = text
        .lines()
        .filter(|line| line.contains(".mp4"))
        .map(|line| format!("{line}\n"))
        .collect();
    let read = SealedFile::read(&files).expect("lines");
    let in_hour = videos.iter().filter(|video| {
        video.file.display().to_string().contains("T0159")
            || video.file.display().to_string().contains("T0158")
    });
    let hashes: Vec<_> = in_hour.map(|video| (video.bytes, video.sha256)).collect();
    assert_eq!(
        read.iter()
            .map(|file| (file.bytes, file.sha256))
            .collect::<Vec<_>>(),
        hashes
    );
    assert!(videos[0].file.ends_with(&read[0].path));
    seal("2026-11-30T03:06:00Z");
    assert_eq!(kept.lines().len(), 2);
    for broken in [
        "x",
        "a 1 2 00",
        "a 1 2 zz",
        &format!("{}x", files.trim_end()),
    ] {
        assert!(SealedFile::read(broken).is_err(), "{broken}");
    }
}

fn plan(gate: &Gate) -> VideoPlan {
    VideoPlan {
        folders: vec![gate.root()],
        keep: Duration::from_secs(365 * 86_400),
        reserve_bytes: 0,
        clips_bytes: u64::MAX,
        quotas: BTreeMap::new(),
    }
}

#[test]
fn what_is_older_than_a_year_goes_and_nothing_younger_and_nothing_by_a_clock_that_is_not_trusted() {
    let mut gate = Gate::at("2025-11-29T23:58:30Z");
    gate.film(180);
    gate.stop();
    // An hour goes as a whole.
    let year = (365 * 24).hours();
    let soon = gate.videos()[2].start + year + 59.minutes();
    let plan = plan(&gate);
    let kept = Kept::default();
    let round = |now, trusted| {
        plan.round(&gate.index, &gate.disks, &kept, now, trusted)
            .expect("a round")
    };
    assert_eq!(round(soon + 1.hours(), false), RemovedVideo::default());
    let bytes = gate.videos()[0].bytes + gate.videos()[1].bytes;
    let expected = RemovedVideo {
        files: 2,
        bytes,
        early: 0,
    };
    assert_eq!(round(soon, true), expected);
    assert_eq!(gate.names(), ["gate/2025-11-30/20251130T000030.000Z.mp4"]);
    let before = kept.lines();
    assert_eq!(before, ["gate before 2025-11-29T23:59:30.001Z: age"]);
    // What the chain can't keep does not go.
    let refusing = Kept {
        refuses: true,
        ..Kept::default()
    };
    let late = soon + 10.hours();
    let none = plan
        .round(&gate.index, &gate.disks, &refusing, late, true)
        .expect("a round");
    assert_eq!(none, RemovedVideo::default());
    gate.assert_whole();
}

#[test]
fn a_quota_takes_the_oldest_first_and_a_disk_that_is_away_keeps_what_it_has() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(240);
    gate.stop();
    let videos = gate.videos();
    let mut plan = plan(&gate);
    plan.quotas
        .insert("gate".to_owned(), videos[2].bytes + videos[3].bytes);
    let away = gate.folder.path().join("away");
    std::fs::rename(gate.root(), &away).expect("moved");
    let none = plan
        .round(&gate.index, &gate.disks, &Kept::default(), gate.clock, true)
        .expect("a round");
    assert_eq!(none, RemovedVideo::default());
    std::fs::rename(&away, gate.root()).expect("moved back");
    let removed = plan
        .round(&gate.index, &gate.disks, &Kept::default(), gate.clock, true)
        .expect("a round");
    assert_eq!((removed.files, removed.early), (2, 2));
    assert_eq!(gate.videos(), videos[2..]);
    gate.assert_whole();
}

#[test]
fn a_disk_that_is_too_small_is_told_on_the_first_day_with_the_figure() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(120);
    gate.stop();
    let plan = plan(&gate);
    let cameras = ["gate".to_owned(), "new".to_owned()];
    let mut forecast =
        VideoForecast::of(&plan, &cameras[..1], &gate.index, &gate.disks, gate.clock)
            .expect("told");
    let bytes: u64 = gate.videos().iter().map(|video| video.bytes).sum();
    let a_day = bytes as f64 * 720.0;
    assert!((forecast.bytes_a_day / a_day - 1.0).abs() < 1e-9 && forecast.is_measured);
    forecast.rooms[0].free_bytes = Some(16_000_000_000_000);
    assert!(forecast.fits(), "{forecast:?}");
    forecast.rooms[0].free_bytes = Some((a_day * 100.0) as u64);
    let days = forecast.stops_in_days().expect("too small");
    assert!((days - 100.0).abs() < 0.1, "{days}");
    let findings = forecast.findings();
    assert!(
        findings.wrong[0]
            .to_string()
            .contains("recording stops in 100 days"),
        "{findings:?}"
    );
    // One that was not recorded yet counts with what is usual.
    let both =
        VideoForecast::of(&plan, &cameras, &gate.index, &gate.disks, gate.clock).expect("told");
    assert!(!both.is_measured && both.bytes_a_day > 43e9);
    let year = VideoForecast::unmeasured(&plan, 1, Vec::new());
    assert!(
        (year.needed_bytes() / 1e12 - 15.77).abs() < 0.01,
        "4 Mbit/s of a year"
    );
    // A folder that is not there is told by name.
    std::fs::remove_dir_all(gate.root()).expect("removed");
    let rooms = gate.disks.rooms();
    let told = VideoForecast::unmeasured(&plan, 1, rooms).findings();
    assert!(
        told.wrong
            .iter()
            .any(|said| said.to_string().contains("is not there")),
        "{told:?}"
    );
}

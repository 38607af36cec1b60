//! Spans that are kept apart.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Gate;
use crate::{ClipSpan, CutClip, Error, GapReason, RepairScope};

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn span(from: &str, until: &str) -> ClipSpan {
    ClipSpan {
        camera: "gate".to_owned(),
        from: time(from),
        until: time(until),
        name: "20261130-090040_A_01_苏A12345_p7".to_owned(),
    }
}

fn cut(gate: &Gate, span: &ClipSpan) -> CutClip {
    let zone = TimeZone::get("Asia/Shanghai").expect("known");
    let cut = span.cut(&gate.index, &gate.disks, &zone, u64::MAX);
    cut.expect("cuts")
}

#[test]
fn a_clip_says_what_is_missing_and_why_and_is_cut_again_over_what_a_kill_left() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(80);
    gate.send(camera::Packet::Missed(300));
    gate.pass(Duration::from_secs(30));
    gate.pts += 30 * 90_000;
    gate.film(20);
    gate.stop();
    let wanted = span("2026-11-30T01:00:55.5Z", "2026-11-30T01:02:05Z");
    let root = gate.root();
    let work = root.join("@clips/.part");
    std::fs::create_dir_all(&work).expect("made");
    std::fs::write(work.join(format!("{}.mp4", wanted.name)), b"half").expect("written");
    let first = cut(&gate, &wanted);
    let again = cut(&gate, &wanted);
    assert_eq!(first, again);
    let [file] = &first.files[..] else {
        panic!("{first:?}")
    };
    let path = "@clips/2026-11-30/20261130-090040_A_01_苏A12345_p7.mp4";
    assert_eq!(file.path.display().to_string(), path);
    assert_eq!(
        file.video.from,
        time("2026-11-30T01:00:55Z"),
        "a key picture"
    );
    assert_eq!(file.video.pictures, 250 + 150);
    assert_eq!(file.coding, "avc1.64001f");
    let hash = crate::video_hash(&root.join(path)).expect("readable");
    assert_eq!(file.video.sha256, hex::encode(hash));
    let missing = (time("2026-11-30T01:01:20Z"), time("2026-11-30T01:01:50Z"));
    let known = (missing.0, missing.1, Some(GapReason::TooSlow));
    assert_eq!(first.missing, [known]);
    assert_eq!(std::fs::read_dir(&work).expect("there").count(), 0);
    let found = crate::clip_files(std::slice::from_ref(&root)).expect("readable");
    assert_eq!(found, [(root.clone(), path.into())]);
    // The recording knows nothing of clips, and clips stay when it goes.
    assert_eq!(gate.repair(RepairScope::All), crate::Repaired::default());
    // What can't be read is missing, and the rest is cut.
    let second = gate.videos().remove(1).file;
    std::fs::write(&second, b"not video").expect("written");
    let other = cut(&gate, &wanted);
    let reasons: Vec<_> = other.missing.iter().map(|(.., why)| *why).collect();
    assert_eq!(
        reasons,
        [Some(GapReason::FileGone), Some(GapReason::TooSlow)]
    );
    assert_eq!(other.files[0].video.pictures, 50 + 150);
    for video in gate.videos() {
        std::fs::remove_file(video.file).expect("removed");
    }
    let none = cut(&gate, &wanted);
    assert_eq!((none.files.len(), none.missing.len()), (0, 3));
    assert!(root.join(path).exists());
    crate::remove_clip(std::slice::from_ref(&root), path).expect("removed");
    assert!(!root.join(path).exists() && root.exists());
}

#[test]
fn without_room_nothing_is_cut_and_nothing_is_left() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(60);
    gate.stop();
    let wanted = span("2026-11-30T01:00:10Z", "2026-11-30T01:00:50Z");
    let refused = wanted.cut(&gate.index, &gate.disks, &TimeZone::UTC, 100);
    assert!(
        matches!(refused, Err(Error::NoRoom(GapReason::DiskFull))),
        "{refused:?}"
    );
    assert!(
        crate::clip_files(&[gate.root()])
            .expect("readable")
            .is_empty()
    );
}

#[test]
fn a_time_is_closed_when_its_file_is_or_nothing_was_kept_since() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    let closed = |gate: &Gate, at: &str| {
        let is = gate.index.is_closed_until("gate", time(at));
        is.expect("readable")
    };
    assert!(
        !closed(&gate, "2026-11-30T01:00:10Z"),
        "nothing is known of it"
    );
    gate.film(75);
    assert!(closed(&gate, "2026-11-30T01:00:59Z"));
    assert!(
        !closed(&gate, "2026-11-30T01:01:10Z"),
        "its file is being written"
    );
    gate.send(camera::Packet::Missed(300));
    assert!(closed(&gate, "2026-11-30T01:01:10Z"), "its file was closed");
    assert!(closed(&gate, "2026-11-30T01:05:00Z"), "nothing is kept");
    gate.pass(Duration::from_secs(60));
    gate.pts += 60 * 90_000;
    gate.film(5);
    assert!(
        closed(&gate, "2026-11-30T01:01:50Z"),
        "nothing was kept then"
    );
    assert!(!closed(&gate, "2026-11-30T01:02:18Z"));
    gate.stop();
    assert!(closed(&gate, "2026-11-30T01:02:18Z"));
}

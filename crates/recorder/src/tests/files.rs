//! Files and index, and what a loss of power leaves of them.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use super::Gate;
use crate::{GapReason, RepairScope};

#[test]
fn files_and_index_that_disagree_are_told_and_made_to_agree() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(60);
    gate.stop();
    let day = gate.root().join("gate/2026-11-30");
    let first = day.join("20261130T010000.000Z.mp4");
    // A row without a file.
    let away = gate.root().join("elsewhere");
    std::fs::rename(&first, &away).expect("moved");
    assert_eq!(gate.repair(RepairScope::Recent).gone, [first.as_path()]);
    let span = gate.span();
    assert!(span.videos[0].gone.is_some());
    assert_eq!(
        span.gaps.last().map(|gap| gap.reason),
        Some(GapReason::FileGone)
    );
    // It comes back; and a file without a row, and ones that are none of ours.
    std::fs::rename(&away, &first).expect("moved back");
    let second = day.join("20261130T010100.000Z.mp4");
    std::fs::copy(&first, &second).expect("copied");
    std::fs::write(day.join("20261130T010200.000Z.mp4"), b"not video").expect("written");
    std::fs::write(day.join("20261130T010300.000Z.mp4.part"), b"").expect("written");
    std::fs::write(day.join("notes.txt"), b"hello").expect("written");
    let older = day.join("20261130T005900.000Z.mp4");
    std::fs::copy(&first, &older).expect("copied");
    let repaired = gate.repair(RepairScope::All);
    assert_eq!(repaired.found, [second.as_path()]);
    assert_eq!(repaired.empty, [day.join("20261130T010300.000Z.mp4.part")]);
    assert_eq!(
        repaired.strange,
        [
            older.clone(),
            day.join("20261130T010200.000Z.mp4"),
            day.join("notes.txt")
        ]
    );
    let videos = gate.videos();
    let all: Vec<&Path> = videos.iter().map(|video| video.file.as_path()).collect();
    assert_eq!(all, [&first, &second]);
    assert!(videos.iter().all(|video| video.gone.is_none()));
}

#[test]
fn a_file_that_breaks_off_anywhere_is_cut_to_its_last_whole_fragment() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(4);
    gate.stop();
    let video = gate.videos().remove(0);
    let bytes = std::fs::read(&video.file).expect("readable");
    let whole = crate::walk(&mut std::io::Cursor::new(&bytes)).expect("readable");
    assert!(whole.is_whole() && whole.fragments.len() == 4);
    for length in 0..bytes.len() {
        let cut = crate::walk(&mut std::io::Cursor::new(&bytes[..length])).expect("readable");
        let fits = |place: &&crate::FragmentPlace| place.offset + place.bytes <= length as u64;
        let expected: Vec<_> = whole.fragments.iter().filter(fits).cloned().collect();
        assert_eq!(cut.fragments, expected, "{length}");
        assert!(
            cut.whole_bytes <= length as u64 && !cut.is_whole() || cut.whole_bytes == length as u64
        );
    }
    // A part that is left open is closed by what it holds, and found again with the same hash.
    let part = crate::video_file::part_of(&video.file);
    let end = whole.fragments[2].offset as usize;
    std::fs::write(&part, &bytes[..end + 100]).expect("written");
    std::fs::remove_file(&video.file).expect("removed");
    let repaired = gate.repair(RepairScope::Recent);
    assert_eq!(repaired.closed, [video.file.as_path()]);
    assert_eq!(std::fs::read(&video.file).expect("there"), &bytes[..end]);
}

#[test]
fn a_span_is_exported_from_its_key_picture_on_with_its_times_and_with_its_holes() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(80);
    gate.send(camera::Packet::Missed(300));
    gate.pass(Duration::from_secs(30));
    gate.pts += 30 * 90_000;
    gate.film(20);
    gate.stop();
    let videos = gate.videos();
    assert_eq!(videos.len(), 3);
    let to = gate.folder.path().join("span.mp4");
    let time = |text: &str| text.parse::<Timestamp>().expect("a time");
    let (from, until) = (time("2026-11-30T01:00:30.5Z"), time("2026-11-30T01:02:00Z"));
    let exported = crate::export(&videos, from, until, &to).expect("exports");
    let [told] = &exported[..] else {
        panic!("{exported:?}")
    };
    assert_eq!(
        told.from,
        time("2026-11-30T01:00:30Z"),
        "the key picture before"
    );
    assert_eq!(told.until, until);
    assert_eq!(told.pictures, 500 + 100);
    assert_eq!(told.sources.len(), 3);
    assert_eq!(
        told.sha256,
        hex::encode(crate::video_hash(&to).expect("readable"))
    );
    let walked = crate::walk(&mut std::fs::File::open(&to).expect("there")).expect("readable");
    assert!(walked.is_whole());
    for place in &walked.fragments {
        let by_clock = place.captured.duration_since(told.from).as_millis();
        assert_eq!(
            i128::from(place.decode_ticks / 90),
            by_clock,
            "a position is the time since the first picture"
        );
    }
    // Nothing is written over, and what could not be made whole is not left there.
    assert!(crate::export(&videos, from, until, &to).is_err());
    let other = gate.folder.path().join("other.mp4");
    std::fs::remove_file(&videos[2].file).expect("removed");
    assert!(crate::export(&videos, from, until, &other).is_err() && !other.exists());
}

#[test]
fn an_export_across_a_change_of_coding_is_a_file_for_each() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(5);
    gate.send(camera::Packet::Begin(super::format(640)));
    gate.film(5);
    gate.stop();
    let to = gate.folder.path().join("span.mp4");
    let exported = crate::export(&gate.videos(), Timestamp::MIN, Timestamp::MAX, &to);
    let files: Vec<_> = exported
        .expect("exports")
        .into_iter()
        .map(|told| told.file)
        .collect();
    assert_eq!(files, [to, gate.folder.path().join("span-2.mp4")]);
}

#[test]
fn whatever_byte_is_changed_nothing_is_believed_that_is_not_in_the_file() {
    let mut gate = Gate::at("2026-11-30T01:00:00Z");
    gate.film(2);
    gate.stop();
    let bytes = std::fs::read(&gate.videos()[0].file).expect("readable");
    for place in 0..bytes.len() {
        for value in [0, 0xFF, bytes[place] ^ 1, bytes[place] ^ 0x80] {
            let mut changed = bytes.clone();
            changed[place] = value;
            let walked = crate::walk(&mut std::io::Cursor::new(&changed)).expect("readable");
            assert!(walked.whole_bytes <= walked.file_bytes, "{place} {value}");
            let ends = walked
                .fragments
                .last()
                .map_or(walked.header_bytes, |f| f.offset + f.bytes);
            assert_eq!(ends, walked.whole_bytes, "{place} {value}");
            let _ = (walked.duration_ms(), walked.pictures());
        }
    }
}

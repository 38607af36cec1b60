//! Clocks are set, and cameras count anew: nothing is written over, and the order stays told.

use std::time::Duration;

use camera::Packet;
use frame::ClockSource;
use jiff::{Timestamp, ToSpan as _};

use super::{Gate, format};

#[test]
fn files_are_cut_at_the_first_key_picture_after_a_minute_and_nothing_is_between_them() {
    let mut gate = Gate::at("2026-11-30T15:58:00Z");
    gate.film(150);
    gate.stop();
    // The third begins on the site's next day.
    assert_eq!(
        gate.names(),
        [
            "gate/2026-11-30/20261130T155800.000Z.mp4",
            "gate/2026-11-30/20261130T155900.000Z.mp4",
            "gate/2026-12-01/20261130T160000.000Z.mp4"
        ]
    );
    let videos = gate.videos();
    assert!(
        videos.windows(2).all(|pair| pair[0].end() == pair[1].start),
        "{videos:?}"
    );
    let lasts: Vec<_> = videos
        .iter()
        .map(|video| (video.duration_ms, video.pictures))
        .collect();
    assert_eq!(lasts, [(60_000, 600), (60_000, 600), (30_000, 300)]);
    assert_eq!(videos[0].clock_offset_ms, Some(40));
    assert!(gate.gaps().is_empty());
    gate.assert_whole();
}

#[test]
fn a_clock_that_is_set_by_an_hour_or_to_1970_begins_a_file_and_is_noted() {
    for (hours, name) in [(1, "2026-11-30T03:00:30Z"), (-1, "2026-11-30T01:00:30Z")] {
        let mut gate = Gate::at("2026-11-30T02:00:00Z");
        gate.film(30);
        gate.clock += hours.hours();
        gate.film(30);
        gate.stop();
        let videos = gate.videos();
        assert_eq!(videos.len(), 2, "{hours}");
        assert_eq!(videos[1].start, name.parse().expect("a time"));
        assert!(
            videos.iter().all(|video| video.duration_ms == 30_000),
            "{videos:?}"
        );
        let noted = (
            "clock_set",
            "2026-11-30T02:00:29.9Z".to_owned(),
            name.to_owned(),
        );
        assert_eq!(gate.gaps(), [noted]);
        gate.assert_whole();
    }
    let mut gate = Gate::at("2026-11-30T02:00:00Z");
    gate.film(10);
    gate.clock = Timestamp::UNIX_EPOCH;
    gate.film(10);
    gate.stop();
    assert_eq!(gate.names()[1], "gate/1970-01-01/19700101T000000.000Z.mp4");
    gate.assert_whole();
}

#[test]
fn a_minute_that_a_clock_shows_twice_is_two_files_in_the_order_of_recording() {
    let mut gate = Gate::at("2026-11-30T02:00:00Z");
    gate.film(90);
    gate.clock = "2026-11-30T02:00:00Z".parse().expect("a time");
    gate.film(90);
    gate.stop();
    assert_eq!(
        gate.names(),
        [
            "gate/2026-11-30/20261130T020000.000Z.mp4",
            "gate/2026-11-30/20261130T020100.000Z.mp4",
            "gate/2026-11-30/20261130T020000.000Z-2.mp4",
            "gate/2026-11-30/20261130T020100.000Z-2.mp4"
        ]
    );
    gate.assert_whole();
}

#[test]
fn a_file_is_by_one_clock() {
    let mut gate = Gate::at("2026-11-30T02:00:00Z");
    gate.source = ClockSource::Arrival;
    gate.film(5);
    gate.source = ClockSource::CameraNtp;
    gate.clock += 300.milliseconds();
    gate.film(5);
    gate.stop();
    let clocks: Vec<_> = gate.videos().iter().map(|video| video.clock).collect();
    assert_eq!(clocks, [ClockSource::Arrival, ClockSource::CameraNtp]);
    gate.assert_whole();
}

#[test]
fn stamps_that_begin_anew_or_leap_begin_a_file_and_never_an_hour_of_nothing() {
    for leap in [-8_000_000, 400_000_000] {
        let mut gate = Gate::at("2026-11-30T02:00:00Z");
        gate.film(5);
        gate.pts += leap;
        gate.film(5);
        gate.stop();
        let lasts: Vec<_> = gate
            .videos()
            .iter()
            .map(|video| video.duration_ms)
            .collect();
        assert_eq!(lasts, [5000, 5000], "{leap}");
        gate.assert_whole();
    }
}

#[test]
fn a_coding_that_changes_begins_a_file_with_its_own_header() {
    let mut gate = Gate::at("2026-11-30T02:00:00Z");
    gate.film(5);
    gate.send(Packet::Begin(format(640)));
    gate.film(5);
    gate.stop();
    let widths: Vec<_> = gate.videos().iter().map(width).collect();
    assert_eq!(widths, [1280, 640]);
    assert!(gate.gaps().is_empty());
    gate.assert_whole();
}

#[test]
fn nothing_but_key_pictures_is_synced_by_the_second_and_none_for_ten_seconds_by_four() {
    for (key_every, fragments) in [(1, 30), (100, 9)] {
        let mut gate = Gate::at("2026-11-30T02:00:00Z");
        gate.key_every = key_every;
        gate.film(30);
        gate.stop();
        let videos = gate.videos();
        assert_eq!((videos.len(), videos[0].pictures), (1, 300));
        let mut file = std::fs::File::open(&videos[0].file).expect("there");
        let walked = crate::walk(&mut file).expect("readable");
        assert_eq!(walked.fragments.len(), fragments);
        let keys = walked
            .fragments
            .iter()
            .filter(|f| f.begins_with_key)
            .count();
        assert_eq!(keys, if key_every == 1 { 30 } else { 3 });
        gate.assert_whole();
    }
}

#[test]
fn what_is_missing_or_damaged_is_told_with_its_reason() {
    let mut gate = Gate::at("2026-11-30T02:00:00Z");
    gate.start();
    gate.film(5);
    gate.picture(false, 3);
    gate.film(2);
    gate.send(Packet::Missed(80));
    gate.pass(Duration::from_secs(8));
    gate.film(5);
    gate.send(Packet::End("the camera closed the connection".into()));
    gate.pass(Duration::from_secs(60));
    gate.send(Packet::Begin(format(1280)));
    // Its stamps have begun anew as well.
    gate.pts = 5;
    gate.film(2);
    gate.stop();
    gate.pass(Duration::from_secs(600));
    gate.start();
    gate.film(1);
    gate.stop();
    let told = gate.gaps();
    let told: Vec<_> = told
        .iter()
        .map(|(why, from, until)| (*why, from.as_str(), until.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "packets_lost",
                "2026-11-30T02:00:04.9Z",
                "2026-11-30T02:00:06Z"
            ),
            ("too_slow", "2026-11-30T02:00:07Z", "2026-11-30T02:00:16Z"),
            (
                "camera_away",
                "2026-11-30T02:00:20Z",
                "2026-11-30T02:01:21Z"
            ),
            (
                "service_stopped",
                "2026-11-30T02:01:22.1Z",
                "2026-11-30T02:11:22.1Z"
            ),
            (
                "camera_away",
                "2026-11-30T02:11:22.1Z",
                "2026-11-30T02:11:23Z"
            ),
        ]
    );
    gate.assert_whole();
}

fn width(video: &crate::VideoRow) -> u32 {
    let mut file = std::fs::File::open(&video.file).expect("there");
    crate::walk(&mut file)
        .expect("readable")
        .coding
        .expect("a coding")
        .width
}

//! Vehicles, rows and files by hand: who is whom, and what is missing.

use frame::ClockSource;
use jiff::{SignedDuration, Timestamp};
use passage::{CorrectedItem, CorrectionView, Outcome, PassageView};
use plate::{Color, Evidence, Layout, PlateRead};
use proptest::prelude::*;
use recorder::{Gap, GapReason, VideoRow, VideoSpan};

use crate::compare::{Judgement, compare};
use crate::eyes::ShownVehicle;
use crate::findings::Asked;
use crate::holes::holes;
use crate::stretch::stretches;

#[path = "../tests/support/rows.rs"]
mod rows;

fn at(s: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + s).expect("a time")
}

fn seen(s: i64, plate: &str) -> ShownVehicle {
    let read = |plate: &str| {
        PlateRead::of(&Evidence::of_plate(
            plate,
            Color::Yellow,
            Layout::Single,
            0.99,
        ))
    };
    ShownVehicle {
        entered: at(s - 4),
        decided: at(s),
        left: at(s + 8),
        read: (!plate.is_empty()).then(|| read(plate)),
        accepted: !plate.is_empty(),
        outcome: Some(Outcome::Passed),
        at_edge: false,
        picture: Vec::new(),
        plate_picture: Vec::new(),
    }
}

fn row(id: i64, s: i64, plate: &str) -> PassageView {
    rows::row(id, (at(s - 4), at(s), at(s + 8)), plate, Color::Yellow)
}

fn judged(seen: Vec<ShownVehicle>, rows: Vec<PassageView>) -> Vec<Judgement> {
    let all = compare(seen, rows, &|_, _| true);
    all.iter().map(|one| one.judgement).collect()
}

#[test]
fn a_row_that_was_deleted_and_one_that_was_invented_are_named_each_by_its_own() {
    let vehicles = vec![
        seen(0, "冀A12345"),
        seen(100, "冀B23456"),
        seen(200, "冀C34567"),
    ];
    let rows = vec![
        row(1, 0, "冀A12345"),
        row(3, 200, "冀C34567"),
        row(4, 300, "冀D45678"),
    ];
    assert_eq!(
        judged(vehicles, rows),
        [
            Judgement::Same,
            Judgement::NotInLedger,
            Judgement::Same,
            Judgement::NotInVideo
        ]
    );
}

#[test]
fn a_row_with_another_plate_is_compared_with_the_vehicle_of_its_time() {
    let vehicles = vec![seen(0, "冀A12345"), seen(3, "冀B23456")];
    // Two that follow closely; the second one's plate was changed, the first one's is right.
    let rows = vec![row(1, 0, "冀A12345"), row(2, 3, "京N99999")];
    assert_eq!(
        judged(vehicles, rows),
        [Judgement::Same, Judgement::ReadDifferently]
    );
}

#[test]
fn what_a_person_corrected_is_shown_and_is_no_contradiction_when_the_machine_had_read_what_the_video_shows()
 {
    let mut corrected = row(1, 0, "冀A12845");
    corrected.first_reading = Some(row(1, 0, "冀A12345").reading);
    corrected.corrections = vec![CorrectionView {
        revision: 1,
        item: CorrectedItem::Plate,
        before: Some("冀A12345".to_owned()),
        after: "冀A12845".to_owned(),
        manual: false,
        who: "Li".to_owned(),
        why: "misread".to_owned(),
        at: at(600),
    }];
    let judge = |row: &PassageView| judged(vec![seen(0, "冀A12345")], vec![row.clone()]);
    assert_eq!(judge(&corrected), [Judgement::Corrected]);
    // Without the correction in the chain the same difference is one.
    corrected.corrections.clear();
    assert_eq!(judge(&corrected), [Judgement::ReadDifferently]);
}

#[test]
fn a_plate_that_the_video_does_not_show_surely_contradicts_nobody_and_its_vehicle_counts() {
    let mut blurred = seen(0, "冀A12845");
    blurred.accepted = false;
    let unread = seen(100, "");
    let rows = vec![row(1, 0, "冀A12345"), row(2, 100, "冀B23456")];
    assert_eq!(
        judged(vec![blurred, unread], rows),
        [Judgement::Unsure, Judgement::Unsure]
    );
}

#[test]
fn a_colour_that_was_changed_is_named() {
    let mut blue = row(1, 0, "冀A12345");
    blue.reading.color = Color::Blue;
    assert_eq!(
        judged(vec![seen(0, "冀A12345")], vec![blue]),
        [Judgement::ReadDifferently]
    );
}

#[test]
fn who_cannot_be_in_the_video_is_not_missed_there() {
    let mut paper = row(1, 0, "冀A12345");
    paper.paper = Some(passage::PaperView {
        who: "Li".to_owned(),
        why: "power cut".to_owned(),
        entered_at: at(900),
    });
    let mut came_before = seen(50, "冀B23456");
    came_before.at_edge = true;
    let rows = vec![paper, row(2, 100, "冀C34567")];
    let all = compare(vec![came_before], rows, &|_, _| false);
    let judgements: Vec<_> = all.iter().map(|one| one.judgement).collect();
    assert_eq!(
        judgements,
        [Judgement::OnPaper, Judgement::AtEdge, Judgement::NoVideo]
    );
}

#[test]
fn whoever_has_no_plate_and_was_taken_for_one_with_the_next_is_shown_and_no_contradiction() {
    // The video's vehicle stays until the one without a plate, which follows it closely, has left.
    let mut both = seen(0, "冀A12345");
    both.left = at(20);
    let rows = vec![row(1, 0, "冀A12345"), row(2, 16, "")];
    assert_eq!(
        judged(vec![both], rows),
        [Judgement::Same, Judgement::Beside]
    );
    // Alone it is missed, in either.
    assert_eq!(judged(vec![], vec![row(1, 0, "")]), [Judgement::NotInVideo]);
    assert_eq!(judged(vec![seen(0, "")], vec![]), [Judgement::NotInLedger]);
    let rows = vec![row(1, 0, "冀A12345")];
    let unread = seen(4, "");
    assert_eq!(
        judged(vec![seen(0, "冀A12345"), unread], rows),
        [Judgement::Same, Judgement::Beside]
    );
}

#[test]
fn a_time_at_the_end_of_the_calendar_is_asked_for_as_far_as_it_goes() {
    let asked = Asked {
        lane: "lane".to_owned(),
        from: Timestamp::MIN,
        until: Timestamp::MAX,
    };
    assert_eq!(asked.with_margin(), (Timestamp::MIN, Timestamp::MAX));
    let asked = Asked {
        from: at(0),
        until: at(60),
        ..asked
    };
    assert_eq!(asked.with_margin(), (at(-180), at(240)));
}

fn file(start_s: i64, lasts_s: u64) -> VideoRow {
    VideoRow {
        id: start_s,
        camera: "north-in".to_owned(),
        file: format!("/video/{start_s}.mp4").into(),
        start: at(start_s),
        duration_ms: lasts_s * 1000,
        clock: ClockSource::CameraNtp,
        clock_offset_ms: None,
        bytes: 1,
        pictures: 1,
        coding: "avc1.64001f".to_owned(),
        sha256: [0; 32],
        repaired: false,
        gone: None,
        sealed: false,
    }
}

#[test]
fn a_minute_that_was_cut_out_is_a_hole_that_nobody_accounts_for() {
    let mut span = VideoSpan {
        videos: vec![file(0, 60), file(120, 60), file(300, 60)],
        gaps: vec![Gap {
            from: at(180),
            until: Some(at(299)),
            reason: GapReason::CameraAway,
        }],
    };
    let found = holes(&span, at(0), at(360));
    let told: Vec<_> = found
        .iter()
        .map(|hole| (hole.from, hole.is_finding()))
        .collect();
    assert_eq!(told, [(at(60), true), (at(180), false)]);
    // A file of the index that is gone is one, whatever is written down.
    span.videos[1].gone = Some(at(999));
    let found = holes(&span, at(0), at(360));
    let gone: Vec<_> = found.iter().filter(|hole| hole.file.is_some()).collect();
    assert_eq!((gone.len(), gone[0].is_finding()), (1, true));
    // A gap of a second explains no hole of an hour.
    span.gaps[0].until = Some(at(181));
    assert!(holes(&span, at(180), at(360))[0].is_finding());
    assert!(holes(&span, at(0), at(60)).is_empty());
}

proptest! {
    /// Whatever files there are, each moment of the time asked for that is in one is some part's, and no part looks at
    /// what is not its files'.
    #[test]
    fn parts_cover_what_there_is_of_the_time_asked_for(
        lengths in prop::collection::vec((1_u64..90, 0_i64..400), 1..60),
        from in 0_i64..3000,
        lasts in 1_i64..6000,
        probe in 0_i64..9000,
    ) {
        let mut start = 0;
        let videos: Vec<_> = lengths.iter().map(|&(length, hole)| {
            let video = file(start, length);
            start += length as i64 + if hole < 300 { 0 } else { hole };
            video
        }).collect();
        let (from, until) = (at(from), at(from + lasts));
        let parts = stretches(&videos, from, until);
        let probe = at(probe);
        let is_there = videos.iter().any(|video| video.start <= probe && probe < video.end());
        if is_there && from <= probe && probe < until {
            let whose: Vec<_> = parts.iter().filter(|part| {
                let shows = |video: &&&VideoRow| video.start <= probe && probe < video.end();
                part.from <= probe && probe < part.until && part.videos.iter().find(shows).is_some()
            }).collect();
            prop_assert!(!whose.is_empty(), "{probe} is in no part");
        }
        for part in &parts {
            prop_assert!(part.look_from <= part.from && part.until <= part.look_until);
            for pair in part.videos.windows(2) {
                let apart = pair[1].start.duration_since(pair[0].end());
                prop_assert!(apart.abs() <= SignedDuration::from_secs(2));
            }
        }
    }
}

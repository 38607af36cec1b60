use std::collections::BTreeMap;

use frame::{MonoTime, Quad, Rect};
use jiff::Timestamp;
use lane::{Moment, NotCountedRule};
use plate::{Color, Evidence, Layout, PlateRead};

use super::*;

const PLATE: &str = "皖AU9619";

fn truth() -> FootageTruth {
    FootageTruth {
        clip: "gate.mp4".to_owned(),
        lane: "lane1".to_owned(),
        enter_ms: 1_000,
        leave_ms: 9_000,
        plate: PLATE.to_owned(),
        color: None,
        columns: BTreeMap::new(),
    }
}

fn read(plate: &str, p: f32) -> PlateRead {
    PlateRead::of(&Evidence::of_plate(plate, Color::Blue, Layout::Single, p))
}

fn passage(plate: &str, p: f32) -> Passage {
    Passage {
        entered_ms: 1_500,
        decided_ms: 5_000,
        left_ms: 8_000,
        read: (!plate.is_empty()).then(|| read(plate, p)),
        accepted: p >= 0.9,
        outcome: None,
        trailer: None,
        jpeg: Vec::new(),
    }
}

/// The vehicle as pictures that read `plate` with this probability show it.
fn seen(plate: &str, p: f32, pictures: usize) -> SingleReads {
    let evidence = Evidence::of_plate(plate, Color::Blue, Layout::Single, p);
    let reading = PlateReading {
        quad: Quad::from_rect(Rect::new(900.0, 500.0, 1_000.0, 532.0)),
        found: 0.9,
        read: PlateRead::of(&evidence),
        evidence,
        sharpness: 0.5,
    };
    let mut single = SingleReads::default();
    for _ in 0..pictures {
        single.add(
            &truth(),
            std::slice::from_ref(&reading),
            true,
            &LaneSettings::default(),
        );
    }
    single
}

fn compare(single: SingleReads, passages: &[Passage], not_counted: &[NotCounted]) -> ToldVehicles {
    let mut told = ToldVehicles::default();
    let matched = passages.first();
    told.add(
        "gate.mp4",
        &[&truth()],
        (&[single], &[matched]),
        passages,
        not_counted,
    );
    told
}

#[test]
fn a_vehicle_that_pictures_read_surely_is_told_only_by_exactly_one_passage_with_its_plate() {
    let sure = seen(PLATE, 0.99, 28);
    let told = |passages: &[Passage]| {
        let told = compare(sure, passages, &[]);
        assert_eq!(told.surely_read, 1);
        (told.told, told.untold.len())
    };
    assert_eq!(told(&[passage(PLATE, 0.99)]), (1, 0));
    assert_eq!(told(&[]), (0, 1));
    assert_eq!(told(&[passage("", 0.0)]), (0, 1));
    assert_eq!(told(&[passage("皖AU9618", 0.99)]), (0, 1));
    assert_eq!(told(&[passage(PLATE, 0.99), passage(PLATE, 0.99)]), (0, 1));
}

#[test]
fn a_vehicle_that_pictures_read_doubtfully_is_told_with_something_like_its_plate() {
    let doubtful = seen("皖AU9618", 0.7, 12);
    let told = compare(doubtful, &[passage("皖AU9618", 0.7)], &[]);
    assert_eq!((told.doubtfully_read, told.told_doubtfully), (1, 1));
    let untold = compare(doubtful, &[passage("", 0.0)], &[]);
    assert_eq!((untold.doubtfully_read, untold.told_doubtfully), (1, 0));
    assert_eq!(
        compare(seen(PLATE, 0.99, 4), &[], &[]),
        ToldVehicles::default()
    );
}

#[test]
fn what_the_lane_dropped_of_a_lost_vehicle_is_named_with_the_rule() {
    let moment = |ms| Moment {
        at: MonoTime::from_ms(ms),
        captured: Timestamp::UNIX_EPOCH,
    };
    let not = |plate: &str, from, to| NotCounted {
        first: moment(from),
        last: moment(to),
        rule: NotCountedRule::Glimpse,
        read: Some(read(plate, 0.99)),
        accepted: true,
        sightings: 30,
    };
    let sign = not("沪F12345", 2_000, 3_000);
    let earlier = not(PLATE, 0, 500);
    let all = [not(PLATE, 2_000, 4_500), sign, earlier];
    let untold = compare(seen(PLATE, 0.99, 28), &[], &all).untold.remove(0);
    assert_eq!(untold.not_counted, BTreeMap::from([("glimpse", 1)]));
    assert_eq!(
        (untold.sure_pictures, untold.place.as_str()),
        (28, "gate.mp4 1.0-9.0 s")
    );
}

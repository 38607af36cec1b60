//! What platforms say about vehicles over time, as tables: what is said, and who is denied.

use std::sync::Arc;

use jiff::Timestamp;
use passage::{ListKind, Reason, VehicleFacts, Verdict};
use plate::Color;
use policy::{
    Age, List, OverLimitNotice, Rulebook, RulebookSettings, SeenVehicle, Vehicles, over_limit_now,
};

/// Listed or released, when it was listed, and when it was released: days of May.
type Said = (bool, Option<i8>, Option<i8>);

const LISTED: bool = false;
const RELEASED: bool = true;

fn day(day: i8) -> Timestamp {
    format!("2026-05-{day:02}T08:00:00+08:00")
        .parse()
        .expect("a time")
}

fn notice(plate: &str, color: &str, (released, issued, over): Said) -> OverLimitNotice {
    OverLimitNotice {
        plate: plate.into(),
        vin: None,
        color_said: color.to_owned(),
        color: color.parse().ok(),
        reason: String::new(),
        released,
        issued_at: issued.map(day),
        released_at: over.map(day),
    }
}

fn verdict(said: Vec<OverLimitNotice>, plate: &str, color: Color) -> Verdict {
    let list = List::new(ListKind::Deny, "p", Age::AsOf(day(1)), over_limit_now(said));
    let rules = Rulebook::new(RulebookSettings::default()).expect("the defaults");
    let seen = SeenVehicle::sure(plate, color);
    rules.with([list]).decide(seen, day(2)).verdict
}

#[test]
fn of_what_was_said_about_a_vehicle_the_last_word_holds() {
    use Verdict::{Allow, Deny};
    let table: &[(&str, &[Said], Verdict)] = &[
        ("never mentioned", &[], Allow),
        ("listed", &[(LISTED, Some(1), None)], Deny),
        (
            "released",
            &[(LISTED, Some(1), None), (RELEASED, Some(1), Some(2))],
            Allow,
        ),
        (
            "released before it was listed here",
            &[(RELEASED, Some(1), Some(2)), (LISTED, Some(1), None)],
            Allow,
        ),
        (
            "listed again",
            &[
                (LISTED, Some(1), None),
                (RELEASED, Some(1), Some(2)),
                (LISTED, Some(3), None),
            ],
            Deny,
        ),
        (
            "listed again, told in another order",
            &[
                (LISTED, Some(3), None),
                (LISTED, Some(1), None),
                (RELEASED, Some(1), Some(2)),
            ],
            Deny,
        ),
        (
            "released again",
            &[
                (LISTED, Some(3), None),
                (RELEASED, Some(1), Some(2)),
                (RELEASED, Some(3), Some(4)),
            ],
            Allow,
        ),
        (
            "released in the same instant",
            &[(RELEASED, Some(1), Some(1)), (LISTED, Some(1), None)],
            Allow,
        ),
        (
            "a release that names only when it was listed",
            &[(LISTED, Some(1), None), (RELEASED, Some(1), None)],
            Allow,
        ),
        (
            "an older release that comes late",
            &[(LISTED, Some(3), None), (RELEASED, Some(2), None)],
            Deny,
        ),
        (
            "no times: listed",
            &[(RELEASED, None, None), (LISTED, None, None)],
            Deny,
        ),
        (
            "no times: released",
            &[(LISTED, None, None), (RELEASED, None, None)],
            Allow,
        ),
        (
            "a release without a time",
            &[(LISTED, Some(3), None), (RELEASED, None, None)],
            Allow,
        ),
        (
            "a listing without a time",
            &[(RELEASED, Some(1), Some(3)), (LISTED, None, None)],
            Deny,
        ),
        (
            "a day of release means nothing while it is listed",
            &[(LISTED, Some(1), Some(9)), (RELEASED, Some(1), Some(2))],
            Allow,
        ),
        (
            "said twice",
            &[(LISTED, Some(1), None), (LISTED, Some(1), None)],
            Deny,
        ),
    ];
    for (what, said, expected) in table {
        let said = said.iter().map(|said| notice("云A12345", "yellow", *said));
        let found = verdict(said.collect(), "云A12345", Color::Yellow);
        assert_eq!(found, *expected, "{what}");
    }
}

#[test]
fn the_same_number_in_another_colour_is_another_vehicle() {
    let listed = (LISTED, Some(1), None);
    let released = (RELEASED, Some(1), Some(2));
    let of = |said: &[OverLimitNotice], color| verdict(said.to_vec(), "云A12345", color);
    let yellow = [notice("云A12345", "yellow", listed)];
    assert_eq!(of(&yellow, Color::Yellow), Verdict::Deny);
    assert_eq!(of(&yellow, Color::Blue), Verdict::Allow);
    let blue_released = [
        notice("云A12345", "yellow", listed),
        notice("云A12345", "blue", released),
    ];
    assert_eq!(of(&blue_released, Color::Yellow), Verdict::Deny);
    assert_eq!(
        verdict(yellow.to_vec(), "云A12346", Color::Yellow),
        Verdict::Allow
    );
}

#[test]
fn a_colour_that_we_do_not_know_denies_in_any_and_is_released_only_by_its_own_word() {
    let listed = notice("云A12345", "violet", (LISTED, Some(1), None));
    let other = notice("云A12345", "teal", (RELEASED, Some(1), Some(2)));
    let own = notice("云A12345", "violet", (RELEASED, Some(1), Some(2)));
    let of = |said: &[&OverLimitNotice]| {
        let said = said.iter().map(|notice| (*notice).clone()).collect();
        verdict(said, "云A12345", Color::Blue)
    };
    assert_eq!(of(&[&listed, &other]), Verdict::Deny);
    assert_eq!(of(&[&listed, &own]), Verdict::Allow);
}

#[test]
fn a_platform_s_spelling_of_a_plate_makes_no_other_vehicle() {
    let wide = notice("云Ａ·１２３４５", "yellow", (LISTED, Some(1), None));
    let released = notice("云A12345", "yellow", (RELEASED, Some(1), Some(2)));
    let of = |said| verdict(said, "云A12345", Color::Yellow);
    assert_eq!(of(vec![wide.clone()]), Verdict::Deny);
    assert_eq!(of(vec![wide, released]), Verdict::Allow);
}

#[test]
fn the_guard_is_told_the_platform_s_reason_or_that_the_limit_was_exceeded() {
    let silent = notice("云A00001", "yellow", (LISTED, None, None));
    let said = OverLimitNotice {
        reason: "尾气超标".to_owned(),
        ..notice("云A00002", "yellow", (LISTED, None, None))
    };
    let reasons: Vec<_> = over_limit_now([silent, said])
        .into_iter()
        .map(|entry| entry.reason)
        .collect();
    assert_eq!(reasons, [policy::OVER_LIMIT, "尾气超标"]);
}

#[test]
fn a_vehicle_over_the_limit_is_known_by_its_vin_under_whatever_plate_it_is_registered() {
    const VIN: &str = "LZZ5CLSB8FA123456";
    let of_vin = |released, day| OverLimitNotice {
        plate: "".into(),
        vin: Some(VIN.to_owned()),
        ..notice("", "", (released, Some(1), Some(day)))
    };
    let decide = |said: Vec<OverLimitNotice>, plate| {
        let mut vehicles = Vehicles::default();
        let facts = VehicleFacts {
            vin: Some(VIN.to_owned()),
            ..VehicleFacts::default()
        };
        vehicles.set("云A12345|yellow", Some(facts));
        let list = List::new(ListKind::Deny, "p", Age::AsOf(day(1)), over_limit_now(said));
        let rules = Rulebook::new(RulebookSettings::default()).expect("the defaults");
        let rules = rules.with([list]).with_vehicles(Arc::new(vehicles));
        let decision = rules.decide(SeenVehicle::sure(plate, Color::Yellow), day(2));
        (decision.verdict, decision.reason)
    };
    let listed = of_vin(LISTED, 1);
    let denied = (Verdict::Deny, Reason::VinDenied);
    let passes = (Verdict::Allow, Reason::ReadAllowed);
    assert_eq!(decide(vec![listed.clone()], "云A12345"), denied);
    assert_eq!(
        decide(vec![listed.clone()], "云A54321"),
        passes,
        "another one"
    );
    let released = of_vin(RELEASED, 2);
    assert_eq!(decide(vec![listed, released], "云A12345"), passes);
    let with_its_plate_of_before = OverLimitNotice {
        vin: Some(VIN.to_owned()),
        ..notice("云A99999", "yellow", (LISTED, Some(1), None))
    };
    assert_eq!(decide(vec![with_its_plate_of_before], "云A12345"), denied);
}

//! The rules as a table: what is seen, and what must come of it.

use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use passage::{ListKind, Reason, Verdict};
use plate::Color;
use policy::{Age, Defaults, Entry, List, Rulebook, RulebookSettings, SeenVehicle, explain};

fn now() -> Timestamp {
    "2026-03-08T07:05:09+08:00".parse().expect("a time")
}

fn entry(plate: &str, color: Option<Color>) -> Entry {
    Entry {
        color,
        reason: format!("about {plate}"),
        ..Entry::of(plate)
    }
}

fn settings(read: Verdict) -> RulebookSettings {
    let ended = Entry {
        until: Some(now()),
        ..entry("冀A30000", None)
    };
    let to_come = Entry {
        from: Some(now() + 1.second()),
        ..entry("冀A30001", None)
    };
    let ambulance = Entry {
        emergency: true,
        ..entry("冀A12000", None)
    };
    let no_longer_denied = Entry {
        until: Some(now()),
        ..entry("冀A40000", None)
    };
    RulebookSettings {
        defaults: Defaults {
            read,
            ..Defaults::default()
        },
        allow: vec![
            entry("冀A20000", Some(Color::Yellow)),
            entry("冀A20001", None),
            entry("冀A10001", None),
            ended,
            to_come,
            ambulance,
        ],
        deny: vec![
            entry("冀A10000", Some(Color::Yellow)),
            entry("冀A10001", None),
            entry("京X1234应急", None),
            entry("冀A12000", None),
            no_longer_denied,
        ],
        ..RulebookSettings::default()
    }
}

fn seen(plate: &str, color: Color) -> SeenVehicle<'_> {
    SeenVehicle::sure(plate, color)
}

#[test]
fn each_rule_decides_as_the_first_page_says() {
    use Color::{Blue, Green, Unknown, White, Yellow};
    use Verdict::{Allow, Ask, Deny};
    let unsure = |plate, color| SeenVehicle {
        accepted: false,
        ..seen(plate, color)
    };
    let table = [
        // Nothing read, or nothing sure: the default, and no list is believed.
        (Allow, seen("", Unknown), Ask, Reason::NoPlateAsks),
        (Allow, unsure("冀A20001", Blue), Ask, Reason::UncertainAsks),
        (
            Allow,
            unsure("冀A10000", Yellow),
            Ask,
            Reason::UncertainAsks,
        ),
        (
            Allow,
            unsure("京X1234应急", White),
            Ask,
            Reason::UncertainAsks,
        ),
        // Emergency vehicles pass, even when somebody put them on a deny list.
        (Deny, seen("京X1234应急", White), Allow, Reason::Emergency),
        (Deny, seen("沪A0119应急", Unknown), Allow, Reason::Emergency),
        (Deny, seen("冀A12000", Blue), Allow, Reason::Emergency),
        (Deny, seen("冀A1234警", White), Allow, Reason::Emergency),
        (Deny, seen("WJ京1234X", White), Allow, Reason::Emergency),
        // Denied, in its colour only.
        (Allow, seen("冀A10000", Yellow), Deny, Reason::OnDenyList),
        (Allow, seen("冀A10000", Blue), Allow, Reason::ReadAllowed),
        (
            Allow,
            seen("冀A10000", Unknown),
            Ask,
            Reason::ListColorUnknown,
        ),
        (Allow, seen("冀A10001", Blue), Deny, Reason::OnDenyList),
        (Allow, seen("冀A40000", Blue), Allow, Reason::ReadAllowed),
        // Allowed, in its colour only.
        (Deny, seen("冀A20000", Yellow), Allow, Reason::OnAllowList),
        (Deny, seen("冀A20000", Blue), Deny, Reason::ReadDenied),
        (
            Deny,
            seen("冀A20000", Unknown),
            Ask,
            Reason::ListColorUnknown,
        ),
        (Allow, seen("冀A20000", Unknown), Allow, Reason::ReadAllowed),
        (Deny, seen("冀A20001", Unknown), Allow, Reason::OnAllowList),
        (Ask, seen("冀A20001", Green), Allow, Reason::OnAllowList),
        // Out of its time.
        (Deny, seen("冀A30000", Blue), Deny, Reason::AllowNotValid),
        (Ask, seen("冀A30001", Blue), Ask, Reason::AllowNotValid),
        (Allow, seen("冀A30001", Blue), Allow, Reason::ReadAllowed),
        // On no list.
        (Allow, seen("鲁B77777", Blue), Allow, Reason::ReadAllowed),
        (Deny, seen("鲁B77777", Blue), Deny, Reason::ReadDenied),
        (Ask, seen("鲁B77777", Blue), Ask, Reason::ReadAsks),
    ];
    for (read, vehicle, verdict, reason) in table {
        let rules = Rulebook::new(settings(read)).expect("good settings");
        let decision = rules.decide(vehicle, now());
        let found = (decision.verdict, decision.reason);
        assert_eq!(found, (verdict, reason), "{vehicle:?}, default {read:?}");
    }
}

#[test]
fn the_default_for_unread_plates_is_the_sites_choice() {
    for (unread, no_plate, uncertain) in [
        (
            Verdict::Allow,
            Reason::NoPlateAllowed,
            Reason::UncertainAllowed,
        ),
        (
            Verdict::Deny,
            Reason::NoPlateDenied,
            Reason::UncertainDenied,
        ),
        (Verdict::Ask, Reason::NoPlateAsks, Reason::UncertainAsks),
    ] {
        let rules = Rulebook::new(RulebookSettings {
            defaults: Defaults {
                unread,
                ..Defaults::default()
            },
            ..RulebookSettings::default()
        })
        .expect("good settings");
        let without = rules.decide(seen("", Color::Unknown), now());
        assert_eq!((without.verdict, without.reason), (unread, no_plate));
        let unsure = SeenVehicle {
            accepted: false,
            ..seen("冀A12345", Color::Blue)
        };
        let unsure = rules.decide(unsure, now());
        assert_eq!((unsure.verdict, unsure.reason), (unread, uncertain));
    }
}

#[test]
fn a_plate_that_is_nearly_listed_opens_nothing_but_is_shown_to_the_guard() {
    let rules = Rulebook::new(settings(Verdict::Deny)).expect("good settings");
    let decision = rules.decide(seen("冀A20011", Color::Blue), now());
    assert_eq!(decision.verdict, Verdict::Deny);
    let names: Vec<_> = decision
        .grounds
        .look_alikes
        .iter()
        .map(|s| s.plate.as_str())
        .collect();
    assert_eq!(names, ["冀A20001"]);
    let said = explain(
        decision.reason.as_str(),
        &decision.grounds,
        words::Language::Zh,
        &jiff::tz::TimeZone::UTC,
    );
    assert_eq!(said[0], "不在放行名单中");
    assert!(
        said[1].contains("冀A20001") && said[1].contains("相近"),
        "{said:?}"
    );
}

#[test]
fn an_uncertain_plate_that_equals_a_listed_one_is_shown_and_not_believed() {
    let rules = Rulebook::new(settings(Verdict::Allow)).expect("good settings");
    let unsure = SeenVehicle {
        accepted: false,
        ..seen("冀A10000", Color::Yellow)
    };
    let decision = rules.decide(unsure, now());
    assert_eq!(decision.verdict, Verdict::Ask);
    assert_eq!(decision.grounds.look_alikes[0].plate, "冀A10000");
    assert_eq!(decision.grounds.look_alikes[0].list, ListKind::Deny);
}

#[test]
fn a_listed_number_in_another_colour_is_shown_to_the_guard() {
    let rules = Rulebook::new(settings(Verdict::Allow)).expect("good settings");
    let decision = rules.decide(seen("冀A10000", Color::Blue), now());
    assert_eq!(decision.verdict, Verdict::Allow);
    assert!(
        decision
            .grounds
            .look_alikes
            .iter()
            .any(|s| s.plate == "冀A10000")
    );
}

#[test]
fn old_lists_are_used_and_show_their_age() {
    let rules = Rulebook::new(RulebookSettings::default()).expect("good settings");
    let over_limit = |age| {
        let entries = [entry("豫C88888", Some(Color::Yellow))];
        List::new(ListKind::Deny, "超标车辆", age, entries)
    };
    for (age, as_of, stale) in [
        (
            Age::AsOf(now() - 25.hours()),
            Some(now() - 25.hours()),
            true,
        ),
        (Age::AsOf(now() - 1.hour()), Some(now() - 1.hour()), false),
        (Age::Never, None, true),
    ] {
        let rules = rules.with([over_limit(age)]);
        let decision = rules.decide(seen("豫C88888", Color::Yellow), now());
        assert_eq!(decision.verdict, Verdict::Deny);
        assert_eq!(decision.grounds.detail, "about 豫C88888");
        assert_eq!(
            decision.grounds.lists.len(),
            1,
            "one list of a name at a time"
        );
        assert_eq!(
            (
                decision.grounds.lists[0].as_of,
                decision.grounds.lists[0].stale
            ),
            (as_of, stale)
        );
    }
}

#[test]
fn a_decision_is_stored_with_names_that_other_programs_can_read() {
    let rules = Rulebook::new(settings(Verdict::Allow)).expect("good settings");
    let decision = rules.decide(seen("冀A10000", Color::Yellow), now());
    let stored = serde_json::to_value(&decision).expect("JSON");
    assert_eq!(stored["verdict"], "deny");
    assert_eq!(stored["reason"], "on_deny_list");
    assert_eq!(stored["detail"], "about 冀A10000");
}

fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").expect("known")
}

#[test]
fn a_list_takes_times_as_people_write_them_and_a_day_is_meant_whole() {
    let valid = |from: &str, until: &str| {
        let gate = format!("[[gate.allow]]\nplate = \"冀A12345\"\nfrom = {from}\nuntil = {until}");
        read(&gate).map(|settings| {
            let entry = &settings.allow[0];
            [entry.from, entry.until].map(|at| at.expect("a time").to_string())
        })
    };
    for (from, until) in [
        (r#""2026-01-01""#, r#""2026-12-31""#),
        (r#""2026/1/1""#, r#""2026年12月31日""#),
        (r#""２０２６-01-01 0:00""#, r#""2027-01-01 00:00""#),
        (
            r#""2026-01-01T00:00:00+08:00""#,
            r#""2026-12-31T16:00:00Z""#,
        ),
        ("2026-01-01", "2026-12-31"),
        ("2026-01-01T00:00:00", "2027-01-01T00:00:00+08:00"),
    ] {
        let read = valid(from, until).expect(from);
        assert_eq!(
            read,
            ["2025-12-31T16:00:00Z", "2026-12-31T16:00:00Z"],
            "{from}"
        );
    }
    // What is called today is another day tomorrow.
    for wrong in [
        r#""今天""#,
        r#""today""#,
        r#""2026-13-01""#,
        r#""soon""#,
        "12",
    ] {
        let told = valid(wrong, r#""2026-12-31""#).expect_err(wrong);
        assert_eq!(told[0].key, "gate.allow[0].from", "{wrong}");
    }
    assert!(valid(r#""2026-12-31""#, r#""2026-12-30""#).is_err());
}

fn read(text: &str) -> Result<RulebookSettings, Vec<settings::Problem>> {
    let document = settings::Document::parse(text).expect("TOML");
    document.read(Path::new("/"), |root| {
        root.table("gate", |gate| RulebookSettings::read(gate, &shanghai()))
    })
}

#[test]
fn settings_are_read_from_a_section_and_every_mistake_is_told_at_once() {
    let good = r#"
        [gate]
        read = "deny"
        unread = "ask"
        stale_after_hours = 12
        [[gate.allow]]
        plate = "冀A·12345"
        color = "yellow"
        until = "2027-01-01T00:00:00+08:00"
        [[gate.deny]]
        plate = "冀A54321"
        reason = "欠费"
    "#;
    let settings = read(good).expect("good settings");
    let rules = Rulebook::new(settings.clone()).expect("good entries");
    let decision = rules.decide(seen("冀A12345", Color::Yellow), now());
    assert_eq!(decision.reason, Reason::OnAllowList);
    let mut printer = settings::Printer::default();
    printer.table("gate", |p| settings.show(p));
    assert_eq!(
        read(&printer.into_text()),
        Ok(settings),
        "shown, it loads again"
    );

    let bad = RulebookSettings {
        allow: vec![Entry::of("冀A12345"), Entry::of("A1")],
        deny: vec![Entry::of("12345")],
        ..RulebookSettings::default()
    };
    let errors = Rulebook::new(bad).expect_err("two mistakes");
    let keys: Vec<_> = errors.iter().map(|e| e.key.as_str()).collect();
    assert_eq!(keys, ["allow[1]", "deny[0]"]);
    let told = read("[gate]\nraed = \"deny\"\n[[gate.deny]]\nplate = \"12345\"")
        .expect_err("two mistakes");
    let keys: Vec<_> = told.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, ["gate.raed", "gate.deny[0]"]);
}

#[test]
fn a_lane_may_have_defaults_of_its_own_and_the_safe_ones_are_the_documented_ones() {
    let text = r#"
        [gate]
        [[gate.lane]]
        name = "goods"
        read = "deny"
        unread = "deny"
        [[gate.lane]]
        name = "staff"
        unregistered = "ask"
        stale = "deny"
    "#;
    let rules = Rulebook::new(read(text).expect("good settings")).expect("good entries");
    let decide = |rules: &Rulebook, lane, plate| {
        let vehicle = SeenVehicle {
            lane,
            ..seen(plate, Color::Blue)
        };
        let decision = rules.decide(vehicle, now());
        (decision.verdict, decision.reason)
    };
    let plate = "鲁B77777";
    let table = [
        ("goods", plate, (Verdict::Deny, Reason::ReadDenied)),
        ("goods", "", (Verdict::Deny, Reason::NoPlateDenied)),
        ("staff", plate, (Verdict::Ask, Reason::UnregisteredAsks)),
        ("staff", "", (Verdict::Ask, Reason::NoPlateAsks)),
        ("other", plate, (Verdict::Allow, Reason::ReadAllowed)),
        ("other", "", (Verdict::Ask, Reason::NoPlateAsks)),
    ];
    for (lane, plate, expected) in table {
        assert_eq!(decide(&rules, lane, plate), expected, "{lane} {plate}");
    }
    let stale = rules.with([List::new(ListKind::Deny, "p", Age::Never, [])]);
    assert_eq!(
        decide(&stale, "staff", plate),
        (Verdict::Deny, Reason::StaleDenied)
    );
    assert_eq!(decide(&stale, "other", plate).0, Verdict::Allow);
}

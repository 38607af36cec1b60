//! Strategies as tables: what is in force, what is known of the vehicle, and what must come of it.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use passage::{Direction, Lacks, Reason, VehicleFacts, Verdict};
use plate::Color;
use policy::{
    Action, Ban, Entry, InForce, Rulebook, RulebookSettings, STRATEGY_BYTES, SeenVehicle, Strategy,
    Template, Vehicles, Visitor, explain,
};
use words::Language;

const PLATE: &str = "冀A12345";
/// The name of a record of the register.
const TRUCK: &str = "冀A12345|yellow";

fn start() -> Timestamp {
    "2026-12-01T08:00:00+08:00".parse().expect("a time")
}

fn end() -> Timestamp {
    start() + 48.hours()
}

fn during() -> Timestamp {
    start() + 1.hour()
}

fn in_force<T>(rule: T) -> InForce<T> {
    InForce {
        key: "0123456789abcdef0123456789abcdef".to_owned(),
        rule,
        by: "李主任".to_owned(),
        since: start() - 1.hour(),
    }
}

fn book() -> Rulebook {
    Rulebook::new(RulebookSettings::default()).expect("the defaults")
}

fn truck(emission: &str, fuel: &str) -> VehicleFacts {
    VehicleFacts {
        emission: Some(emission.to_owned()),
        fuel: Some(fuel.to_owned()),
        kind: Some("Q11".to_owned()),
        networked: Some(true),
        ..VehicleFacts::default()
    }
}

fn registered(facts: VehicleFacts) -> Arc<Vehicles> {
    let mut vehicles = Vehicles::default();
    vehicles.set(TRUCK, Some(facts));
    Arc::new(vehicles)
}

fn decide(strategy: &Strategy, facts: VehicleFacts, now: Timestamp) -> (Verdict, Reason) {
    let rules = book()
        .with_strategies(vec![in_force(strategy.clone())])
        .with_vehicles(registered(facts));
    let decision = rules.decide(SeenVehicle::sure(PLATE, Color::Yellow), now);
    (decision.verdict, decision.reason)
}

/// Whether the four common strategies forbid a heavy truck, by the words of HJ 1321-2023.
fn forbidden(template: Template, emission: &str, fuel: &str) -> bool {
    let stage: u8 = emission.parse().unwrap_or(9);
    let (diesel, gas) = (fuel == "B", fuel == "E" || fuel == "F");
    match template {
        Template::ChinaThree => stage <= 3 && (diesel || gas),
        Template::ChinaFour => stage <= 4 && (diesel || gas),
        Template::ChinaFourGasFive => (stage <= 4 && diesel) || (stage <= 5 && gas),
        Template::NoRoadTransport => true,
    }
}

#[test]
fn each_common_strategy_binds_each_emission_and_fuel_from_its_first_minute_to_its_last() {
    let emissions = ["0", "1", "2", "3", "4", "5", "6", "7", "D"];
    let fuels = ["A", "B", "C", "D", "E", "F", "L", "M", "O", "P", "Q"];
    let moments = [
        (start() - 1.millisecond(), false),
        (start(), true),
        (start() + 1.minute(), true),
        (end() - 1.minute(), true),
        (end() - 1.millisecond(), true),
        (end(), false),
        (end() + 1.minute(), false),
    ];
    let mut looked_at = 0;
    for &template in Template::ALL {
        let strategy = template.strategy(start(), Some(end()));
        assert_eq!(strategy.problems(), [], "{template}");
        for emission in emissions {
            for fuel in fuels {
                for (now, holds) in moments {
                    let electric = matches!(fuel, "C" | "P") || emission == "D";
                    let spared = electric && template != Template::NoRoadTransport;
                    let bound = holds && !spared && forbidden(template, emission, fuel);
                    let expected = if bound {
                        (Verdict::Deny, Reason::StrategyDenied)
                    } else {
                        (Verdict::Allow, Reason::ReadAllowed)
                    };
                    let found = decide(&strategy, truck(emission, fuel), now);
                    assert_eq!(found, expected, "{template} {emission} {fuel} {now}");
                    looked_at += 1;
                }
            }
        }
    }
    assert_eq!(looked_at, 4 * 9 * 11 * 7);
}

#[test]
fn what_is_not_known_is_asked_and_never_guessed() {
    let strategy = Template::ChinaFour.strategy(start(), Some(end()));
    let unclear = (Verdict::Ask, Reason::StrategyUnclearAsks);
    let passes = (Verdict::Allow, Reason::ReadAllowed);
    let known = truck("4", "B");
    let without = |change: fn(&mut VehicleFacts)| {
        let mut facts = known.clone();
        change(&mut facts);
        decide(&strategy, facts, during())
    };
    assert_eq!(without(|facts| facts.emission = None), unclear);
    assert_eq!(without(|facts| facts.fuel = None), unclear);
    assert_eq!(without(|facts| facts.kind = None), unclear);
    let no_stage = |facts: &mut VehicleFacts| facts.emission = Some("X".to_owned());
    assert_eq!(without(no_stage), unclear);
    // One condition that surely does not hold is enough.
    let petrol = VehicleFacts {
        fuel: Some("A".to_owned()),
        ..VehicleFacts::default()
    };
    assert_eq!(decide(&strategy, petrol, during()), passes);
    // Of a vehicle that nobody has registered only the plate is known.
    let rules = book().with_strategies(vec![in_force(strategy)]);
    for (plate, color, verdict) in [
        (PLATE, Color::Yellow, Verdict::Ask),
        (PLATE, Color::Unknown, Verdict::Ask),
        // Heavy trucks have yellow plates by law: a car is none.
        ("冀A12345", Color::Blue, Verdict::Allow),
        ("冀AD12345", Color::Green, Verdict::Allow),
        ("冀A12345D", Color::YellowGreen, Verdict::Allow),
        ("冀A1234警", Color::White, Verdict::Allow),
        ("京X1234应急", Color::White, Verdict::Allow),
    ] {
        let decision = rules.decide(SeenVehicle::sure(plate, color), during());
        assert_eq!(decision.verdict, verdict, "{plate} {color:?}");
    }
}

#[test]
fn a_vehicle_of_china_six_passes_only_if_networked_where_the_strategy_says_so() {
    let strategy = Strategy {
        networked_only: true,
        ..Template::ChinaFour.strategy(start(), Some(end()))
    };
    let with = |emission: &str, networked| VehicleFacts {
        networked,
        ..truck(emission, "B")
    };
    for (emission, networked, verdict) in [
        ("4", Some(true), Verdict::Deny),
        ("5", Some(false), Verdict::Allow),
        ("6", Some(true), Verdict::Allow),
        ("6", Some(false), Verdict::Deny),
        ("6", None, Verdict::Ask),
    ] {
        let found = decide(&strategy, with(emission, networked), during());
        assert_eq!(found.0, verdict, "{emission} {networked:?}");
    }
}

#[test]
fn lanes_direction_action_and_those_who_are_spared_are_as_the_strategy_says() {
    let all = Strategy {
        bans: vec![Ban::default()],
        ..Template::ChinaFour.strategy(start(), None)
    };
    let listed = RulebookSettings {
        allow: vec![Entry::of(PLATE)],
        ..RulebookSettings::default()
    };
    let listed = Rulebook::new(listed).expect("good settings");
    let seen = SeenVehicle {
        lane: "north-in",
        direction: Some(Direction::In),
        ..SeenVehicle::sure(PLATE, Color::Yellow)
    };
    let verdict = |strategy: Strategy| {
        let rules = listed.with_strategies(vec![in_force(strategy)]);
        rules.decide(seen, during()).verdict
    };
    let but = |change: fn(&mut Strategy)| {
        let mut strategy = all.clone();
        change(&mut strategy);
        verdict(strategy)
    };
    assert_eq!(
        verdict(all.clone()),
        Verdict::Deny,
        "an allow list is no pass"
    );
    assert_eq!(but(|s| s.spares_allow_list = true), Verdict::Allow);
    assert_eq!(but(|s| s.lanes = vec!["south".to_owned()]), Verdict::Allow);
    assert_eq!(
        but(|s| s.lanes = vec!["north-in".to_owned()]),
        Verdict::Deny
    );
    assert_eq!(but(|s| s.direction = Some(Direction::Out)), Verdict::Allow);
    assert_eq!(but(|s| s.direction = Some(Direction::In)), Verdict::Deny);
    assert_eq!(but(|s| s.action = Action::Ask), Verdict::Ask);
    assert_eq!(but(|s| s.from = end()), Verdict::Allow);
    // Nobody knows at the barrier what is under the tarpaulin.
    let coal = |s: &mut Strategy| s.bans[0].cargoes = vec!["煤".to_owned()];
    assert_eq!(but(coal), Verdict::Ask);
    // Of two the one that forbids is told, in whatever order they were put in force.
    let asks = Strategy {
        action: Action::Ask,
        ..all.clone()
    };
    for both in [[asks.clone(), all.clone()], [all, asks]] {
        let rules = listed.with_strategies(both.map(in_force).to_vec());
        assert_eq!(rules.decide(seen, during()).reason, Reason::StrategyDenied);
    }
}

#[test]
fn a_decision_names_the_strategy_who_put_it_in_force_and_what_would_have_changed_it() {
    let strategy = Template::ChinaFour.strategy(start(), Some(end()));
    let rules = book()
        .with_strategies(vec![in_force(strategy)])
        .with_vehicles(registered(truck("4", "B")));
    let decision = rules.decide(SeenVehicle::sure(PLATE, Color::Yellow), during());
    let source = decision.grounds.source.as_ref().expect("a strategy");
    assert_eq!(source.name, Template::ChinaFour.title());
    assert_eq!(source.by.as_deref(), Some("李主任"));
    assert_eq!(source.since, Some(start() - 1.hour()));
    let lacks: Vec<_> = decision.grounds.otherwise.iter().map(|o| o.lacks).collect();
    assert_eq!(lacks, [Lacks::Emission, Lacks::NewEnergy, Lacks::Until]);
    assert_eq!(decision.grounds.otherwise[0].value, "5");
    let zone = TimeZone::get("Asia/Shanghai").expect("known");
    let reason = decision.reason.as_str();
    let said = explain(reason, &decision.grounds, Language::Zh, &zone).join("；");
    for part in [
        "管控措施生效，禁止通行",
        "禁行国四及以下重型柴油（燃气）车",
        "李主任",
        "国四，柴油，重型半挂牵引车",
        "排放标准达到国五可通行",
        "2026-12-03 08:00 起不再限制",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn visitors_pass_in_their_time_and_so_many_times_a_day() {
    let visitor = Visitor {
        plate: PLATE.into(),
        color: Some(Color::Yellow),
        from: start(),
        until: end(),
        per_day: Some(2),
        host: "设备科 王工".to_owned(),
        reason: "送备件".to_owned(),
    };
    assert_eq!(visitor.problems(), []);
    let settings = RulebookSettings {
        defaults: policy::Defaults {
            read: Verdict::Deny,
            ..policy::Defaults::default()
        },
        ..RulebookSettings::default()
    };
    let rules = Rulebook::new(settings).expect("good settings");
    let rules = rules.with_visitors(vec![in_force(visitor)]);
    let at = |now: Timestamp, color, direction, entries_today| {
        let seen = SeenVehicle {
            direction: Some(direction),
            entries_today,
            ..SeenVehicle::sure(PLATE, color)
        };
        let decision = rules.decide(seen, now);
        (decision.verdict, decision.reason)
    };
    use Direction::{In, Out};
    use Verdict::{Allow, Ask, Deny};
    let table = [
        (
            start(),
            Color::Yellow,
            In,
            Some(0),
            (Allow, Reason::Visitor),
        ),
        (
            during(),
            Color::Yellow,
            In,
            Some(1),
            (Allow, Reason::Visitor),
        ),
        (
            during(),
            Color::Yellow,
            In,
            Some(2),
            (Ask, Reason::VisitorQuota),
        ),
        (
            during(),
            Color::Yellow,
            In,
            None,
            (Ask, Reason::VisitorUncounted),
        ),
        // Whoever is in may go.
        (
            during(),
            Color::Yellow,
            Out,
            Some(2),
            (Allow, Reason::Visitor),
        ),
        (
            during(),
            Color::Blue,
            In,
            Some(0),
            (Deny, Reason::ReadDenied),
        ),
        (
            end(),
            Color::Yellow,
            In,
            Some(0),
            (Deny, Reason::ReadDenied),
        ),
        (
            start() - 1.second(),
            Color::Yellow,
            In,
            Some(0),
            (Deny, Reason::ReadDenied),
        ),
    ];
    for (now, color, direction, came, expected) in table {
        let found = at(now, color, direction, came);
        assert_eq!(found, expected, "{now} {color:?} {direction} {came:?}");
    }
    assert!(rules.counts(PLATE, during()) && !rules.counts("冀A54321", during()));
}

#[test]
fn a_strategys_file_is_read_in_the_words_of_the_trade_and_shown_it_loads_again() {
    let zone = TimeZone::get("Asia/Shanghai").expect("known");
    let text = r#"
        title = "红色预警一级响应"
        level = "Ⅰ"
        warning = "红色"
        from = "2026-12-01 08:00"
        until = "2026-12-03 08:00"
        networked_only = true
        lanes = ["north-in"]
        direction = "in"
        [[ban]]
        emission_up_to = "国四"
        fuels = ["柴油", "E"]
        kinds = ["重型半挂牵引车", "H1"]
        [[ban]]
        emission_up_to = 5
        cargoes = ["煤"]
    "#;
    let strategy = Strategy::parse(text, &zone, start()).expect("a strategy");
    assert_eq!((strategy.from, strategy.until), (start(), Some(end())));
    assert_eq!(strategy.bans[0].emission_up_to, Some(4));
    assert_eq!(strategy.bans[0].fuels, ["B", "E"]);
    assert_eq!(strategy.bans[0].kinds, ["Q11", "H1"]);
    let again = Strategy::parse(&strategy.to_file(&zone), &zone, during());
    assert_eq!(again.as_ref(), Ok(&strategy));
    let kept = serde_json::to_value(&strategy).expect("JSON");
    assert_eq!(
        serde_json::from_value::<Strategy>(kept).expect("read"),
        strategy
    );
}

#[test]
fn every_mistake_of_a_strategys_file_is_told_with_its_line_and_a_huge_one_at_once() {
    let zone = TimeZone::UTC;
    let text = "title = \"\"\nfrom = \"2026-12-02\"\nuntil = \"2026-12-01\"\nforbid = true\n\
                [[ban]]\nemission_up_to = \"国九\"\nfuels = [\"煤油\"]\nkinds = [\"卡车\"]\n";
    let told = Strategy::parse(text, &zone, start()).expect_err("mistakes");
    let told: Vec<_> = told.iter().map(|said| said.text(Language::Zh)).collect();
    for part in ["title", "until", "forbid", "国九", "煤油", "卡车"] {
        assert!(
            told.iter().any(|line| line.contains(part)),
            "{part}: {told:?}"
        );
    }
    assert!(told.iter().all(|line| line.contains('行')), "{told:?}");
    let huge = format!("title = \"{}\"", "停".repeat(STRATEGY_BYTES));
    let told = Strategy::parse(&huge, &zone, start()).expect_err("too large");
    assert_eq!(told.len(), 1);
    assert!(told[0].text(Language::Zh).contains("64 KB"), "{told:?}");
    let nothing = Strategy::parse("title = \"停\"", &zone, start()).expect_err("binds nobody");
    assert!(
        nothing[0].text(Language::Zh).contains("[[ban]]"),
        "{nothing:?}"
    );
}

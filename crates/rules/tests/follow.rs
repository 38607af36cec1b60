//! Rules in force on a real ledger: what is written to it holds at once.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use ledger::{Filter, Handle, NewDownlink, NewRevision, Options, Reader, Writer};
use passage::{
    Direction, Finished, Grounds, NewPassage, NewPhoto, NewRule, Outcome, PassageKey, PhotoKind,
    Reading, Reason, RecordKey, RecordState, Register, RuleKind, RuleState, Verdict,
};
use plate::Color;
use policy::{Rulebook, RulebookSettings, SeenVehicle, Template, Visitor};
use rules::{GateRules, Listing, Today};
use serde_json::{Value, json};

const PLATE: &str = "云A12345";

struct Site {
    data: tempfile::TempDir,
    ledger: Handle,
}

impl Site {
    fn open() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let writer = Writer::open(data.path(), Options::default()).expect("opens");
        let (ledger, _thread) = Handle::start(writer).expect("starts");
        Self { data, ledger }
    }

    fn reader(&self) -> Reader {
        Reader::open(self.data.path()).expect("a ledger")
    }

    async fn rules(&self) -> GateRules {
        let listing = Listing {
            platform: "p".to_owned(),
            zone: zone(),
        };
        let today = Today::new(self.reader(), zone());
        let mut rules = rules::follow(self.ledger.clone(), vec![listing], site(), today).await;
        assert!(rules.changed().await, "what was read at the start");
        rules
    }

    async fn fetched(&self, id: &str, parsed: Value, at: Timestamp) {
        let entry = NewDownlink {
            platform_id: id.to_owned(),
            sha256: id.to_owned(),
            raw: Value::Null,
            parsed,
        };
        let kept = self
            .ledger
            .write(move |writer| writer.keep_downlinks("p", "over_limit", &[entry], at));
        kept.await.expect("kept");
    }

    async fn rule(&self, kind: RuleKind, base: u32, state: RuleState, content: Value) {
        let rule = NewRule {
            key: "0123456789abcdef0123456789abcdef".parse().expect("a key"),
            kind,
            base,
            state,
            content,
            downlink: None,
            who: "李主任".to_owned(),
            why: "红色预警".to_owned(),
            at: Timestamp::now(),
        };
        let written = self.ledger.write(move |writer| writer.write_rule(&rule));
        written.await.expect("written");
    }

    async fn registered(&self, base: u32, key: RecordKey, emission: &str) {
        let values = json!({"plateNo": PLATE, "plateColor": "yellow", "vehicleType": "Q11",
                            "fuelType": "B", "emissionStandard": emission});
        let Value::Object(values) = values else {
            unreachable!("an object");
        };
        let revision = NewRevision {
            key,
            register: Register::Vehicle,
            base,
            identity: format!("{PLATE}|yellow"),
            values,
            state: RecordState::Approved,
            at: Timestamp::now(),
            who: "李工".to_owned(),
            why: "行驶证".to_owned(),
            files: Vec::new(),
        };
        let written = self
            .ledger
            .write(move |writer| writer.write_records(&[revision]));
        written.await.expect("written");
    }

    async fn came_in(&self, at: Timestamp, outcome: Outcome) {
        let passage = NewPassage {
            key: PassageKey::random(),
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: Direction::In,
            entered_at: at,
            decided_at: at,
            clock: frame::ClockSource::CameraNtp,
            clock_trusted: true,
            camera: "north-in".to_owned(),
            reading: Reading {
                plate: PLATE.to_owned(),
                color: Color::Yellow,
                recognised: true,
                ..Reading::unread()
            },
            decision: Verdict::Allow,
            reason: "read_allowed".to_owned(),
            grounds: Grounds::default(),
        };
        let written = self.ledger.write(move |writer| {
            let photo = |kind| NewPhoto {
                kind,
                camera: "north-in",
                taken_at: at,
                jpeg: b"a picture",
            };
            let photos = [photo(PhotoKind::HeadOriginal), photo(PhotoKind::Head)];
            let id = writer.decide(&passage, &photos)?;
            let end = Finished {
                outcome,
                at,
                reading: None,
            };
            writer.finish(id, &end, &[])
        });
        written.await.expect("written");
    }
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").expect("known")
}

fn site() -> Rulebook {
    Rulebook::new(RulebookSettings::default()).expect("the defaults")
}

fn truck() -> SeenVehicle<'static> {
    SeenVehicle {
        direction: Some(Direction::In),
        ..SeenVehicle::sure(PLATE, Color::Yellow)
    }
}

#[tokio::test]
async fn a_list_that_is_fetched_is_in_force_on_every_lane() {
    let site = Site::open();
    let now = Timestamp::now();
    let mut lane = site.rules().await;
    let other_lane = lane.clone();
    let before = lane.decide(truck(), now);
    assert_eq!(before.verdict, Verdict::Allow);
    assert!(before.grounds.lists[0].as_of.is_none() && before.grounds.lists[0].stale);

    let vehicle = |released: bool, item: &str, at: &str| json!({"plateNo": PLATE, "plateColor": "yellow", "released": released, item: at});
    let listed = vehicle(false, "issuedAt", "2026-05-01 08:00:00");
    site.fetched("kept long ago", listed, now).await;
    assert!(lane.changed().await);
    let denied = other_lane.decide(truck(), now);
    assert_eq!(
        (denied.verdict, denied.grounds.lists[0].stale),
        (Verdict::Deny, false)
    );
    let source = denied.grounds.source.expect("the list");
    assert_eq!(source.by.as_deref(), Some("p"));
    let later = now + SignedDuration::from_secs(1);
    let released = vehicle(true, "releasedAt", "2026-05-02T00:00:00Z");
    site.fetched("kept now", released, later).await;
    assert!(lane.changed().await);
    assert_eq!(other_lane.decide(truck(), later).verdict, Verdict::Allow);
}

#[tokio::test]
async fn a_strategy_that_is_put_in_force_binds_at_once_survives_a_restart_and_ends_when_ended() {
    let site = Site::open();
    let now = Timestamp::now();
    let (kind, key) = (RuleKind::Strategy, RecordKey::random());
    let mut rules = site.rules().await;
    site.registered(0, key, "4").await;
    assert!(rules.changed().await);
    assert_eq!(rules.decide(truck(), now).verdict, Verdict::Allow);

    let strategy = Template::ChinaFour.strategy(now - 1.hour(), Some(now + 1.hour()));
    let content = serde_json::to_value(&strategy).expect("JSON");
    site.rule(kind, 0, RuleState::InForce, content.clone())
        .await;
    assert!(rules.changed().await);
    let denied = rules.decide(truck(), now);
    assert_eq!(denied.reason, Reason::StrategyDenied);
    let source = denied.grounds.source.expect("the strategy");
    assert_eq!(source.by.as_deref(), Some("李主任"));

    // The same when everything is read anew, and nobody is on the line.
    let again = site.rules().await;
    assert_eq!(again.decide(truck(), now).verdict, Verdict::Deny);
    let once = rules::read(&site.reader(), &self::site(), &[]).expect("read");
    assert_eq!(once.decide(truck(), now).verdict, Verdict::Deny);

    // The register is corrected: it was China V all along.
    site.registered(1, key, "5").await;
    assert!(rules.changed().await);
    assert_eq!(rules.decide(truck(), now).verdict, Verdict::Allow);
    site.registered(2, key, "4").await;
    assert!(rules.changed().await);
    assert_eq!(rules.decide(truck(), now).verdict, Verdict::Deny);
    site.rule(kind, 1, RuleState::Ended, content).await;
    assert!(rules.changed().await);
    assert_eq!(rules.decide(truck(), now).verdict, Verdict::Allow);
}

#[tokio::test]
async fn what_a_platform_writes_moves_nothing_until_a_person_has_confirmed_a_rule() {
    let site = Site::open();
    let words = "停止公路运输，即刻生效。".repeat(30_000);
    assert!(words.len() > 1_000_000);
    let entry = NewDownlink {
        platform_id: "S-1".to_owned(),
        sha256: "S-1".to_owned(),
        raw: json!({ "gkcs": words }),
        parsed: json!({"measures": words, "controlStrategy": "4"}),
    };
    let kept = site
        .ledger
        .write(move |writer| writer.keep_downlinks("p", "strategy", &[entry], Timestamp::now()));
    kept.await.expect("kept");
    let rules = site.rules().await;
    let now = Timestamp::now();
    assert_eq!(rules.decide(truck(), now).verdict, Verdict::Allow);
    assert!(rules.book().strategies().is_empty());
}

#[tokio::test]
async fn a_visitors_entries_are_counted_by_the_sites_day_also_after_a_restart() {
    let site = Site::open();
    let midnight: Timestamp = "2026-12-02T00:00:00+08:00".parse().expect("a time");
    let visitor = Visitor {
        plate: PLATE.into(),
        color: None,
        from: midnight - 48.hours(),
        until: midnight + 48.hours(),
        per_day: Some(1),
        host: "王工".to_owned(),
        reason: String::new(),
    };
    let content = serde_json::to_value(&visitor).expect("JSON");
    site.rule(RuleKind::Visitor, 0, RuleState::InForce, content)
        .await;
    let reason = async |now: Timestamp| site.rules().await.decide(truck(), now).reason;
    let late = midnight - 1.minute();
    assert_eq!(reason(late).await, Reason::Visitor);
    site.came_in(midnight - 2.hours(), Outcome::BackedOut).await;
    assert_eq!(
        reason(late).await,
        Reason::Visitor,
        "who turned back has not come"
    );
    site.came_in(midnight - 1.hour(), Outcome::Passed).await;
    assert_eq!(reason(late).await, Reason::VisitorQuota);
    assert_eq!(reason(midnight).await, Reason::Visitor, "another day");
    site.came_in(midnight, Outcome::Passed).await;
    assert_eq!(reason(midnight + 23.hours()).await, Reason::VisitorQuota);
}

#[tokio::test]
async fn a_replay_tells_which_passages_a_strategy_would_have_changed() {
    let site = Site::open();
    let start: Timestamp = "2026-11-01T00:00:00+08:00".parse().expect("a time");
    site.registered(0, RecordKey::random(), "4").await;
    for day in 0..3 {
        site.came_in(start + (24 * day).hours(), Outcome::Passed)
            .await;
    }
    let reader = site.reader();
    let held = rules::read(&reader, &self::site(), &[]).expect("read");
    let in_force = |until: Timestamp| {
        let rule = Template::ChinaFour.strategy(start, Some(until));
        held.with_strategies(vec![policy::InForce {
            key: String::new(),
            rule,
            by: String::new(),
            since: start,
        }])
    };
    let of = |rules: &Rulebook| {
        rules::replay(&reader, &Filter::default(), rules, Some(&held)).expect("read")
    };
    let changed = of(&in_force(start + 48.hours()));
    assert_eq!(
        (changed.looked_at, changed.changed, changed.denied),
        (3, 2, 2)
    );
    assert_eq!(changed.passages[0].now.reason, Reason::StrategyDenied);
    assert_eq!(of(&held).changed, 0);
    let recorded = rules::replay(&reader, &Filter::default(), &held, None).expect("read");
    assert_eq!((recorded.looked_at, recorded.changed), (3, 0));
}

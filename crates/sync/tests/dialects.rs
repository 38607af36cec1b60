//! Each dialect end to end: ledger, worker, adapter file, simulated platform.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::{Gate, shipped, until, yunnan};
use jiff::Timestamp;
use ledger::{NewRevision, Takes};
use passage::{DeliveryState, RecordKey, RecordState, Register, ReviewAnswer};
use serde_json::{Value, json};
use simulator::{Dialect, Endpoint, FaultAnswer, Faults, Options, RunningSimulator, serve};
use sync::{Adapter, Platform, PlatformSettings, WorkerHandle, spawn};

const NEW: Duration = Duration::ZERO;

fn work(gate: &Gate, settings: PlatformSettings, adapter: Adapter) -> WorkerHandle {
    let pace = settings.pace.clone();
    let sink = Platform::new(settings, adapter, gate.ledger.clone()).unwrap();
    spawn(sink, gate.ledger.clone(), pace)
}

fn henan(platform: &RunningSimulator) -> PlatformSettings {
    PlatformSettings {
        names: [("organ".to_owned(), "410000".to_owned())].into(),
        enterprise_code: Some("91410000TEST00001".to_owned()),
        enterprise_name: Some("试验厂".to_owned()),
        paths: BTreeMap::new(),
        ..yunnan(&platform.base_url())
    }
}

fn bearer(platform: &RunningSimulator) -> PlatformSettings {
    PlatformSettings {
        paths: [("login".to_owned(), "api/login".to_owned())].into(),
        photo_url: Some("http://10.0.0.9/{path}".to_owned()),
        ..yunnan(&platform.base_url())
    }
}

#[tokio::test]
async fn henan_gets_the_record_then_each_photo_under_one_serial_number() {
    let platform = serve(Options::of(Dialect::Henan)).await.unwrap();
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "豫A12345D", NEW).await;
    gate.passage("lane-1", "豫A12346D", NEW).await;
    let worker = work(&gate, henan(&platform), shipped("henan-transport-control"));
    until(worker.status(), |s| s.acknowledged == 2).await;
    let arrived = platform.received();
    let items = &arrived[0].items;
    assert_eq!(items["license"], "豫A12345D");
    assert_eq!(items["licenseColor"], "6");
    assert_eq!(items["inOutComStatus"], "1");
    assert_eq!(
        items["vin"],
        Value::Null,
        "unknown is missing, never filled"
    );
    assert_eq!(arrived[0].photos.len(), 2);
    assert!(
        arrived[0].serial.starts_with("91410000TEST0000101A"),
        "{}",
        arrived[0].serial
    );
    assert_eq!(arrived[0].serial.len(), 17 + 2 + 1 + 12);
    assert_ne!(arrived[0].serial, arrived[1].serial, "two in one second");
    assert_eq!(platform.counts().photos_after, 4);
    until(worker.status(), |s| s.last_heartbeat_at.is_some()).await;
    assert_eq!(
        platform.last_heartbeat().unwrap()["enterpriseID"],
        "91410000TEST00001"
    );
    worker.stop().await;
}

#[tokio::test]
async fn a_delivery_cut_after_its_record_goes_on_with_the_photos() {
    let platform = serve(Options::of(Dialect::Henan)).await.unwrap();
    let gate = Gate::new("regulator");
    platform.set_faults(Faults {
        answer: FaultAnswer::DropBeforeKeeping,
        endpoint: Some(Endpoint::Photo),
        times: Some(2),
        ..Faults::default()
    });
    gate.passage("lane-1", "豫A12345D", NEW).await;
    let worker = work(&gate, henan(&platform), shipped("henan-transport-control"));
    until(worker.status(), |s| s.acknowledged == 1).await;
    let counts = platform.counts();
    assert_eq!(
        (counts.passages, counts.repeats, counts.photos_after),
        (1, 0, 2)
    );
    worker.stop().await;
}

#[tokio::test]
async fn what_is_new_at_the_end_reaches_henan_and_a_correction_becomes_a_persons_task() {
    let platform = serve(Options::of(Dialect::Henan)).await.unwrap();
    let gate = Gate::new("regulator");
    let worker = work(&gate, henan(&platform), shipped("henan-transport-control"));
    let id = gate.decided_without_body("豫A12345D").await;
    until(worker.status(), |s| s.acknowledged == 1).await;
    gate.finish_with_body(id, None).await;
    until(worker.status(), |s| s.acknowledged == 2).await;
    let counts = platform.counts();
    assert_eq!(
        (counts.passages, counts.repeats, counts.photos_after),
        (1, 0, 2)
    );

    let id = gate.decided_without_body("豫A8O000D").await;
    until(worker.status(), |s| s.acknowledged == 3).await;
    gate.finish_with_body(id, Some("豫A80000D")).await;
    until(worker.status(), |s| s.refused == 1).await;
    let (state, words) = gate.answers().await.pop().unwrap();
    assert_eq!(state, DeliveryState::Refused);
    assert!(
        words.contains("takes no corrections") && words.contains("by hand"),
        "{words}"
    );
    worker.stop().await;
}

#[tokio::test]
async fn the_bearer_form_has_fields_for_each_direction_and_photos_as_addresses() {
    let platform = serve(Options::of(Dialect::Bearer)).await.unwrap();
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "冀A12345D", NEW).await;
    let worker = work(&gate, bearer(&platform), shipped("bearer-english"));
    until(worker.status(), |s| s.acknowledged == 1).await;
    let items = platform.received().remove(0).items;
    assert_eq!(items["carPlate"], "冀A12345D");
    assert_eq!(
        items["carPalteColor"], "6",
        "spelt as the platform spells it"
    );
    assert_eq!(items["entranceNumber"], "A");
    assert_eq!(items["carInTime"].as_str().unwrap().len(), 19);
    assert!(
        items["entryHeadPic"]
            .as_str()
            .unwrap()
            .starts_with("http://10.0.0.9/photos/")
    );
    assert!(
        items.get("carOutTime").is_none(),
        "that is for vehicles that go out"
    );
    platform.expire_tokens();
    gate.passage("lane-1", "冀A12346D", NEW).await;
    until(worker.status(), |s| s.acknowledged == 2).await;
    assert_eq!(platform.counts().logins, 2);
    worker.stop().await;
}

#[tokio::test]
async fn an_exit_repeats_the_number_that_the_platform_gave_its_entry() {
    let platform = serve(Options::of(Dialect::Bearer)).await.unwrap();
    let gate = Gate::new("regulator");
    let minutes = |n: u64| Duration::from_secs(60 * n);
    gate.leaves("云A11111", minutes(9)).await;
    gate.passage("lane-1", "云A12345", minutes(8)).await;
    gate.passage("lane-1", "云A54321", minutes(7)).await;
    let worker = work(&gate, bearer(&platform), shipped("bearer-english"));
    until(worker.status(), |s| s.acknowledged == 3).await;
    gate.leaves("云A12345", minutes(1)).await;
    // It came twice with nobody seeing it leave: the last time counts. And it leaves only once.
    gate.leaves("云A12345", NEW).await;
    until(worker.status(), |s| s.acknowledged == 5).await;
    let arrived = platform.received();
    let of = |n: usize| arrived[n].items["throughId"].clone();
    assert_eq!(arrived[1].summary.plate.as_deref(), Some("云A12345"));
    assert_eq!(of(0), Value::Null, "its entry was not seen");
    assert_eq!(of(1), Value::Null, "an entry has none");
    assert_eq!(of(3), json!(arrived[1].serial), "as the platform called it");
    assert_eq!(of(4), Value::Null, "an exit after an exit has no entry");
    worker.stop().await;
}

#[tokio::test]
async fn heartbeats_tell_how_gates_and_cameras_are_and_unknown_stays_unknown() {
    let states = || {
        let gate = |barrier: &str, barrier_works, cameras_work| sync::GateState {
            entrance: "A".to_owned(),
            barrier: barrier.to_owned(),
            barrier_works,
            cameras_work,
        };
        vec![gate("01", Some(true), Some(false)), gate("02", None, None)]
    };
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    let settings = yunnan(&platform.base_url());
    let pace = settings.pace.clone();
    let sink = Platform::new(settings, shipped("yunnan"), gate.ledger.clone()).unwrap();
    let worker = spawn(
        sink.telling(std::sync::Arc::new(states)),
        gate.ledger.clone(),
        pace,
    );
    until(worker.status(), |s| s.last_heartbeat_at.is_some()).await;
    assert_eq!(
        platform.last_heartbeat().unwrap()["gates"],
        json!([
            {"gateCode": "01", "gateStatus": "working", "cameraStatus": "offline"},
            {"gateCode": "02", "gateStatus": null, "cameraStatus": null},
        ])
    );
    worker.stop().await;

    // A platform that wants a request for each gate, with codes of its own.
    let platform = serve(Options::of(Dialect::Henan)).await.unwrap();
    let text = std::fs::read_to_string("../../config/regulators/henan-transport-control.toml");
    let codes = "\n[heartbeat.gates.fields]\ngateCodeB = \"gateCode\"\n\
                 gateStatus = { item = \"gateStatus\", codes = \"gate_status\" }\n\
                 [codes.gate_status]\nworking = \"7\"\n";
    let table = (text.unwrap() + codes).parse().unwrap();
    let adapter = Adapter::from_table(table).unwrap();
    let settings = henan(&platform);
    let pace = settings.pace.clone();
    let sink = Platform::new(settings, adapter, gate.ledger.clone()).unwrap();
    let worker = spawn(
        sink.telling(std::sync::Arc::new(states)),
        gate.ledger.clone(),
        pace,
    );
    until(worker.status(), |s| s.last_heartbeat_at.is_some()).await;
    assert!(platform.counts().heartbeats >= 2, "a request a gate");
    let last = platform.last_heartbeat().unwrap();
    assert_eq!(last["gateCodeB"], "02");
    assert_eq!(
        last["gateStatus"],
        Value::Null,
        "no code for what is unknown"
    );
    worker.stop().await;
}

#[tokio::test]
async fn a_correction_goes_to_yunnan_as_a_higher_revision_of_the_same_row() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    let mut settings = yunnan(&platform.base_url());
    settings.paths.remove("passage_end");
    let worker = work(&gate, settings, shipped("yunnan"));
    let id = gate.decided_without_body("云A8O000D").await;
    until(worker.status(), |s| s.acknowledged == 1).await;
    // The answer to the correction is lost once: its repeat must not become a third revision.
    platform.set_faults(Faults {
        answer: FaultAnswer::DropAfterKeeping,
        endpoint: Some(Endpoint::Passage),
        times: Some(1),
        ..Faults::default()
    });
    gate.finish_with_body(id, Some("云A80000D")).await;
    until(worker.status(), |s| s.acknowledged == 2).await;
    let arrived = platform.received();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].items["plateNo"], "云A80000D");
    assert_eq!(arrived[0].items["revision"], 1);
    assert_eq!(arrived[0].items["outcome"], "passed");
    assert_eq!(arrived[0].earlier[0]["plateNo"], "云A8O000D");
    assert_eq!(arrived[0].photos.len(), 2);
    assert_eq!(platform.counts().corrections, 1);
    worker.stop().await;
}

fn record(register: Register, identity: &str, values: Value) -> NewRevision {
    let Value::Object(values) = values else {
        panic!("an object")
    };
    NewRevision {
        key: RecordKey::random(),
        register,
        base: 0,
        identity: identity.to_owned(),
        values,
        state: RecordState::Approved,
        at: Timestamp::now(),
        who: "李工".to_owned(),
        why: "登记".to_owned(),
        files: Vec::new(),
    }
}

#[tokio::test]
async fn registers_reach_yunnan_and_the_vehicle_fills_the_ledgers_items() {
    let platform = serve(Options::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("camera"), "hunter2\n").unwrap();
    let settings = PlatformSettings {
        secrets_folder: Some(folder.path().to_owned()),
        ..yunnan(&platform.base_url())
    };
    let takes = settings.takes(&shipped("yunnan"));
    let expected = [Register::Camera, Register::Enterprise];
    assert_eq!(
        takes.registers, expected,
        "only those whose address is known"
    );
    let gate = Gate::taking("regulator", takes);
    let vehicle = json!({"plateNo": "云A12345D", "plateColor": "yellow_green", "vin": "LZZ1CLSB1KA000001",
        "fuelType": "C", "emissionStandard": "D", "registerDate": "2024-05-06", "networkStatus": "1"});
    let camera = json!({"cameraCode": "C1", "ip": "10.0.0.8", "port": 554, "userName": "look",
        "passwordFile": "camera", "direction": "in"});
    let rows = [
        record(Register::Vehicle, "云A12345D|yellow_green", vehicle),
        record(
            Register::Enterprise,
            "E1",
            json!({"enterpriseCode": "E1", "gateCount": 2}),
        ),
        record(Register::Camera, "C1", camera),
    ];
    gate.ledger
        .write(move |w| w.write_records(&rows))
        .await
        .unwrap();
    gate.passage("lane-1", "云A12345D", NEW).await;
    let worker = work(&gate, settings, shipped("yunnan"));
    until(worker.status(), |s| s.acknowledged == 3).await;
    let records = platform.records();
    let of = |register: &str| records.iter().find(|r| r.register == register).unwrap();
    assert_eq!(of("enterprise").items["gateCount"], 2);
    assert_eq!(of("cameraInfo").items["password"], "hunter2");
    assert_eq!(of("cameraInfo").items["direction"], "1");
    let passage = &platform.received()[0];
    assert_eq!(passage.items["vin"], "LZZ1CLSB1KA000001");
    assert_eq!(passage.items["registerDate"], "2024-05-06");
    assert_eq!(passage.items["emissionStandard"], "D");
    assert_eq!(passage.items["engineNo"], Value::Null);
    assert_eq!(passage.missing.len(), 11);
    worker.stop().await;
}

fn over_limit(released: bool) -> Value {
    json!({"plateNo": "云A00001", "plateColor": "1", "exceedReason": "尾气超标", "released": released,
        "issuedAt": "2026-05-01 08:00:00"})
}

#[tokio::test]
async fn what_a_person_says_of_a_vehicle_over_the_limit_is_told_to_the_platform_once() {
    let platform = serve(Options::default()).await.unwrap();
    platform.publish(Endpoint::ExceedVehicle, vec![over_limit(false)]);
    let mut adapter = shipped("yunnan");
    adapter.downlink.over_limit.as_mut().unwrap().every = Duration::from_millis(30);
    let mut settings = yunnan(&platform.base_url());
    settings
        .paths
        .insert("downlink.review".to_owned(), "exceedConfirm".to_owned());
    // A platform that has fields for evidence.
    let fields = &mut adapter.downlink.review.as_mut().unwrap().fields;
    for (name, item) in [("proof", "evidence"), ("proofHash", "evidenceHash")] {
        let mut field = fields["vin"].clone();
        field.item = item.to_owned();
        fields.insert(name.to_owned(), field);
    }
    let gate = Gate::new("regulator");
    platform.set_faults(Faults {
        answer: FaultAnswer::HttpStatus { status: 500 },
        endpoint: Some(Endpoint::ExceedConfirm),
        times: Some(1),
        ..Faults::default()
    });
    let worker = work(&gate, settings, adapter);
    let listed = async || {
        gate.ledger
            .read(|r| r.downlinks("over_limit"))
            .await
            .unwrap()
    };
    until(worker.status(), |s| s.last_fetch_at.is_some()).await;
    let entry = listed().await.remove(0).id;
    for answer in [ReviewAnswer::Confirmed, ReviewAnswer::Contested] {
        let review = ledger::NewReview {
            downlink: entry,
            answer,
            who: "li".to_owned(),
            why: "已复检合格".to_owned(),
            evidence: (answer == ReviewAnswer::Contested).then(|| ledger::NewFile {
                item: "evidence".to_owned(),
                bytes: b"%PDF-1.7 x".to_vec(),
            }),
            at: jiff::Timestamp::now(),
        };
        let kept = gate.ledger.write(move |w| w.review_downlink(&review)).await;
        kept.unwrap();
    }
    common::eventually("both told", || platform.confirmations().len() >= 2).await;
    let seen = worker.status().borrow().last_fetch_at;
    until(worker.status(), |s| s.last_fetch_at > seen).await;
    worker.stop().await;
    let told = platform.confirmations();
    let ids: Vec<_> = told.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(
        ids,
        ["云A00001 1", "云A00001 0"],
        "once each, the first after a failure"
    );
    assert_eq!(told[1].1["remark"], "已复检合格");
    let proof = told[1].1["proof"].as_str().unwrap();
    assert!(proof.ends_with("JVBERi0xLjcgeA=="), "{proof}");
    assert_eq!(told[1].1["proofHash"].as_str().unwrap().len(), 64);
    assert_eq!(told[0].1["proof"], serde_json::Value::Null, "there is none");
}

#[tokio::test]
async fn what_the_platform_sends_down_is_kept_and_each_strategy_confirmed_once() {
    let platform = serve(Options::default()).await.unwrap();
    let strategy = |id: &str| json!({"strategyId": id, "responseLevel": "2", "measures": "禁行国四及以下 {raise}"});
    platform.publish(Endpoint::BasStrategy, vec![strategy("s1"), strategy("s2")]);
    platform.publish(Endpoint::ExceedVehicle, vec![over_limit(false)]);
    let fast = || {
        let mut adapter = shipped("yunnan");
        for list in [
            &mut adapter.downlink.over_limit,
            &mut adapter.downlink.strategy,
        ] {
            list.as_mut().unwrap().every = Duration::from_millis(30);
        }
        adapter
    };
    let gate = Gate::new("regulator");
    // The first confirmation is cut off: it is sent again, and then never more.
    platform.set_faults(Faults {
        answer: FaultAnswer::HttpStatus { status: 500 },
        endpoint: Some(Endpoint::StrategyConfirm),
        times: Some(1),
        ..Faults::default()
    });
    let worker = work(&gate, yunnan(&platform.base_url()), fast());
    let kept = async |gate: &Gate, kind: &'static str| {
        gate.ledger.read(move |r| r.downlinks(kind)).await.unwrap()
    };
    let confirmed = || {
        platform
            .confirmations()
            .iter()
            .map(|(id, _)| id.clone())
            .collect::<Vec<_>>()
    };
    common::eventually("both confirmed", || confirmed().len() >= 2).await;
    platform.publish(
        Endpoint::ExceedVehicle,
        vec![over_limit(false), over_limit(true)],
    );
    let seen = worker.status().borrow().last_fetch_at;
    until(worker.status(), |s| s.last_fetch_at > seen).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    worker.stop().await;

    let gate = Gate::at(gate.close(), "regulator", Takes::default());
    let worker = work(&gate, yunnan(&platform.base_url()), fast());
    platform.publish(
        Endpoint::BasStrategy,
        vec![strategy("s1"), strategy("s2"), strategy("s3")],
    );
    common::eventually("the new one too", || confirmed().len() >= 3).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(confirmed(), ["s1", "s2", "s3"], "once each, over a restart");
    let strategies = kept(&gate, "strategy").await;
    assert_eq!(strategies.len(), 3);
    assert_eq!(
        strategies[0].parsed["measures"], "禁行国四及以下 {raise}",
        "word for word"
    );
    assert_eq!(strategies[0].parsed["responseLevel"], "II");
    let vehicles = kept(&gate, "over_limit").await;
    assert_eq!(
        vehicles.len(),
        2,
        "listed, then released, and nothing twice"
    );
    assert_eq!(vehicles[0].parsed["plateColor"], "yellow");
    assert_eq!(vehicles[1].raw["released"], true);
    assert_eq!(vehicles[1].parsed["released"], true);
    assert_eq!(vehicles[1].raw["issuedAt"], "2026-05-01 08:00:00");
    assert_eq!(vehicles[1].parsed["issuedAt"], "2026-05-01T00:00:00Z");
    worker.stop().await;
}

#[tokio::test]
async fn several_platforms_each_have_a_queue_of_their_own() {
    let up = serve(Options::default()).await.unwrap();
    let away = serve(Options::of(Dialect::Henan)).await.unwrap();
    let sink = |name: &str| ledger::OutboxSink {
        name: name.to_owned(),
        wait: NEW,
        takes: Takes::default(),
    };
    let gate = Gate::with_sinks(vec![sink("yunnan"), sink("henan")]);
    let (address, henan_settings) = (away.addr, henan(&away));
    away.stop().await;
    gate.passage("lane-1", "云A12345D", NEW).await;
    let settings = PlatformSettings {
        name: "yunnan".into(),
        ..yunnan(&up.base_url())
    };
    let one = work(&gate, settings, shipped("yunnan"));
    let settings = PlatformSettings {
        name: "henan".into(),
        ..henan_settings
    };
    let other = work(&gate, settings, shipped("henan-transport-control"));
    until(one.status(), |s| s.acknowledged == 1).await;
    assert_eq!(gate.counters("henan").await.waiting, 1);
    let away = serve(Options {
        listen: address,
        ..Options::of(Dialect::Henan)
    })
    .await
    .unwrap();
    until(other.status(), |s| s.acknowledged == 1).await;
    assert_eq!((up.counts().passages, away.counts().passages), (1, 1));
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn already_there_acknowledges_only_what_was_sent_first() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    let pause = Duration::from_millis(500);
    let mut settings = yunnan(&platform.base_url());
    settings.pace.first_pause = pause;
    settings.pace.longest_pause = pause;
    let id = gate.decided_without_body("云A12345D").await;
    platform.set_faults(Faults {
        answer: FaultAnswer::DropAfterKeeping,
        endpoint: Some(Endpoint::Passage),
        times: Some(1),
        ..Faults::default()
    });
    let worker = work(&gate, settings, shipped("yunnan"));
    until(worker.status(), |s| s.last_error.is_some()).await;
    // It ends while the first answer is lost: the repeat would say more than what is there.
    gate.finish_with_body(id, None).await;
    until(worker.status(), |s| s.acknowledged == 2).await;
    let arrived = platform.received();
    assert_eq!(
        arrived[0].items["outcome"],
        Value::Null,
        "what was sent first stays"
    );
    assert_eq!(arrived[0].end.as_ref().unwrap()["outcome"], "passed");
    assert_eq!(arrived[0].photos.len(), 2, "and what is new followed");
    let (_, words) = gate.answers().await.remove(0);
    assert!(words.contains("what is new follows"), "{words}");
    worker.stop().await;
}

#[tokio::test]
async fn a_number_that_somebody_else_has_used_is_a_persons_task() {
    let platform = serve(Options::of(Dialect::Henan)).await.unwrap();
    let into_second = u64::try_from(Timestamp::now().subsec_millisecond()).unwrap();
    tokio::time::sleep(Duration::from_millis(1000 - into_second)).await;
    let (one, other) = (Gate::new("regulator"), Gate::new("regulator"));
    one.passage("lane-1", "豫A00001", NEW).await;
    other.passage("lane-1", "豫A00002", NEW).await;
    let adapter = || shipped("henan-transport-control");
    let worker = work(&one, henan(&platform), adapter());
    until(worker.status(), |s| s.acknowledged == 1).await;
    worker.stop().await;
    let worker = work(&other, henan(&platform), adapter());
    until(worker.status(), |s| s.refused == 1).await;
    let (_, words) = other.answers().await.remove(0);
    assert!(
        words.contains("another record under this number"),
        "{words}"
    );
    assert_eq!(
        platform.received()[0].summary.plate.as_deref(),
        Some("豫A00001")
    );
    worker.stop().await;
}

#[tokio::test]
async fn a_platforms_limits_are_kept() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    for n in 0..20 {
        gate.passage("lane-1", &format!("云A{n:05}"), NEW).await;
    }
    let mut adapter = shipped("yunnan");
    adapter.limits.requests_per_second = Some(10.0);
    let began = std::time::Instant::now();
    let worker = work(&gate, yunnan(&platform.base_url()), adapter);
    until(worker.status(), |s| s.acknowledged == 20).await;
    // Ten at once, then ten a second, with log-in, heartbeat and lists among them.
    assert!(
        began.elapsed() > Duration::from_millis(1100),
        "{:?}",
        began.elapsed()
    );
    worker.stop().await;

    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A00001", NEW).await;
    let mut adapter = shipped("yunnan");
    adapter.limits.body_bytes = Some(400);
    let worker = work(&gate, yunnan(&platform.base_url()), adapter);
    until(worker.status(), |s| s.refused == 1).await;
    let (_, words) = gate.answers().await.remove(0);
    assert!(words.contains("the platform takes 400"), "{words}");
    worker.stop().await;
}

//! Delivery to a platform that is slow, wrong, rude, away and back.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use common::{Gate, brisk, shipped, until, yunnan};
use simulator::{Endpoint, FaultAnswer, Faults, Options, RunningSimulator, serve};
use sync::{FailureKind, Pace, Platform, PlatformSettings, Secret, WorkerHandle, spawn};

const NEW: Duration = Duration::ZERO;
const OLD: Duration = Duration::from_secs(3600);

fn work(gate: &Gate, settings: PlatformSettings) -> WorkerHandle {
    let pace = settings.pace.clone();
    let sink = Platform::new(settings, shipped("yunnan"), gate.ledger.clone()).unwrap();
    spawn(sink, gate.ledger.clone(), pace)
}

fn serials(platform: &RunningSimulator) -> Vec<String> {
    platform.received().into_iter().map(|a| a.serial).collect()
}

fn only(answer: FaultAnswer, times: u32) -> Faults {
    let endpoint = Some(Endpoint::Passage);
    Faults {
        answer,
        endpoint,
        times: Some(times),
        ..Faults::default()
    }
}

#[tokio::test]
async fn a_passage_arrives_with_what_we_know_and_nothing_else() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    let key = gate.passage("lane-1", "云A12345D", NEW).await;
    let worker = work(&gate, yunnan(&platform.base_url()));
    let status = until(worker.status(), |s| s.acknowledged == 1).await;
    assert!(status.online && status.waiting == 0 && status.last_error.is_none());

    let arrived = &platform.received()[0];
    let item = |key: &str| arrived.items[key].clone();
    assert_eq!(arrived.serial, key.to_string());
    assert_eq!(
        (item("plateNo"), item("plateColor")),
        ("云A12345D".into(), "6".into())
    );
    assert_eq!(
        (item("inOut"), item("entranceCode")),
        ("1".into(), "A".into())
    );
    assert_eq!(item("passTime").as_str().unwrap().len(), 19);
    assert_eq!(arrived.photos.len(), 2);
    for unknown in [
        "vin",
        "fuelType",
        "emissionStandard",
        "networkStatus",
        "useCharacter",
    ] {
        assert!(
            arrived
                .items
                .get(unknown)
                .is_some_and(serde_json::Value::is_null),
            "{unknown}"
        );
    }
    assert_eq!(arrived.missing.len(), 16);
    until(worker.status(), |s| s.last_heartbeat_at.is_some()).await;
    assert!(platform.last_heartbeat().unwrap()["pendingCount"].is_u64());
    worker.stop().await;
    platform.stop().await;
    gate.close();
}

#[tokio::test]
async fn what_was_generated_while_the_platform_was_away_arrives_exactly_once() {
    let folder = tempfile::tempdir().unwrap();
    let first = serve(Options::default()).await.unwrap();
    let (addr, base_url) = (first.addr, first.base_url());
    first.stop().await;

    let gate = Gate::new("regulator");
    let worker = work(&gate, yunnan(&base_url));
    let mut sent = Vec::new();
    for n in 0..40 {
        let lane = format!("lane-{}", n % 2);
        let age = OLD - Duration::from_secs(n);
        sent.push(
            gate.passage(&lane, &format!("云A{n:05}"), age)
                .await
                .to_string(),
        );
    }
    let away = until(worker.status(), |s| {
        s.generated == 40 && s.offline_since.is_some()
    })
    .await;
    assert_eq!((away.acknowledged, away.waiting), (0, 40));
    assert_eq!(away.last_error.unwrap().kind, FailureKind::Unreachable);

    let folder = Some(folder.path().to_owned());
    let platform = serve(Options {
        listen: addr,
        folder,
        ..Options::default()
    })
    .await
    .unwrap();
    let back = until(worker.status(), |s| s.acknowledged == 40).await;
    assert_eq!((back.waiting, back.refused, back.online), (0, 0, true));
    assert_eq!(
        serials(&platform),
        sent,
        "once each, and in the order of commit"
    );
    assert_eq!(platform.counts().repeats, 0);
    worker.stop().await;
}

#[tokio::test]
async fn a_live_row_overtakes_the_backlog_which_drains_at_its_rate() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    for n in 0..30 {
        gate.passage("lane-1", &format!("云A{n:05}"), OLD).await;
    }
    let pace = Pace {
        backlog_per_second: 10.0,
        ..brisk()
    };
    let began = Instant::now();
    let worker = work(
        &gate,
        PlatformSettings {
            pace,
            ..yunnan(&platform.base_url())
        },
    );
    until(worker.status(), |s| s.acknowledged >= 12).await;
    let live = gate.passage("lane-1", "云A88888", NEW).await.to_string();
    until(worker.status(), |s| s.acknowledged == 31).await;
    let seconds = began.elapsed().as_secs_f64();
    let arrived = serials(&platform);
    let place = arrived.iter().position(|s| *s == live).unwrap();
    assert!(
        (12..25).contains(&place),
        "the live row came as number {place}"
    );
    // A burst of 10, then 20 more at 10 a second.
    assert!(seconds > 1.9, "{seconds}");
    worker.stop().await;
}

#[tokio::test]
async fn an_error_in_a_body_with_http_200_is_no_acknowledgement() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A12345", NEW).await;
    platform.set_faults(Faults {
        endpoint: Some(Endpoint::Passage),
        answer: FaultAnswer::ErrorBody {
            code: "500".to_owned(),
            msg: "系统繁忙".to_owned(),
        },
        ..Faults::default()
    });
    let worker = work(&gate, yunnan(&platform.base_url()));
    let failing = until(worker.status(), |s| {
        s.last_error.is_some() && s.generated == 1
    })
    .await;
    assert_eq!((failing.acknowledged, failing.refused), (0, 0));
    let error = failing.last_error.unwrap();
    assert_eq!(error.kind, FailureKind::Answer);
    assert!(error.words.contains("系统繁忙"), "{}", error.words);
    platform.set_faults(Faults::default());
    until(worker.status(), |s| s.acknowledged == 1).await;
    assert_eq!(platform.received().len(), 1);
    worker.stop().await;
}

#[tokio::test]
async fn a_refused_row_is_parked_with_the_platforms_words_and_the_others_go_on() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    for plate in ["云A00001", "云A00002", "云A00003"] {
        gate.passage("lane-1", plate, NEW).await;
    }
    let plate = Some("云A00002".to_owned());
    platform.set_faults(Faults {
        answer: FaultAnswer::RefuseData,
        plate,
        ..Faults::default()
    });
    let worker = work(&gate, yunnan(&platform.base_url()));
    let status = until(worker.status(), |s| s.acknowledged == 2 && s.refused == 1).await;
    assert_eq!((status.waiting, status.online), (0, true));
    let parked = gate.ledger.read(|reader| reader.recent(10)).await.unwrap();
    let parked = parked
        .iter()
        .find(|p| p.reading.plate == "云A00002")
        .unwrap();
    assert!(
        parked.deliveries[0]
            .answer
            .as_ref()
            .unwrap()
            .contains("数据不合格")
    );
    worker.stop().await;
}

#[tokio::test]
async fn an_odd_row_steps_aside_and_is_still_tried() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    for plate in ["云A00001", "云A00002", "云A00003"] {
        gate.passage("lane-1", plate, NEW).await;
    }
    platform.set_faults(Faults {
        answer: FaultAnswer::HttpStatus { status: 500 },
        plate: Some("云A00001".to_owned()),
        ..Faults::default()
    });
    let worker = work(&gate, yunnan(&platform.base_url()));
    let status = until(worker.status(), |s| s.acknowledged == 2 && s.stuck == 1).await;
    assert_eq!((status.waiting, status.refused), (1, 0));
    platform.set_faults(Faults::default());
    until(worker.status(), |s| s.acknowledged == 3 && s.stuck == 0).await;
    worker.stop().await;
}

#[tokio::test]
async fn an_expired_token_costs_one_log_in_and_no_row() {
    for token_error_as_http_status in [false, true] {
        let options = Options {
            token_error_as_http_status,
            ..Options::default()
        };
        let platform = serve(options).await.unwrap();
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A00001", NEW).await;
        let worker = work(&gate, yunnan(&platform.base_url()));
        until(worker.status(), |s| s.acknowledged == 1).await;
        platform.expire_tokens();
        gate.passage("lane-1", "云A00002", NEW).await;
        let status = until(worker.status(), |s| s.acknowledged == 2).await;
        assert_eq!(status.last_error, None);
        assert_eq!(platform.counts().logins, 2);
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_without_the_secret() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A00001", NEW).await;
    let settings = yunnan(&platform.base_url());
    let settings = PlatformSettings {
        secret: Secret::new("hunter2"),
        ..settings
    };
    assert!(!format!("{settings:?}").contains("hunter2"));
    let worker = work(&gate, settings);
    let status = until(worker.status(), |s| s.last_error.is_some()).await;
    let error = status.last_error.unwrap();
    assert_eq!(error.kind, FailureKind::LogIn);
    assert!(
        error.words.contains("menjin") && !error.words.contains("hunter2"),
        "{}",
        error.words
    );
    worker.stop().await;
    assert_eq!(gate.counters("regulator").await.waiting, 1);
}

#[tokio::test]
async fn a_row_whose_answer_was_lost_is_acknowledged_by_already_there() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A00001", NEW).await;
    platform.set_faults(only(FaultAnswer::DropAfterKeeping, 1));
    let worker = work(&gate, yunnan(&platform.base_url()));
    until(worker.status(), |s| s.acknowledged == 1).await;
    let counts = platform.counts();
    assert_eq!(
        (counts.passages, counts.repeats, counts.conflicts),
        (1, 1, 0)
    );
    worker.stop().await;
}

#[tokio::test]
async fn a_slow_platform_times_out_and_gets_the_row_again() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A00001", NEW).await;
    platform.set_faults(Faults {
        delay_answer_ms: 30_000,
        endpoint: Some(Endpoint::Passage),
        times: Some(1),
        ..Faults::default()
    });
    let timeout = Duration::from_millis(300);
    let worker = work(
        &gate,
        PlatformSettings {
            timeout,
            ..yunnan(&platform.base_url())
        },
    );
    let status = until(worker.status(), |s| s.acknowledged == 1).await;
    assert_eq!(status.last_error.unwrap().kind, FailureKind::Timeout);
    assert_eq!(platform.received().len(), 1);
    worker.stop().await;
}

#[tokio::test]
async fn hostile_answers_are_neither_believed_nor_fatal() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    let worker = work(&gate, yunnan(&platform.base_url()));
    let answers = [
        FaultAnswer::HugeBody { bytes: 10_000_000 },
        FaultAnswer::NotJson,
        FaultAnswer::WrongContentType,
        FaultAnswer::DropBeforeKeeping,
        FaultAnswer::HttpStatus { status: 204 },
        FaultAnswer::HttpStatus { status: 302 },
        FaultAnswer::HttpStatus { status: 401 },
        FaultAnswer::HttpStatus { status: 429 },
        FaultAnswer::HttpStatus { status: 503 },
    ];
    for (n, answer) in (1..).zip(answers) {
        // A 401 is answered by one new log-in, so it takes two of them to fail a delivery.
        let times = if answer == (FaultAnswer::HttpStatus { status: 401 }) {
            2
        } else {
            1
        };
        platform.set_faults(only(answer.clone(), times));
        let before = worker.status().borrow().last_error.clone();
        gate.passage("lane-1", &format!("云A{n:05}"), NEW).await;
        let status = until(worker.status(), |s| s.acknowledged == n).await;
        assert_ne!(
            status.last_error, before,
            "{answer:?} must be seen as a failure"
        );
        let words = status.last_error.unwrap().words;
        assert!(words.chars().count() < 320, "{words}");
    }
    assert_eq!(platform.received().len(), answers_len());
    worker.stop().await;
}

const fn answers_len() -> usize {
    9
}

#[tokio::test]
async fn a_passage_sent_before_its_end_is_completed_later() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    let worker = work(&gate, yunnan(&platform.base_url()));
    let id = gate.decided("lane-1", "云A00001", NEW).await;
    until(worker.status(), |s| s.acknowledged == 1).await;
    gate.finish(id).await;
    let status = until(worker.status(), |s| s.acknowledged == 2).await;
    assert_eq!(status.generated, 2);
    assert_eq!(
        platform.received()[0].end.as_ref().unwrap()["outcome"],
        "passed"
    );
    worker.stop().await;
}

#[tokio::test]
async fn stopping_ends_the_request_under_way_and_leaves_the_rest() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    for n in 0..5 {
        gate.passage("lane-1", &format!("云A{n:05}"), NEW).await;
    }
    let endpoint = Some(Endpoint::Passage);
    platform.set_faults(Faults {
        delay_ms: 200,
        endpoint,
        ..Faults::default()
    });
    let worker = work(&gate, yunnan(&platform.base_url()));
    until(worker.status(), |s| {
        s.generated == 5 || s.last_success_at.is_some()
    })
    .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    worker.stop().await;
    assert!(began.elapsed() < Duration::from_secs(2));
    let counters = gate.counters("regulator").await;
    assert_eq!(counters.acknowledged, platform.received().len() as u64);
    assert_eq!(counters.waiting + counters.acknowledged, 5);
    assert!(counters.waiting >= 2);

    let next = work(&gate, yunnan(&platform.base_url()));
    until(next.status(), |s| s.acknowledged == 5).await;
    let arrived = serials(&platform);
    assert_eq!(arrived.iter().collect::<BTreeSet<_>>().len(), arrived.len());
    next.stop().await;
    gate.close();
}

#[tokio::test]
async fn settings_that_cannot_work_are_all_named_at_once() {
    let settings = PlatformSettings {
        base_url: "http://me:secret@platform/".to_owned(),
        time_zone: "Mars/Olympus".to_owned(),
        ca_file: Some("nowhere/ca.pem".into()),
        paths: [("pasage".to_owned(), "x".to_owned())].into(),
        ..PlatformSettings::default()
    };
    let gate = Gate::new("regulator");
    let made = Platform::new(settings, shipped("yunnan"), gate.ledger.clone());
    let problems = made.err().expect("full of mistakes");
    let keys: Vec<&str> = problems.iter().map(|p| p.key.as_str()).collect();
    let expected = [
        "base_url",
        "time_zone",
        "paths.passage",
        "paths.pasage",
        "ca_file",
    ];
    assert_eq!(keys, expected);
}

//! An arm that somebody raises past the program, with a real ledger.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use alarm::CauseKind;
use gate::{Input, InputEvent};
use jiff::{SignedDuration, Timestamp};
use ledger::{AlarmFilter, Handle, Options, Writer};
use passage::LiftWay;
use sentry::{AlarmSettings, SentryParts, keep_watch};
use status::Status;
use tokio::sync::broadcast;

fn settings() -> AlarmSettings {
    AlarmSettings {
        overstay: None,
        stays: Vec::new(),
        close: SignedDuration::from_secs(10),
        lift_window: SignedDuration::from_secs(60),
        at_lane: Vec::new(),
        clock_step: SignedDuration::from_secs(2),
        lists_stale_after: SignedDuration::from_hours(24),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_arm_raised_by_a_key_is_a_lift_and_an_alarm_that_asks_for_a_reason() {
    let data = tempfile::tempdir().unwrap();
    let writer = Writer::open(data.path(), Options::default()).unwrap();
    let (ledger, _thread) = Handle::start(writer).unwrap();
    let (inputs, heard) = broadcast::channel(8);
    let parts = SentryParts {
        status: Arc::<Status>::default(),
        ledger: ledger.clone(),
        settings: settings(),
        lists: Vec::new(),
    };
    let watch = tokio::spawn(keep_watch(parts, heard));
    let event = |since_raise| InputEvent {
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        input: Input::ArmUp,
        level: Some(true),
        before: Some(false),
        at: Timestamp::now(),
        since_raise,
    };
    inputs.send(event(Some(Duration::from_secs(2)))).unwrap();
    inputs.send(event(None)).unwrap();
    let manual = || async {
        let all = ledger
            .read(|reader| reader.alarms(&AlarmFilter::default(), 9))
            .await;
        let mut all = all.unwrap();
        all.retain(|alarm| alarm.cause.kind == CauseKind::ManualLift);
        all
    };
    for _ in 0..200 {
        if !manual().await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let lifts = ledger
        .read(|reader| reader.lifts(Timestamp::UNIX_EPOCH, 9))
        .await;
    let lifts = lifts.unwrap();
    assert_eq!(lifts.len(), 1, "the one by our order is none");
    assert_eq!(lifts[0].lift.way, LiftWay::Unknown);
    let alarms = manual().await;
    assert_eq!(alarms.len(), 1);
    assert!(alarms[0].seen().is_none(), "nobody has said why");
    watch.abort();
}

//! Alarms on the page: listed, told at once, and seen by a person with a reason.

use alarm::{AlarmId, Cause, CauseKind};
use jiff::Timestamp;
use ledger::Writer;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Gate, refused};

async fn raise(gate: &Gate, kind: CauseKind, subject: &str) -> AlarmId {
    let cause = Cause::of(kind, subject);
    let raise = move |writer: &mut Writer| writer.raise_alarm(&cause, false, Timestamp::now());
    let raised: ledger::Result<_> = gate.ledger.write(raise).await;
    raised.unwrap().0
}

fn ids(page: &Value) -> Vec<i64> {
    let alarms = page["alarms"].as_array().unwrap().iter();
    alarms.map(|alarm| alarm["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_guard_sees_an_alarm_with_its_reason_and_an_inspector_only_looks() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let lasts = raise(&gate, CauseKind::CameraDark, "north-in").await;
    let once = raise(&gate, CauseKind::DeniedPassed, "1").await;
    let open = inspector.json("/api/alarms?open=true").await;
    assert_eq!(ids(&open), [once.0, lasts.0]);
    assert_eq!(open["alarms"][1]["kind"], "camera_dark");
    let what = open["alarms"][1]["what"]["zh"].as_str().unwrap();
    assert!(what.contains("north-in"), "{what}");

    let path = format!("/api/alarms/{once}/seen");
    let why = json!({"why": "已拦下"});
    let not_allowed = refused(inspector.post(&path, &why).await).await;
    assert_eq!(not_allowed.0, 403);
    let nothing = refused(guard.post(&path, &json!({"why": " "})).await).await;
    assert_eq!(nothing, (400, "invalid".to_owned()));
    let seen = guard.post(&path, &why).await;
    assert_eq!(seen.status(), StatusCode::OK);
    let seen: Value = seen.json().await.unwrap();
    assert_eq!(seen["seen"]["who"], "guard");
    assert!(seen["cleared_at"].is_string(), "what happened once is over");
    let twice = refused(guard.post(&path, &why).await).await;
    assert_eq!(twice, (409, "conflict".to_owned()));
    let unknown = refused(guard.post("/api/alarms/99/seen", &why).await).await;
    assert_eq!(unknown.0, 404);

    let path = format!("/api/alarms/{lasts}/seen");
    let seen: Value = guard.post(&path, &why).await.json().await.unwrap();
    assert_eq!(seen["cleared_at"], Value::Null, "it is still dark");
    assert_eq!(ids(&guard.json("/api/alarms?open=true").await), [lasts.0]);
    assert_eq!(ids(&guard.json("/api/alarms").await), [once.0, lasts.0]);
}

#[tokio::test]
async fn older_alarms_come_page_by_page() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    for n in 0..101 {
        raise(&gate, CauseKind::CameraDark, &n.to_string()).await;
    }
    let first = installer.json("/api/alarms").await;
    assert_eq!(ids(&first).len(), 100);
    let next = first["next"].as_i64().unwrap();
    let last = installer.json(&format!("/api/alarms?before={next}")).await;
    assert_eq!((ids(&last), &last["next"]), (vec![1], &Value::Null));
}

#[tokio::test]
async fn a_guard_raises_an_arm_with_a_reason_and_an_inspector_does_not() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let why = json!({"why": "号牌读不出"});
    let path = "/api/lanes/north-in/lift";
    assert_eq!(refused(inspector.post(path, &why).await).await.0, 403);
    let nothing = refused(guard.post(path, &json!({"why": ""})).await).await;
    assert_eq!(nothing, (400, "invalid".to_owned()));
    let nowhere = refused(guard.post("/api/lanes/x/lift", &why).await).await;
    assert_eq!(nowhere.0, 400);
    assert_eq!(gate.raised(), 0, "nothing was ordered so far");
    let lifted = guard.post(path, &why).await;
    assert_eq!(lifted.status(), StatusCode::OK);
    assert_eq!(gate.raised(), 1);
    let lanes = guard.json("/api/lanes").await;
    assert_eq!(lanes["lanes"][0]["liftable"], true);
    let lifts = gate
        .ledger
        .read(|reader| reader.lifts(Timestamp::UNIX_EPOCH, 9))
        .await;
    let lifts = lifts.unwrap();
    assert_eq!(
        (lifts[0].lift.who.as_str(), lifts[0].lift.why.as_str()),
        ("guard", "号牌读不出")
    );
}

#[tokio::test]
async fn a_guard_holds_a_gate_open_for_a_time_and_ends_it() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let (path, end) = ("/api/lanes/north-in/hold", "/api/lanes/north-in/hold/end");
    let asked = json!({"minutes": 30, "why": "车队进厂"});
    assert_eq!(refused(inspector.post(path, &asked).await).await.0, 403);
    for (minutes, why) in [(0, "x"), (1441, "x"), (30, " ")] {
        let wrong = json!({"minutes": minutes, "why": why});
        assert_eq!(refused(guard.post(path, &wrong).await).await.0, 400);
    }
    let why = json!({"why": "车队走完"});
    assert_eq!(refused(guard.post(end, &why).await).await.0, 400);
    assert_eq!(gate.raised(), 0, "nothing was ordered so far");
    assert_eq!(guard.post(path, &asked).await.status(), StatusCode::OK);
    assert_eq!(gate.raised(), 1);
    let held = guard.json("/api/lanes").await["lanes"][0]["hold"].clone();
    assert_eq!(
        (&held["who"], &held["why"]),
        (&json!("guard"), &json!("车队进厂"))
    );
    assert_eq!(guard.post(end, &why).await.status(), StatusCode::OK);
    let lanes = guard.json("/api/lanes").await;
    assert_eq!(lanes["lanes"][0]["hold"], Value::Null);
    assert_eq!(gate.raised(), 1, "an end moves nothing");
}

//! A shift is handed over: the sheet, the word of whoever takes over, and that it can be read again.

use alarm::{Cause, CauseKind};
use jiff::Timestamp;
use ledger::Writer;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Gate, PASSWORD, refused};

#[tokio::test]
async fn a_shift_is_handed_over_with_what_happened_and_the_taker_confirms_with_their_own_password()
{
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    gate.somebody(&installer, "manager").await;
    gate.truck("苏A12345", true).await;
    let unread = gate.truck("", false).await;
    let wrong = gate.truck("苏A1234S", true).await;
    let told = json!({ "plate": "苏A12344", "why": "看照片", "base": 0 });
    let path = format!("/api/passages/{wrong}/corrections");
    assert_eq!(guard.post(&path, &told).await.status(), StatusCode::OK);
    let lift = json!({ "why": "号牌读不出" });
    let lifted = guard.post("/api/lanes/north-in/lift", &lift).await;
    assert_eq!(lifted.status(), StatusCode::OK);

    for cause in [
        Cause::of(CauseKind::CameraDown, "north-in"),
        Cause::of(CauseKind::DeniedPassed, "9").in_lane("north-in"),
    ] {
        let raise = move |writer: &mut Writer| writer.raise_alarm(&cause, false, Timestamp::now());
        let raised: ledger::Result<_> = gate.ledger.write(raise).await;
        raised.unwrap();
    }

    let note = json!({ "kind": "note", "words": "司机要等单子" });
    let noted = guard.post("/api/vehicles/苏A12345/remarks", &note).await;
    assert_eq!(noted.status(), StatusCode::CREATED);
    let gone = json!({ "left": [wrong], "why": "盘点" });
    let counted = guard.post("/api/inside/stocktaking", &gone).await;
    assert!(counted.status().is_success());

    // What is kept in this very millisecond is of the next shift.
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let draft = guard.json("/api/handovers/draft").await;
    assert_eq!(draft["takers"], json!(["installer", "manager"]));
    let sheet = &draft["sheet"];
    assert_eq!(sheet["counts"][0]["lane"], "north-in");
    assert_eq!(sheet["counts"][0]["passages"], 3);
    assert_eq!(sheet["counts"][0]["unread"], 1);
    assert_eq!(sheet["corrections"][0]["after"], "苏A12344");
    assert_eq!(sheet["corrections"][0]["who"], "guard");
    assert_eq!(sheet["lifts"][0]["why"], "号牌读不出");
    assert_eq!(sheet["notes"][0]["words"], "司机要等单子");
    assert_eq!(sheet["visits"][0]["kind"], "left");
    assert_eq!(sheet["visits"][0]["entry"], wrong.0);
    assert_eq!(sheet["tasks"][0]["passage"], unread.0);
    assert_eq!(sheet["outages"].as_array().unwrap().len(), 1, "{sheet}");
    let alarm = &sheet["alarms"][0];
    assert!(alarm["seen_by"].is_null() && alarm["what"]["zh"].is_string());
    assert_eq!(alarm["lane"], "north-in");
    assert_eq!(sheet["is_cut"], false);

    let wrong = json!({ "taker": "manager", "password": "not the password" });
    let answer = guard.post("/api/handovers", &wrong).await;
    assert_eq!(refused(answer).await, (400, "invalid".to_owned()));
    guard.json("/api/tasks").await;
    let right =
        json!({ "taker": "manager", "password": PASSWORD, "remarks": "北门灯坏了\n<b>报修</b>" });
    let kept = guard.post("/api/handovers", &right).await;
    assert_eq!(kept.status(), StatusCode::CREATED);
    let kept: Value = kept.json().await.unwrap();
    assert!(kept["taken_at"].is_string(), "{kept}");
    assert_eq!(kept["remarks"], "北门灯坏了\n<b>报修</b>");
    assert_eq!(
        (&kept["who"], &kept["taker"]),
        (&json!("guard"), &json!("manager"))
    );

    // The next shift begins where this one ended, and what was handed over stays as it was.
    gate.truck("苏A99999", true).await;
    let next = guard.json("/api/handovers/draft").await;
    assert_eq!(next["sheet"]["from"], kept["until"]);
    assert_eq!(next["sheet"]["counts"][0]["passages"], 1);
    let again = guard.json(&format!("/api/handovers/{}", kept["id"])).await;
    assert_eq!(again["sheet"], kept["sheet"]);
}

#[tokio::test]
async fn a_sheet_without_a_password_is_not_confirmed_until_the_taker_has_signed_in_and_done_it() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let manager = gate.somebody(&installer, "manager").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let told = json!({ "taker": "manager" });
    let kept = guard.post("/api/handovers", &told).await;
    let kept: Value = kept.json().await.unwrap();
    assert!(kept["taken_at"].is_null(), "{kept}");
    let path = format!("/api/handovers/{}/receipt", kept["id"]);
    let own = json!({ "password": PASSWORD });
    assert_eq!(
        refused(guard.post(&path, &own).await).await.0,
        400,
        "not theirs"
    );
    let wrong = json!({ "password": "not the password" });
    assert_eq!(refused(manager.post(&path, &wrong).await).await.0, 400);
    let taken = manager.post(&path, &own).await;
    assert_eq!(taken.status(), StatusCode::OK);
    let taken: Value = taken.json().await.unwrap();
    assert!(taken["taken_at"].is_string());
    assert_eq!(refused(manager.post(&path, &own).await).await.0, 409);
    let all = manager.json("/api/handovers").await;
    assert_eq!(all["handovers"][0]["taken_at"], taken["taken_at"]);

    for wrong in [
        json!({ "taker": "guard" }),
        json!({ "taker": " " }),
        json!({ "taker": "x".repeat(10_000) }),
        json!({ "taker": "王\u{7}" }),
        json!({ "taker": "manager", "remarks": "x".repeat(10_000) }),
        json!({ "taker": "manager", "from": "2999-01-01T00:00:00Z" }),
        json!({ "taker": "inspector", "password": PASSWORD }),
    ] {
        let answer = guard.post("/api/handovers", &wrong).await;
        assert_eq!(
            refused(answer).await,
            (400, "invalid".to_owned()),
            "{wrong}"
        );
    }
    for path in ["/api/handovers", "/api/handovers/draft"] {
        assert_eq!(refused(inspector.get(path).await).await.0, 403);
    }
    assert_eq!(refused(guard.get("/api/handovers/99").await).await.0, 404);
}

//! An inspector freezes, draws, looks, marks and takes the pack away.

use std::io::Cursor;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Gate, refused};

async fn drawn(gate: &Gate, browser: &crate::support::Browser) -> Value {
    for n in 0..8 {
        gate.truck(&format!("苏A1234{n}"), true).await;
    }
    let today = Timestamp::now().in_tz("Asia/Shanghai").unwrap().date();
    let from = today.checked_sub(jiff::ToSpan::days(400)).unwrap();
    let told = json!({ "from": from, "until": today });
    let frozen = browser.post("/api/inspections", &told).await;
    assert_eq!(frozen.status(), StatusCode::CREATED);
    let frozen: Value = frozen.json().await.unwrap();
    assert_eq!(frozen["passages"], 8, "{frozen}");
    assert_eq!(frozen["code"].as_str().unwrap().len(), 64);
    assert!(frozen["drawn"].is_null());
    let path = format!("/api/inspections/{}/draw", frozen["id"]);
    let answer = browser
        .post(
            &path,
            &json!({ "seed": "雨天 7", "passages": 5, "days": 3 }),
        )
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
    let again = browser.post(&path, &json!({ "seed": "8" })).await;
    assert_eq!(refused(again).await, (409, "conflict".to_owned()));
    answer.json().await.unwrap()
}

#[tokio::test]
async fn an_inspector_draws_marks_and_takes_a_pack_away_that_proves_itself() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let seen = drawn(&gate, &inspector).await;
    let id = seen["id"].as_i64().unwrap();
    let things = seen["drawn"]["things"].as_array().unwrap();
    let number = things[0]["subject"].as_str().unwrap();
    assert_eq!(
        things
            .iter()
            .filter(|thing| thing["kind"] == "passage")
            .count(),
        5
    );

    let sheet = inspector
        .json(&format!("/api/inspections/{id}/sheets/{number}"))
        .await;
    assert_eq!(sheet["items"].as_array().unwrap().len(), 24);
    assert_eq!(sheet["changed"], 0);
    assert!(
        sheet["photos"]
            .as_array()
            .unwrap()
            .iter()
            .all(|photo| photo["holds"] == true)
    );
    let days = inspector.json(&format!("/api/inspections/{id}/days")).await;
    assert!(!days["days"].as_array().unwrap().is_empty());

    let mark = format!("/api/inspections/{id}/marks");
    let says = |subject: &str, mark: &str, remark: &str| json!({ "kind": "passage", "subject": subject, "mark": mark, "remark": remark });
    let wordless = inspector.post(&mark, &says(number, "differs", "")).await;
    assert_eq!(refused(wordless).await, (400, "invalid".to_owned()));
    let other = inspector.post(&mark, &says("999", "agrees", "")).await;
    assert_eq!(refused(other).await, (400, "invalid".to_owned()));
    let said = inspector
        .post(&mark, &says(number, "differs", "国五，台账为国六"))
        .await;
    let said: Value = said.json().await.unwrap();
    assert_eq!(said["drawn"]["things"][0]["mark"]["mark"], "differs");

    let pack = inspector.get(&format!("/api/inspections/{id}/pack")).await;
    assert_eq!(pack.status(), StatusCode::OK);
    let pack = pack.bytes().await.unwrap();
    let verdict = inspection::verify_pack(Cursor::new(&pack));
    assert!(
        verdict.is_good(),
        "{:#?}",
        verdict.lines(words::Language::En)
    );
    assert_eq!(verdict.code, seen["code"].as_str().unwrap());
}

#[tokio::test]
async fn every_draw_that_was_ever_made_is_listed_with_who_made_it() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let manager = gate.somebody(&installer, "manager").await;
    drawn(&gate, &manager).await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let all = inspector.json("/api/inspections").await;
    assert_eq!(all["inspections"][0]["drawn"]["seed"], "雨天 7");
    assert_eq!(all["inspections"][0]["drawn"]["who"], "manager");
    let guard = gate.somebody(&installer, "guard").await;
    let answer = guard.get("/api/inspections").await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

//! What people take away and look up: figures, tables, registers; and what they type in from paper.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Gate, refused};

fn paper(more: &Value) -> Value {
    let mut told = json!({
        "at": "2026-03-01 08:30", "plate": "苏a·12345", "color": "黄", "direction": "进",
        "entrance": "a", "barrier": "01", "lane": null, "why": "停电",
        "cargo": { "name": "煤", "amount": "31.5" },
    });
    let all = told.as_object_mut().unwrap();
    all.extend(more.as_object().unwrap().clone());
    told
}

#[tokio::test]
async fn a_passage_from_paper_is_entered_once_and_again_only_when_somebody_says_so() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let path = "/api/passages/paper";
    let entered = guard.post(path, &paper(&json!({}))).await;
    assert_eq!(entered.status(), StatusCode::CREATED);
    let entered: Value = entered.json().await.unwrap();
    assert_eq!(entered["plate"], "苏A12345");
    assert_eq!(entered["entrance"], "A");
    assert_eq!(entered["decided_at"], "2026-03-01T00:30:00Z");
    assert_eq!(entered["cargo"]["amount"], 31.5);
    assert_eq!(entered["paper"]["who"], "guard");
    assert_eq!(entered["from_paper"], true);
    let twice = guard.post(path, &paper(&json!({}))).await;
    assert_eq!(refused(twice).await, (409, "conflict".to_owned()));
    let again = guard.post(path, &paper(&json!({ "again": true }))).await;
    assert_eq!(again.status(), StatusCode::CREATED);
    for (wrong, code) in [
        (json!({ "plate": "X" }), "unusual_plate"),
        (json!({ "at": "2999-01-01" }), "invalid"),
        (json!({ "entrance": "Z" }), "invalid"),
        (json!({ "cargo": { "amount": "31500" } }), "large_amount"),
        (json!({ "why": "", "again": true }), "invalid"),
    ] {
        let answer = guard.post(path, &paper(&wrong)).await;
        assert_eq!(refused(answer).await, (400, code.to_owned()), "{wrong}");
    }
}

#[tokio::test]
async fn a_table_of_what_was_searched_is_taken_away_as_workbook_and_as_text() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    for plate in ["苏A12345", "苏B8888D"] {
        gate.truck(plate, true).await;
    }
    let csv = installer.get("/api/export?format=csv&plate=8888").await;
    let headers = csv.headers().clone();
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"passages.csv\""
    );
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let csv = csv.text().await.unwrap();
    assert!(
        csv.contains("苏B8888D") && !csv.contains("苏A12345"),
        "{csv}"
    );
    let book = installer.get("/api/export").await.bytes().await.unwrap();
    assert!(book.starts_with(b"PK"), "a workbook");
    for (format, name) in [("zip", "passages.zip"), ("truth", "truth.zip")] {
        let zip = installer.get(&format!("/api/export?format={format}")).await;
        let attached = format!("attachment; filename=\"{name}\"");
        assert_eq!(zip.headers()["content-disposition"], attached.as_str());
        assert!(zip.bytes().await.unwrap().starts_with(b"PK"), "{format}");
    }
    let answer = installer.get("/api/export?format=pdf").await;
    assert_eq!(refused(answer).await, (400, "invalid".to_owned()));
}

#[tokio::test]
async fn a_day_is_told_in_figures_and_one_without_passages_has_no_rates() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    gate.truck("苏A12345", true).await;
    gate.truck("", false).await;
    let passages = installer.json("/api/passages").await;
    let at: jiff::Timestamp = passages["passages"][0]["decided_at"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let day = at.to_zoned(zone).date();
    let figures = installer.json(&format!("/api/figures?day={day}")).await;
    // At midnight one of them may be of the day before.
    let count = figures["passages"].as_u64().unwrap();
    assert!((1..=2).contains(&count), "{figures}");
    assert!(figures["recognition_rate"].as_f64().is_some());
    assert!(figures["hourly"][0]["in"].as_u64().is_some());
    let empty = installer.json("/api/figures?day=2020-01-01").await;
    assert_eq!(empty["passages"], 0);
    assert_eq!(empty["recognition_rate"], Value::Null);
    let answer = installer.get("/api/figures?day=soon").await;
    assert_eq!(refused(answer).await.0, 400);
}

#[tokio::test]
async fn registers_are_looked_up_with_their_items_and_their_history() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let key = gate.fleet("一队", "13800000000").await;
    let page = installer.json("/api/records/fleet").await;
    assert_eq!(page["next"], Value::Null);
    let record = &page["records"][0];
    assert_eq!(
        (&record["identity"], &record["state"]),
        (&json!("一队"), &json!("draft"))
    );
    let first = &page["items"][0];
    assert_eq!(first["is_identity"], true);
    let name = first["name"].as_str().unwrap();
    assert_eq!(record["shown"][name]["zh"], "一队");
    let history = installer.json(&format!("/api/records/fleet/{key}")).await;
    assert_eq!(history["revisions"].as_array().unwrap().len(), 1);
    for lost in [
        "/api/records/nothing".to_owned(),
        "/api/records/fleet/..%2f..".to_owned(),
        format!("/api/records/vehicle/{key}"),
    ] {
        assert_eq!(refused(installer.get(&lost).await).await.0, 404, "{lost}");
    }
}

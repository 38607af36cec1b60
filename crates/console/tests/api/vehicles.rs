//! One vehicle with all that is known of it, and who is inside.

use passage::Direction;
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Gate, refused};

#[tokio::test]
async fn a_vehicle_is_shown_with_its_record_and_its_stays_however_its_plate_is_written() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let came = gate.truck("苏A12345", true).await;
    let items = json!({ "plateNo": "苏A12345", "plateColor": "黄", "emissionStandard": "国五" });
    let told = json!({ "items": items, "why": "新车" });
    let made = installer.post("/api/records/vehicle", &told).await;
    assert_eq!(made.status(), StatusCode::OK);
    let vehicle = installer.json("/api/vehicles/苏a·１２３４５").await;
    assert_eq!(vehicle["plate"], "苏A12345");
    assert_eq!(vehicle["colors"], json!(["yellow"]));
    assert_eq!(vehicle["is_inside"], true);
    assert_eq!(vehicle["visits"][0]["entered"]["passage"], came.0);
    let standard = &vehicle["records"][0]["values"]["emissionStandard"];
    assert_eq!(standard, "5");
    let unknown = installer.json("/api/vehicles/冀B99999").await;
    assert_eq!(unknown["visits"], json!([]));
    assert_eq!(unknown["records"], json!([]));
    assert_eq!(
        refused(installer.get("/api/vehicles/%20").await).await.0,
        404
    );
}

#[tokio::test]
async fn who_came_in_and_was_not_seen_to_leave_is_inside_the_longest_first() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let first = gate.truck("苏A11111", true).await;
    gate.truck("苏A22222", true).await;
    gate.truck("", false).await;
    gate.truck_going("苏A22222", Direction::Out).await;
    let inside = installer.json("/api/inside").await;
    assert_eq!(inside["days"], 31);
    let vehicles = inside["vehicles"].as_array().unwrap();
    assert_eq!(vehicles.len(), 1, "{inside}");
    assert_eq!(vehicles[0]["plate"], "苏A11111");
    assert_eq!(vehicles[0]["passage"], first.0);
    assert_eq!(vehicles[0]["is_registered"], false);
    let answer = installer.get("/api/inside?days=soon").await;
    assert_eq!(refused(answer).await.0, 400);
}

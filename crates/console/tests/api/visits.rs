//! Notes, tags, visits joined and split, who left unseen, and counting who is there.

use passage::Direction;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Browser, Gate, refused};

async fn told(browser: &Browser, path: &str, body: &Value) -> Value {
    let answer = browser.post(path, body).await;
    assert!(
        answer.status().is_success(),
        "{path} {:?}",
        answer.text().await
    );
    match answer.status() {
        StatusCode::NO_CONTENT => Value::Null,
        _ => answer.json().await.unwrap(),
    }
}

#[tokio::test]
async fn a_vehicle_has_notes_and_tags_that_are_taken_back_with_a_reason_and_never_erased() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let entry = gate.truck("苏A12345", true).await;
    let path = "/api/vehicles/苏a·12345/remarks";
    let tag = json!({ "kind": "tag", "words": " 常欠单 " });
    let kept = told(&guard, path, &tag).await;
    assert_eq!(
        (&kept["words"], &kept["who"]),
        (&json!("常欠单"), &json!("guard"))
    );
    let markup = "<img src=x onerror=alert(1)>\n第二行";
    told(&guard, path, &json!({ "kind": "note", "words": markup })).await;
    let other = json!({ "kind": "tag", "words": "蓝牌", "color": "blue" });
    told(&guard, path, &other).await;

    let vehicle = inspector.json("/api/vehicles/苏A12345").await;
    assert_eq!(vehicle["remarks"][1]["words"], markup, "text stays text");
    assert_eq!(vehicle["remarks"].as_array().unwrap().len(), 3);
    let inside = inspector.json("/api/inside").await;
    assert_eq!(
        inside["vehicles"][0]["tags"],
        json!(["常欠单"]),
        "it is yellow"
    );
    let passage = inspector.json(&format!("/api/passages/{entry}")).await;
    assert_eq!(passage["tags"], json!(["常欠单"]));

    let back = format!("/api/remarks/{}/withdrawal", kept["id"]);
    let why = json!({ "why": "单子交了" });
    assert_eq!(refused(inspector.post(&back, &why).await).await.0, 403);
    assert_eq!(refused(inspector.post(path, &tag).await).await.0, 403);
    let wordless = guard.post(&back, &json!({ "why": " " })).await;
    assert_eq!(refused(wordless).await, (400, "invalid".to_owned()));
    let taken_back = told(&guard, &back, &why).await;
    assert_eq!(taken_back["withdrawn"]["why"], "单子交了");
    assert_eq!(refused(guard.post(&back, &why).await).await.0, 409);
    let vehicle = inspector.json("/api/vehicles/苏A12345").await;
    assert_eq!(vehicle["remarks"].as_array().unwrap().len(), 3, "it stays");
    let passage = inspector.json(&format!("/api/passages/{entry}")).await;
    assert_eq!(passage["tags"], json!([]));
}

#[tokio::test]
async fn hostile_words_are_refused_with_the_field_that_is_meant() {
    let gate = Gate::new().await;
    let guard = gate.installer().await;
    let path = "/api/vehicles/苏A12345/remarks";
    for (kind, words) in [
        ("note", "x".repeat(10_000)),
        ("tag", "十一个字就是太长的标签".to_owned()),
        ("tag", "两\n行".to_owned()),
        ("note", "\u{1b}[2J".to_owned()),
        ("note", "a\u{0}b".to_owned()),
        ("note", "\u{202e}".to_owned()),
        ("note", "  ".to_owned()),
    ] {
        let answer = guard
            .post(path, &json!({ "kind": kind, "words": words }))
            .await;
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["error"]["field"], "words", "{words:?} {problem}");
    }
    let strange = format!("/api/vehicles/{}/remarks", "X".repeat(200));
    let answer = guard
        .post(&strange, &json!({ "kind": "tag", "words": "x" }))
        .await;
    assert_eq!(refused(answer).await.0, 400);
    let vehicle = guard.json("/api/vehicles/苏A12345").await;
    assert_eq!(vehicle["remarks"], json!([]));
}

#[tokio::test]
async fn an_exit_is_joined_to_an_entry_that_was_misread_and_split_again() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let entry = gate.truck("苏A12345", true).await.0;
    let exit = gate.truck_going("苏A12346", Direction::Out).await.0;
    gate.truck_going("冀B99999", Direction::Out).await;
    let possible = guard.json(&format!("/api/visits/{entry}/exits")).await;
    assert_eq!(possible["exits"][0]["id"], exit, "the likest first");
    assert_eq!(possible["exits"].as_array().unwrap().len(), 2);

    let joined = json!({ "kind": "joined", "entry": entry, "exit": exit, "why": "看照片" });
    let inspector = gate.somebody(&installer, "inspector").await;
    assert_eq!(
        refused(inspector.post("/api/visits", &joined).await)
            .await
            .0,
        403
    );
    let mark = told(&guard, "/api/visits", &joined).await;
    assert_eq!(mark["who"], "guard");
    let vehicle = guard.json("/api/vehicles/苏A12345").await;
    assert_eq!(vehicle["is_inside"], false);
    assert_eq!(vehicle["visits"][0]["left"]["passage"], exit);
    assert_eq!(vehicle["visits"][0]["mark"], mark["id"]);
    let other = guard.json("/api/vehicles/苏A12346").await;
    assert_eq!(
        other["visits"][0]["plate"], "苏A12345",
        "the other side says so"
    );
    assert_eq!(other["marks"][0]["why"], "看照片");
    assert_eq!(
        refused(guard.post("/api/visits", &joined).await).await.0,
        409
    );

    let back = format!("/api/visits/{}/withdrawal", mark["id"]);
    let answer = guard.post(&back, &json!({ "why": "" })).await;
    assert_eq!(refused(answer).await, (400, "invalid".to_owned()));
    told(&guard, &back, &json!({ "why": "认错车了" })).await;
    let vehicle = guard.json("/api/vehicles/苏A12345").await;
    assert_eq!(vehicle["is_inside"], true);
    assert_eq!(vehicle["marks"][0]["withdrawn"]["why"], "认错车了");

    let left = gate.truck_going("苏A12345", Direction::Out).await.0;
    let split = json!({ "kind": "split", "entry": entry, "exit": left, "why": "套牌" });
    told(&guard, "/api/visits", &split).await;
    let vehicle = guard.json("/api/vehicles/苏A12345").await;
    assert_eq!(vehicle["is_inside"], true);
    for wrong in [
        json!({ "kind": "joined", "entry": exit, "exit": entry, "why": "x" }),
        json!({ "kind": "joined", "entry": entry, "exit": 999, "why": "x" }),
        json!({ "kind": "joined", "entry": entry, "why": "x" }),
        json!({ "kind": "swapped", "entry": entry, "exit": exit, "why": "x" }),
        json!({ "kind": "left", "entry": entry, "left_at": "2999-01-01T00:00:00Z", "why": "x" }),
    ] {
        let answer = guard.post("/api/visits", &wrong).await;
        assert_eq!(
            refused(answer).await,
            (400, "invalid".to_owned()),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_stocktaking_says_of_all_who_are_not_there_that_they_left_unseen() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let mut entries = Vec::new();
    for n in 1..=4 {
        entries.push(gate.truck(&format!("苏A1111{n}"), true).await.0);
    }
    let path = "/api/inside/stocktaking";
    let gone = json!({ "left": entries[..2], "why": "夜班盘点，不在场" });
    assert_eq!(refused(inspector.post(path, &gone).await).await.0, 403);
    let nobody = guard.post(path, &json!({ "left": [], "why": "x" })).await;
    assert_eq!(refused(nobody).await, (400, "invalid".to_owned()));
    let wordless = json!({ "left": entries[..2], "why": "" });
    assert_eq!(refused(guard.post(path, &wordless).await).await.0, 400);

    told(&guard, path, &gone).await;
    let inside = guard.json("/api/inside").await;
    let there: Vec<_> = inside["vehicles"].as_array().unwrap().iter().collect();
    assert_eq!(there.len(), 2, "{inside}");
    let vehicle = guard.json("/api/vehicles/苏A11111").await;
    assert!(vehicle["visits"][0]["left_unseen_at"].is_string());
    assert_eq!(vehicle["marks"][0]["who"], "guard");

    // One has left while the guard went round: nothing is said of the other either.
    gate.truck_going("苏A11113", Direction::Out).await;
    let late = json!({ "left": entries[2..], "why": "盘点" });
    assert_eq!(refused(guard.post(path, &late).await).await.0, 409);
    let inside = guard.json("/api/inside").await;
    assert_eq!(inside["vehicles"][0]["plate"], "苏A11114");
}

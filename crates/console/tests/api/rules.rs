//! Strategies and visitors over the API: confirmed by a person, they decide at once.

use jiff::Timestamp;
use ledger::{NewDownlink, NewRevision};
use passage::{RecordKey, RecordState, Register};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Browser, Gate, refused};

const WORDS: &str = "红色预警：禁行国四及以下重型柴油（燃气）车";

async fn sent(gate: &Gate, measures: String) {
    let entry = NewDownlink {
        platform_id: "S-1".to_owned(),
        sha256: measures.chars().take(20).collect(),
        raw: json!({}),
        parsed: json!({"measures": measures, "warningLevel": "red", "responseLevel": "I",
                       "startTime": "2026-01-01T00:00:00Z", "strategyId": "S-1"}),
    };
    let kept = gate
        .ledger
        .write(move |writer| writer.keep_downlinks("p", "strategy", &[entry], Timestamp::now()));
    let kept: ledger::Result<usize> = kept.await;
    kept.unwrap();
}

async fn registered(gate: &Gate, plate: &str, emission: &str) {
    let values = json!({"plateNo": plate, "plateColor": "yellow", "vehicleType": "Q11",
                        "fuelType": "B", "emissionStandard": emission});
    let revision = NewRevision {
        key: RecordKey::random(),
        register: Register::Vehicle,
        base: 0,
        identity: format!("{plate}|yellow"),
        values: serde_json::from_value(values).unwrap(),
        state: RecordState::Approved,
        at: Timestamp::now(),
        who: "li".to_owned(),
        why: "new".to_owned(),
        files: Vec::new(),
    };
    let written = gate
        .ledger
        .write(move |writer| writer.write_records(&[revision]));
    let written: ledger::Result<Vec<_>> = written.await;
    written.unwrap();
}

/// What would be decided now. Rules that were kept a moment ago hold after the next turn of whoever
/// follows the ledger.
async fn explained(browser: &Browser, plate: &str, reason: &str) -> Value {
    let path = format!("/api/policy/explain?plate={plate}&color=yellow&lane=north-in");
    for _ in 0..500 {
        let told = browser.json(&path).await;
        if told["reason"] == reason {
            return told;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let told = browser.json(&path).await;
    assert_eq!(told["reason"], reason, "{told}");
    told
}

#[tokio::test]
async fn a_strategy_is_confirmed_by_a_manager_denies_at_once_and_is_ended() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let manager = gate.somebody(&installer, "manager").await;
    sent(&gate, WORDS.to_owned()).await;
    registered(&gate, "苏A12345", "4").await;
    explained(&manager, "苏A12345", "read_allowed").await;

    let page = manager.json("/api/strategies").await;
    let entry = &page["sent"][0];
    assert_eq!(
        (&entry["words"], &entry["rule"]),
        (&json!(WORDS), &Value::Null)
    );
    let form = entry["proposal"].clone();
    assert_eq!(form["warning"], "red");
    assert_eq!(form["bans"][0]["emission_up_to"], 4);
    let id = entry["id"].clone();
    let wrong = json!({"strategy": {"title": "", "level": null, "warning": null, "from": "2026-01-01",
        "until": null, "bans": [], "networked_only": false, "spares_new_energy": true,
        "spares_allow_list": false, "lanes": ["nowhere"], "direction": null, "action": "deny"},
        "sent": id, "why": "红色预警"});
    let answer = manager.post("/api/strategies", &wrong).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let told: Value = answer.json().await.unwrap();
    let text = told["error"]["text"]["zh"].as_str().unwrap();
    assert!(text.contains("title") && text.contains("nowhere"), "{text}");

    let new = json!({"strategy": form, "sent": id, "why": "红色预警"});
    let kept = manager.post("/api/strategies", &new).await;
    assert_eq!(kept.status(), StatusCode::OK);
    let key = kept.json::<Value>().await.unwrap()["key"].clone();
    let again = refused(manager.post("/api/strategies", &new).await).await;
    assert_eq!(
        again,
        (409, "conflict".to_owned()),
        "of the same words one rule is made"
    );
    let denied = explained(&manager, "苏A12345", "strategy_denied").await;
    assert_eq!(denied["verdict"], "deny");
    let said: Vec<_> = denied["said"].as_array().unwrap().iter().collect();
    let said = serde_json::to_string(&said).unwrap();
    assert!(said.contains("manager") && said.contains("国五"), "{said}");

    let page = manager.json("/api/strategies").await;
    assert_eq!(page["strategies"][0]["holds"], true);
    assert_eq!(page["sent"][0]["rule"]["state"], "in_force");
    let path = format!("/api/strategies/{}/end", key.as_str().unwrap());
    let stale = manager
        .post(&path, &json!({"why": "解除", "base": 7}))
        .await;
    assert_eq!(refused(stale).await.0, 409);
    let ended = manager
        .post(&path, &json!({"why": "解除", "base": 1}))
        .await;
    assert_eq!(ended.status(), StatusCode::OK);
    explained(&manager, "苏A12345", "read_allowed").await;
}

#[tokio::test]
async fn words_of_a_megabyte_move_nothing_and_no_rule_of_that_size_is_taken() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let words = WORDS.repeat(20_000);
    assert!(words.len() > 1_000_000);
    sent(&gate, words.clone()).await;
    let page = installer.json("/api/strategies").await;
    assert_eq!(
        page["sent"][0]["words"].as_str().unwrap().len(),
        words.len()
    );
    let form = &page["sent"][0]["proposal"];
    let mut huge = form.clone();
    huge["title"] = json!(words);
    let new = json!({"strategy": huge, "sent": page["sent"][0]["id"], "why": "x"});
    let refusal = refused(installer.post("/api/strategies", &new).await).await;
    assert_eq!(refusal, (413, "long".to_owned()));
    explained(&installer, "苏A12345", "read_allowed").await;
    let id = page["sent"][0]["id"].as_i64().unwrap();
    let path = format!("/api/strategies/sent/{id}/rejection");
    let rejected = installer.post(&path, &json!({"why": "不是本厂"})).await;
    assert_eq!(rejected.status(), StatusCode::OK);
    let page = installer.json("/api/strategies").await;
    assert_eq!(page["sent"][0]["rule"]["state"], "rejected");
    assert_eq!(page["strategies"], json!([]));
}

#[tokio::test]
async fn a_visitor_is_expected_and_then_no_longer() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let new = json!({"plate": "苏Ａ·12345", "color": "黄", "from": "2026-01-01", "until": "2999-01-01",
                     "per_day": 2, "host": "王工", "reason": "送备件"});
    let kept = installer.post("/api/visitors", &new).await;
    assert_eq!(kept.status(), StatusCode::OK);
    let key = kept.json::<Value>().await.unwrap()["key"].clone();
    let told = explained(&installer, "苏A12345", "visitor").await;
    assert_eq!(told["verdict"], "allow");
    let seen = installer.json("/api/visitors").await;
    assert_eq!(
        (&seen["visitors"][0]["today"], &seen["visitors"][0]["holds"]),
        (&json!(0), &json!(true))
    );
    let backwards = json!({"plate": "苏A12345", "from": "2026-01-02", "until": "2026-01-01",
                           "host": "王工", "reason": "送备件"});
    assert_eq!(
        refused(installer.post("/api/visitors", &backwards).await)
            .await
            .0,
        400
    );
    let path = format!("/api/visitors/{}/end", key.as_str().unwrap());
    let ended = installer
        .post(&path, &json!({"why": "改期", "base": 1}))
        .await;
    assert_eq!(ended.status(), StatusCode::OK);
    explained(&installer, "苏A12345", "read_allowed").await;
}

#[tokio::test]
async fn a_truck_that_is_not_registered_is_a_task_until_it_is() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    gate.truck("苏A12345", true).await;
    let tasks = async || installer.json("/api/tasks").await["tasks"].clone();
    assert_eq!(tasks().await, json!([]), "the register is kept elsewhere");
    registered(&gate, "苏A99999", "5").await;
    let found = tasks().await;
    assert_eq!(found[0]["kind"], "unregistered");
    assert_eq!(found[0]["passage"]["plate"], "苏A12345");
    registered(&gate, "苏A12345", "5").await;
    assert_eq!(tasks().await, json!([]));
}

#[tokio::test]
async fn an_entry_of_the_over_limit_list_is_contested_and_a_replay_changes_no_record() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let entry = NewDownlink {
        platform_id: "V-1".to_owned(),
        sha256: "V-1".to_owned(),
        raw: json!({}),
        parsed: json!({"plateNo": "苏A12345", "plateColor": "yellow", "exceedReason": "尾气超标"}),
    };
    let kept = gate
        .ledger
        .write(move |writer| writer.keep_downlinks("p", "over_limit", &[entry], Timestamp::now()));
    let kept: ledger::Result<usize> = kept.await;
    kept.unwrap();
    let page = installer.json("/api/over-limit").await;
    let id = page["entries"][0]["id"].as_i64().unwrap();
    let path = format!("/api/over-limit/{id}/review");
    let said = json!({"answer": "contested", "why": "已复检合格"});
    let page: Value = installer.post(&path, &said).await.json().await.unwrap();
    assert_eq!(page["entries"][0]["review"]["answer"], "contested");
    let silent = json!({"answer": "contested", "why": " "});
    assert_eq!(refused(installer.post(&path, &silent).await).await.0, 400);

    gate.truck("苏A12345", true).await;
    let before = installer.json("/api/passages").await;
    let asked = json!({"from": "今天"});
    let replayed: Value = installer
        .post("/api/policy/replay", &asked)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&replayed["looked_at"], &replayed["changed"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(installer.json("/api/passages").await, before);
}

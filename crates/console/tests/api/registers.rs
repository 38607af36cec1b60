//! Registers in a browser: made, changed, reviewed, brought in as a table and taken away.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Browser, Gate, refused};

const VEHICLES: &str = "/api/records/vehicle";

fn truck(plate: &str) -> Value {
    json!({
        "plateNo": plate, "plateColor": "黄", "vehicleType": "H11", "vin": "LZZ5ELNB9FD012344",
        "registerDate": "2020-05-01", "vehicleModel": "ZZ4257", "fuelType": "柴油",
        "emissionStandard": "国五", "useCharacter": "货运", "networkStatus": "未联网",
    })
}

fn picture() -> Vec<u8> {
    let picture = frame::Picture::filled(64, 40, [200, 10, 10]);
    photo::encode_jpeg(&picture, 85).unwrap()
}

async fn told(answer: reqwest::Response) -> Value {
    let status = answer.status();
    let said: Value = answer.json().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{said}");
    said
}

async fn made(browser: &Browser, items: Value) -> Value {
    let body = json!({ "items": items, "why": "新车" });
    told(browser.post(VEHICLES, &body).await).await
}

#[tokio::test]
async fn a_vehicle_is_registered_completed_and_approved_and_each_step_stays() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let manager = gate.somebody(&installer, "manager").await;
    let draft = made(
        &manager,
        json!({ "plateNo": "苏a·１２３４５", "plateColor": "黄" }),
    )
    .await;
    assert_eq!(draft["identity"], "苏A12345|yellow");
    assert_eq!(draft["state"], "draft");
    let missing = draft["findings"].as_array().unwrap().iter();
    let missing: Vec<_> = missing
        .filter(|f| f["severity"] == "missing")
        .map(|f| f["item"].as_str().unwrap())
        .collect();
    assert!(missing.contains(&"emissionStandard"), "{missing:?}");

    let review = |record: &Value, state: &str| {
        json!({ "records": [{ "key": record["key"], "base": record["revision"] }],
                "state": state, "why": "看过行驶证" })
    };
    let path = format!("{VEHICLES}/review");
    let early = manager.post(&path, &review(&draft, "approved")).await;
    assert_eq!(early.status(), StatusCode::BAD_REQUEST);
    let early: Value = early.json().await.unwrap();
    assert!(early["findings"].as_array().unwrap().len() >= missing.len());

    let all = truck("苏A12345");
    let body = json!({ "key": draft["key"], "base": 1, "items": all, "why": "补全" });
    let typed = told(manager.post(VEHICLES, &body).await).await;
    assert_eq!(typed["revision"], 2);
    assert_eq!(typed["shown"]["fuelType"]["zh"], "柴油");
    let late = manager.post(VEHICLES, &body).await;
    assert_eq!(refused(late).await, (409, "conflict".to_owned()));
    let licence = format!(
        "{VEHICLES}/{}/files/drivingLicensePhoto?base=2&why=x",
        draft["key"].as_str().unwrap()
    );
    let request = manager.request(Method::PUT, &licence).body(picture());
    let whole = told(request.send().await.unwrap()).await;
    assert_eq!(
        (&whole["state"], &whole["revision"]),
        (&json!("checked"), &json!(3)),
        "{whole}"
    );

    let done = told(manager.post(&path, &review(&whole, "approved")).await).await;
    assert_eq!(done["records"], 1);
    let key = whole["key"].as_str().unwrap();
    let history = manager.json(&format!("{VEHICLES}/{key}")).await;
    let states = history["revisions"].as_array().unwrap().iter();
    let states: Vec<_> = states
        .map(|r| (r["state"].as_str().unwrap(), r["who"].as_str().unwrap()))
        .collect();
    assert_eq!(
        states,
        [
            ("draft", "manager"),
            ("draft", "manager"),
            ("checked", "manager"),
            ("approved", "manager")
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_true_is_told_item_by_item_and_nothing_is_written() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let mut items = truck("苏A12345");
    items["vin"] = json!("123");
    items["registerDate"] = json!("soon");
    items["fuelType"] = json!("water");
    let body = json!({ "items": items, "why": "新车" });
    let answer = installer.post(VEHICLES, &body).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let answer: Value = answer.json().await.unwrap();
    let named = answer["findings"].as_array().unwrap().iter();
    let named: Vec<_> = named.map(|f| f["item"].as_str().unwrap()).collect();
    for item in ["vin", "registerDate", "fuelType"] {
        assert!(named.contains(&item), "{item} in {named:?}");
    }
    for wrong in [
        json!({ "items": truck("苏A12345"), "why": " " }),
        json!({ "items": { "nothing": "x" }, "why": "x" }),
        json!({ "items": { "plateColor": "黄" }, "why": "x" }),
        json!({ "items": { "plateNo": "苏A12345", "plateColor": "黄",
                           "drivingLicensePhoto": "0".repeat(64) }, "why": "x" }),
    ] {
        let answer = installer.post(VEHICLES, &wrong).await;
        assert_eq!(
            refused(answer).await,
            (400, "invalid".to_owned()),
            "{wrong}"
        );
    }
    let lost = json!({ "key": "0".repeat(32), "base": 1, "items": {}, "why": "x" });
    assert_eq!(refused(installer.post(VEHICLES, &lost).await).await.0, 404);
    let page = installer.json(VEHICLES).await;
    assert_eq!(page["records"], json!([]));
}

#[tokio::test]
async fn records_are_found_by_whatever_stands_in_them_however_it_is_typed() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    for plate in ["苏A12345", "苏B67890"] {
        let mut items = truck(plate);
        items["vin"] = json!(null);
        let items: serde_json::Map<_, _> = items
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, v)| !v.is_null())
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        made(&installer, Value::Object(items)).await;
    }
    let found = async |text: &str, state: &str| {
        let asked = format!("{VEHICLES}?text={text}&state={state}");
        let page = installer.json(&asked.replace(' ', "%20")).await;
        page["records"].as_array().unwrap().len()
    };
    assert_eq!(found("ａ·１２３", "").await, 1);
    assert_eq!(found("国五", "").await, 2);
    assert_eq!(found("china v", "").await, 2);
    assert_eq!(found("", "approved").await, 0);
    assert_eq!(found("", "draft").await, 2);
    let answer = installer.get(&format!("{VEHICLES}?state=odd")).await;
    assert_eq!(refused(answer).await.0, 404);
}

#[tokio::test]
async fn a_table_is_taken_away_filled_in_and_brought_in_whole_or_not_at_all() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    made(&installer, truck("苏A12345")).await;
    let path = format!("{VEHICLES}/table");
    let csv = installer.get(&format!("{path}?format=csv")).await;
    assert!(
        csv.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains("vehicle.csv")
    );
    let csv = csv.text().await.unwrap();
    let bring = async |csv: String, query: &str| {
        let request = installer.request(Method::POST, &format!("{path}?format=csv{query}"));
        request.body(csv).send().await.unwrap()
    };
    let same = told(bring(csv.clone(), "&trial=true").await).await;
    assert_eq!(
        (&same["changed"], &same["mistakes"]),
        (&json!(0), &json!(0))
    );

    let second = csv
        .lines()
        .last()
        .unwrap()
        .replace("苏A12345", "苏C11111")
        .replace("LZZ5ELNB9FD012344", "");
    let good = format!("{csv}{second}\n");
    let seen = told(bring(good.clone(), "&trial=true").await).await;
    assert_eq!(seen["changed"], 1, "{seen}");
    let bad = format!(
        "{good}{}\n",
        second.replace("苏C11111", "苏D22222").replace("黄", "紫")
    );
    let answer = bring(bad, "&why=x").await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["findings"][0]["row"], 4, "{answer}");
    assert_eq!(answer["findings"][0]["severity"], "wrong");
    let page = installer.json(VEHICLES).await;
    assert_eq!(
        page["records"].as_array().unwrap().len(),
        1,
        "nothing of it"
    );

    assert_eq!(refused(bring(good.clone(), "").await).await.0, 400);
    let done = told(bring(good, "&why=%E5%B9%B4%E6%A3%80").await).await;
    assert_eq!(done["changed"], 1);
    let page = installer.json(VEHICLES).await;
    assert_eq!(page["records"].as_array().unwrap().len(), 2);
    // A cell that names a file of the gate's computer brings nothing out of it.
    let heads = "车牌号码,号牌颜色,行驶证正面照片\n";
    let spy = format!("{heads}苏D22222,黄,../console.sqlite3\n");
    let answer = bring(spy, "&why=x").await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        refused(bring("no table".to_owned(), "&why=x").await)
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_licence_is_kept_with_its_record_and_shown_as_what_it_is_and_nothing_else_is_taken() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let record = made(&installer, truck("苏A12345")).await;
    let key = record["key"].as_str().unwrap();
    let path = format!("{VEHICLES}/{key}/files/drivingLicensePhoto");
    let put = async |path: &str, base: u32, bytes: Vec<u8>| {
        let request = installer.request(Method::PUT, &format!("{path}?base={base}&why=x"));
        request.body(bytes).send().await.unwrap()
    };
    // Where the phone was stands beside the pixels.
    let mut jpeg = picture();
    jpeg.splice(2..2, *b"\xff\xe1\x00\x10GPS 31.2 121.4");
    let page = b"<html><script>alert(1)</script>".to_vec();
    assert_eq!(put(&path, 1, page).await.status(), StatusCode::BAD_REQUEST);
    let other = format!("{VEHICLES}/{key}/files/vin");
    assert_eq!(
        put(&other, 1, jpeg.clone()).await.status(),
        StatusCode::BAD_REQUEST
    );
    let long = put(&path, 1, vec![0xFF; (10 << 20) + 1]).await;
    assert_eq!(long.status(), StatusCode::PAYLOAD_TOO_LARGE);

    let kept = told(put(&path, 1, jpeg.clone()).await).await;
    assert_eq!(kept["files"][0]["media_type"], "image/jpeg");
    assert_eq!(kept["revision"], 2);
    let shown = installer.get(&path).await;
    assert_eq!(shown.headers()["content-type"], "image/jpeg");
    assert_eq!(shown.headers()["x-content-type-options"], "nosniff");
    let shown = shown.bytes().await.unwrap();
    assert!(shown.starts_with(b"\xff\xd8") && jpeg.len() > shown.len());
    assert!(!shown.windows(3).any(|bytes| bytes == b"GPS"));
    assert_eq!(put(&path, 1, jpeg).await.status(), StatusCode::CONFLICT);
    let lost = format!("{VEHICLES}/{key}/files/..%2f..%2fledger.sqlite3");
    assert_eq!(installer.get(&lost).await.status(), StatusCode::NOT_FOUND);
}

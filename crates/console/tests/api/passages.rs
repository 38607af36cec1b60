//! Passages, their photos and corrections.

use std::sync::Arc;

use frame::{ClockSource, Frame, MonoTime, Picture};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Gate, refused};

#[tokio::test]
async fn passages_are_found_page_by_page_and_by_condition() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    for plate in ["苏A12345", "苏B8888D", "苏A99999"] {
        gate.truck(plate, true).await;
    }
    let first = installer.json("/api/passages?limit=2").await;
    let plates = |page: &Value| -> Vec<String> {
        let passages = page["passages"].as_array().unwrap().iter();
        passages
            .map(|p| p["plate"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(plates(&first), ["苏A99999", "苏B8888D"]);
    let next = first["next"].as_str().unwrap();
    let second = installer
        .json(&format!("/api/passages?limit=2&cursor={next}"))
        .await;
    assert_eq!(plates(&second), ["苏A12345"]);
    assert_eq!(second["next"], Value::Null);
    let found = installer
        .json("/api/passages?plate=8888&lane=north-in&verdict=allow")
        .await;
    assert_eq!(plates(&found), ["苏B8888D"]);
    let found = installer
        .json("/api/passages?from=2026-01-01T00:00:00Z&color=yellow&oldest_first=true")
        .await;
    assert_eq!(plates(&found).len(), 3);
    for wrong in [
        "plate=",
        "color=pink",
        "from=soon",
        "cursor=x",
        "limit=x",
        "unknown=1",
        "to=2020-01-01&from=2021-01-01",
    ] {
        let answer = installer.get(&format!("/api/passages?{wrong}")).await;
        assert_eq!(
            refused(answer).await,
            (400, "invalid".to_owned()),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_guard_corrects_a_doubtful_plate_and_the_photo_says_so() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let id = gate.truck("苏A1234S", false).await;
    gate.truck("", false).await;
    gate.truck("苏A99999", true).await;
    let tasks = guard.json("/api/tasks").await;
    let kinds: Vec<_> = tasks["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| &t["kind"])
        .collect();
    assert_eq!(kinds, ["unread", "doubtful"]);
    let characters = &tasks["tasks"][1]["passage"]["characters"];
    assert_eq!(characters[6]["text"], "S");
    assert_eq!(characters[6]["next"][0]["text"], "S");
    let path = format!("/api/passages/{id}/corrections");
    // As a Chinese keyboard writes it.
    let told = json!({ "plate": "苏Ａ·１２３４５", "why": "看照片", "base": 0 });
    let answer = guard.post(&path, &told).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let now: Value = answer.json().await.unwrap();
    assert_eq!(now["plate"], "苏A12345");
    assert_eq!(now["known"], true);
    assert_eq!(now["recognised"], false, "a machine was not sure");
    assert_eq!(now["first_plate"], "苏A1234S");
    assert_eq!(now["corrections"][0]["who"], "guard");
    assert_eq!(now["task"], Value::Null);
    let photos: Vec<_> = now["photos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["id"].as_str().unwrap())
        .collect();
    assert!(photos.contains(&"head-1"), "{photos:?}");
    for photo in photos {
        let answer = guard
            .get(&format!("/api/passages/{id}/photos/{photo}"))
            .await;
        assert_eq!(answer.headers()["content-type"], "image/jpeg");
        assert!(answer.bytes().await.unwrap().starts_with(b"\xff\xd8"));
    }
    // Another page that has not seen it.
    let late = json!({ "color": "blue", "why": "x", "base": 0 });
    let answer = guard.post(&path, &late).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["error"]["code"], "conflict");
    assert_eq!(problem["passage"]["plate"], "苏A12345");
}

#[tokio::test]
async fn a_guard_says_what_a_truck_carried_and_mends_it_and_both_are_corrections() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let id = gate.truck("苏A12345", true).await;
    let path = format!("/api/passages/{id}/corrections");
    let cargo = |name: &str, amount: &str, base: u32| {
        let cargo = json!({ "name": name, "amount": amount });
        json!({ "cargo": cargo, "why": "磅单", "base": base })
    };
    let first = cargo("焦炭", "31.5", 0);
    assert_eq!(refused(inspector.post(&path, &first).await).await.0, 403);
    let answer = guard.post(&path, &first).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let passage: Value = answer.json().await.unwrap();
    assert_eq!(passage["cargo"]["name"], "焦炭");
    assert_eq!(passage["cargo"]["amount"], 31.5);
    assert_eq!(passage["corrections"][0]["item"], "cargo");
    assert_eq!(passage["corrections"][0]["who"], "guard");
    // Only the name is mended, the amount stays.
    let mended = guard.post(&path, &cargo("矿石", "", 1)).await;
    let mended: Value = mended.json().await.unwrap();
    assert_eq!(
        (&mended["cargo"]["name"], &mended["cargo"]["amount"]),
        (&json!("矿石"), &json!(31.5))
    );
    assert_eq!(mended["corrected"], 2);

    let late = guard.post(&path, &first).await;
    assert_eq!(refused(late).await, (409, "conflict".to_owned()));
    let large = guard.post(&path, &cargo("焦炭", "31500", 2)).await;
    assert_eq!(refused(large).await, (400, "large_amount".to_owned()));
    let mut so = cargo("焦炭", "315", 2);
    so["large_amount"] = json!(true);
    assert_eq!(guard.post(&path, &so).await.status(), StatusCode::OK);
    for (name, amount) in [
        ("", ""),
        ("焦炭", "-1"),
        ("焦炭", "许多"),
        ("焦\u{1b}[2J炭", "1"),
        (&"字".repeat(10_000), "1"),
    ] {
        let answer = guard.post(&path, &cargo(name, amount, 3)).await;
        let (status, code) = refused(answer).await;
        assert_eq!((status, code.as_str()), (400, "invalid"), "{name} {amount}");
    }
    let passage = guard.json(&format!("/api/passages/{id}")).await;
    assert_eq!(passage["corrected"], 3);
}

#[tokio::test]
async fn what_can_not_be_is_refused_with_words_and_nothing_is_written() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let id = gate.truck("苏A1234S", false).await;
    let path = format!("/api/passages/{id}/corrections");
    for (told, code) in [
        (
            json!({ "plate": "ABC", "why": "x", "base": 0 }),
            "unusual_plate",
        ),
        (json!({ "color": "pink", "why": "x", "base": 0 }), "invalid"),
        (
            json!({ "plate": "苏A12345", "why": " ", "base": 0 }),
            "invalid",
        ),
        (json!({ "why": "x", "base": 0 }), "invalid"),
        (json!({ "plate": "苏A12345", "why": "x" }), "invalid"),
        (json!({ "plate": 5, "why": "x", "base": 0 }), "invalid"),
        (
            json!({ "plate": "苏A12345", "why": "x", "base": 0, "who": "li" }),
            "invalid",
        ),
        (
            json!({ "plate": "苏A12345", "why": "x".repeat(501), "base": 0 }),
            "invalid",
        ),
    ] {
        let answer = installer.post(&path, &told).await;
        assert_eq!(refused(answer).await, (400, code.to_owned()), "{told}");
    }
    let told = json!({ "plate": "苏A12345", "why": "x", "base": 0 });
    let answer = installer.post("/api/passages/99/corrections", &told).await;
    assert_eq!(refused(answer).await.0, 404);
    let passage = installer.json(&format!("/api/passages/{id}")).await;
    assert_eq!(passage["corrected"], 0);
    let unusual = json!({ "plate": "ABC", "why": "x", "base": 0, "unusual": true });
    assert_eq!(
        installer.post(&path, &unusual).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_photo_is_found_by_its_own_passage_only_and_no_path_leads_out() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let id = gate.truck("苏A12345", true).await;
    let photo = format!("/api/passages/{id}/photos/head-0");
    let answer = installer.get(&photo).await;
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    let keep = answer.headers()["cache-control"].to_str().unwrap();
    assert!(keep.contains("private") && keep.contains("immutable"));
    let known = installer
        .bare(Method::GET, &photo)
        .header("if-none-match", &tag);
    assert_eq!(
        known.send().await.unwrap().status(),
        StatusCode::NOT_MODIFIED
    );
    let plate = installer.get(&format!("/api/passages/{id}/plate")).await;
    assert_eq!(plate.headers()["content-type"], "image/jpeg");
    for lost in [
        format!("/api/passages/{}/photos/head-0", id.0 + 1),
        format!("/api/passages/{}/plate", id.0 + 1),
        format!("/api/passages/{id}/photos/head-7"),
        format!("/api/passages/{id}/photos/body-0"),
        format!("/api/passages/{id}/photos/..%2f..%2fledger.sqlite3"),
        format!("/api/passages/{id}/photos/%2e%2e%2f%2e%2e%2fconsole.sqlite3"),
        format!("/api/passages/{id}/photos/head-0%00"),
        "/api/passages/..%2f1".to_owned(),
        "/api/lanes/..%2f..%2fx/picture".to_owned(),
        "/..%2f..%2fetc%2fpasswd.txt".to_owned(),
        "/assets/..%2findex.html".to_owned(),
    ] {
        let answer = installer.get(&lost).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{lost}");
    }
    assert_eq!(
        gate.browser().get(&photo).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn markup_in_every_text_comes_back_as_data() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let id = gate.truck("苏A1234S", false).await;
    let markup = "<script>alert(1)</script>\"'&{plate}";
    let told = json!({ "plate": "苏A12345", "why": markup, "base": 0 });
    let path = format!("/api/passages/{id}/corrections");
    assert_eq!(installer.post(&path, &told).await.status(), StatusCode::OK);
    let answer = installer.get(&format!("/api/passages/{id}")).await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let passage: Value = answer.json().await.unwrap();
    assert_eq!(passage["corrections"][0]["why"], markup);
    let answer = installer
        .get(&format!("/api/passages?cursor={markup}"))
        .await;
    assert_eq!(answer.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn a_lane_shows_its_newest_picture_made_small_and_nothing_before_there_is_one() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let path = "/api/lanes/north-in/picture";
    assert_eq!(
        refused(installer.get(path).await).await,
        (404, "no_picture".to_owned())
    );
    let lane = Arc::clone(&gate.status.lanes()[0]);
    lane.show(&Frame {
        picture: Picture::filled(1920, 1080, [200, 10, 10]),
        captured: jiff::Timestamp::now(),
        clock: ClockSource::Arrival,
        at: MonoTime::from_ms(1),
        sequence: 1,
    });
    let answer = installer.get(path).await;
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let tag = answer.headers()["etag"].clone();
    let jpeg = answer.bytes().await.unwrap();
    let picture = image::load_from_memory(&jpeg).unwrap();
    assert_eq!((picture.width(), picture.height()), (960, 540));
    let known = installer
        .bare(Method::GET, path)
        .header("if-none-match", tag);
    assert_eq!(
        known.send().await.unwrap().status(),
        StatusCode::NOT_MODIFIED
    );
    gate.truck("苏A12345", true).await;
    let lanes = installer.json("/api/lanes").await;
    assert_eq!(lanes["lanes"][0]["last_passage"]["plate"], "苏A12345");
    assert_eq!(lanes["lanes"][0]["direction"], "in");
    assert_eq!(installer.json("/api/health").await["healthy"], true);
}

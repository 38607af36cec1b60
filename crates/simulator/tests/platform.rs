//! The simulator as a gate and an installer meet it: over HTTP.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use simulator::{Endpoint, FaultAnswer, Faults, Options, RunningSimulator, serve};

fn photo(width: u32, height: u32) -> String {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height)
        .write_to(&mut jpeg, image::ImageFormat::Jpeg)
        .unwrap();
    base64::engine::general_purpose::STANDARD.encode(jpeg.into_inner())
}

fn row(serial: &str) -> Value {
    json!({
        "serialNo": serial, "entranceCode": "A", "gateCode": "01", "inOut": "1",
        "passTime": "2026-05-01 08:00:00", "plateNo": "云A12345", "plateColor": "1",
        "headPhoto": photo(64, 48), "bodyPhoto": photo(32, 16), "vin": null,
    })
}

async fn post(platform: &RunningSimulator, path: &str, token: &str, body: &Value) -> (u16, Value) {
    let request = reqwest::Client::new()
        .post(format!("{}{path}", platform.base_url()))
        .header("token", token)
        .json(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn log_in(platform: &RunningSimulator) -> String {
    let body = json!({"appKey": "menjin", "secret": "menjin-trial"});
    let (_, answer) = post(platform, "getToken", "", &body).await;
    answer["data"]["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_passage_is_kept_once_with_its_photos_and_its_gaps() {
    let platform = serve(Options::default()).await.unwrap();
    let token = log_in(&platform).await;
    let first = post(&platform, "passage", &token, &row("s-1")).await.1;
    assert_eq!(first["code"], "200");
    assert_eq!(first["data"]["missing"].as_array().unwrap().len(), 16);
    assert_eq!(
        post(&platform, "passage", &token, &row("s-1")).await.1["code"],
        "208"
    );
    let mut other = row("s-1");
    other["plateNo"] = json!("云A54321");
    assert_eq!(
        post(&platform, "passage", &token, &other).await.1["code"],
        "208"
    );

    let kept = platform.received();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].photos[0].width_px, kept[0].photos[0].height_px),
        (64, 48)
    );
    assert_eq!(kept[0].items["plateNo"], "云A12345");
    assert!(kept[0].items.get("headPhoto").is_none());
    let counts = platform.counts();
    assert_eq!(
        (counts.passages, counts.repeats, counts.conflicts),
        (1, 1, 1)
    );
    assert_eq!((counts.items_present, counts.items_expected), (7, 23));
    platform.stop().await;
}

#[tokio::test]
async fn wrong_secrets_tokens_photos_and_json_are_each_told_apart() {
    let platform = serve(Options::default()).await.unwrap();
    let wrong = json!({"appKey": "menjin", "secret": "guess"});
    assert_eq!(
        post(&platform, "getToken", "", &wrong).await.1["code"],
        "403"
    );
    assert_eq!(
        post(&platform, "passage", "guess", &row("s-1")).await.1["code"],
        "401"
    );
    let token = log_in(&platform).await;
    let mut bad = row("s-1");
    bad["bodyPhoto"] = json!("bm90IGEgSlBFRw==");
    let refused = post(&platform, "passage", &token, &bad).await.1;
    assert_eq!(refused["code"], "422");
    assert!(refused["msg"].as_str().unwrap().contains("bodyPhoto"));
    assert_eq!(
        post(&platform, "passage", &token, &json!([1])).await.1["code"],
        "400"
    );
    assert_eq!(
        post(&platform, "passage", &token, &json!({})).await.1["code"],
        "422"
    );
    let (status, answer) = post(&platform, "guess", &token, &json!({})).await;
    assert_eq!((status, answer["code"].as_str()), (404, Some("404")));
    platform.expire_tokens();
    assert_eq!(
        post(&platform, "heartBeat", &token, &json!({})).await.1["code"],
        "401"
    );
    assert!(platform.received().is_empty());
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_answered_with_413() {
    let options = Options {
        body_limit_bytes: 1000,
        ..Options::default()
    };
    let platform = serve(options).await.unwrap();
    let token = log_in(&platform).await;
    let (status, answer) = post(&platform, "passage", &token, &row("s-1")).await;
    assert_eq!((status, answer["code"].as_str()), (413, Some("413")));
}

#[tokio::test]
async fn what_is_in_the_folder_is_known_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        folder: Some(folder.path().to_owned()),
        ..Options::default()
    };
    let platform = serve(options.clone()).await.unwrap();
    let token = log_in(&platform).await;
    post(&platform, "passage", &token, &row("s/../1")).await;
    let end = json!({"serialNo": "s/../1", "outcome": "passed", "bodyPhoto": photo(80, 60)});
    assert_eq!(
        post(&platform, "passageEnd", &token, &end).await.1["code"],
        "200"
    );
    platform.stop().await;
    let log = folder.path().join("passages.jsonl");
    let mut cut_short = std::fs::read(&log).unwrap();
    cut_short.extend(b"{\"number\": 2, \"rece");
    std::fs::write(&log, cut_short).unwrap();

    let platform = serve(options).await.unwrap();
    let token = log_in(&platform).await;
    assert_eq!(
        post(&platform, "passage", &token, &row("s/../1")).await.1["code"],
        "208"
    );
    assert_eq!(
        post(&platform, "passageEnd", &token, &end).await.1["code"],
        "208"
    );
    assert_eq!(
        post(&platform, "passage", &token, &row("s-2")).await.1["code"],
        "200"
    );
    let kept = platform.received();
    assert_eq!((kept.len(), kept[1].number), (2, 2));
    assert_eq!(kept[0].end.as_ref().unwrap()["outcome"], "passed");
    let url = format!("http://{}/_photos/1/bodyPhoto", platform.addr);
    let jpeg = reqwest::get(url).await.unwrap().bytes().await.unwrap();
    assert_eq!(jpeg.len(), kept[0].photos[1].bytes);
}

#[tokio::test]
async fn refused_rows_are_counted_as_refused_and_a_fault_that_is_used_up_is_over() {
    let platform = serve(Options::default()).await.unwrap();
    let token = log_in(&platform).await;
    platform.set_faults(Faults {
        answer: FaultAnswer::RefuseData,
        endpoint: Some(Endpoint::Passage),
        times: Some(2),
        ..Faults::default()
    });
    let received = async || -> Value {
        let url = format!("http://{}/_received", platform.addr);
        reqwest::get(url).await.unwrap().json().await.unwrap()
    };
    assert_eq!(received().await["misbehaves"], true);
    for serial in ["s-1", "s-2"] {
        let (_, answer) = post(&platform, "passage", &token, &row(serial)).await;
        assert_ne!(answer["code"], "200");
    }
    let now = received().await;
    assert_eq!(
        (&now["counts"]["refused"], &now["misbehaves"]),
        (&json!(2), &json!(false))
    );
    let (_, answer) = post(&platform, "passage", &token, &row("s-1")).await;
    assert_eq!(answer["code"], "200");
}

#[tokio::test]
async fn faults_are_set_over_http_and_shown_with_what_arrived() {
    let platform = serve(Options::default()).await.unwrap();
    let token = log_in(&platform).await;
    let own = |path: &str| format!("http://{}{path}", platform.addr);
    let client = reqwest::Client::new();
    let command = json!({"faults": {"answer": {"kind": "drop_after_keeping"}, "times": 1,
                                    "endpoint": "passage"}});
    assert!(
        client
            .post(own("/_control"))
            .json(&command)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    let typo = json!({"fault": {}});
    assert!(
        !client
            .post(own("/_control"))
            .json(&typo)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );

    let cut = client
        .post(format!("{}passage", platform.base_url()))
        .header("token", &token)
        .json(&row("s-1"))
        .send()
        .await;
    assert!(cut.is_err(), "the connection is cut without an answer");
    assert_eq!(
        post(&platform, "passage", &token, &row("s-1")).await.1["code"],
        "208"
    );
    let all: Value = client
        .get(own("/_received"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(all["counts"]["passages"], 1);
    assert_eq!(all["passages"][0]["serial"], "s-1");
    let page = client
        .get(own("/"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("监管平台模拟器"));
}

#[tokio::test]
async fn a_slow_platform_does_not_hold_up_its_own_end() {
    let platform = serve(Options::default()).await.unwrap();
    let delay_ms = 60_000;
    let endpoint = Some(Endpoint::HeartBeat);
    platform.set_faults(Faults {
        delay_ms,
        endpoint,
        answer: FaultAnswer::NotJson,
        ..Faults::default()
    });
    let url = format!("{}heartBeat", platform.base_url());
    let waiting = tokio::spawn(reqwest::Client::new().post(url).json(&json!({})).send());
    tokio::time::sleep(Duration::from_millis(200)).await;
    let began = std::time::Instant::now();
    platform.stop().await;
    assert!(began.elapsed() < Duration::from_secs(3));
    assert!(waiting.await.unwrap().is_ok());
}

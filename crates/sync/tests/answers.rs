//! Answers and certificates as platforms inside other people's networks have them.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::time::Duration;

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use common::{Gate, openssl, shipped, until, yunnan};
use futures::StreamExt as _;
use simulator::{Options, Tls, serve};
use sync::{FailureKind, Platform, PlatformSettings, WorkerHandle, spawn};
use tokio::net::TcpListener;

const NEW: Duration = Duration::ZERO;

fn work(gate: &Gate, settings: PlatformSettings) -> WorkerHandle {
    let pace = settings.pace.clone();
    let sink = Platform::new(settings, shipped("yunnan"), gate.ledger.clone()).unwrap();
    spawn(sink, gate.ledger.clone(), pace)
}

/// A platform that answers everything in the same way; its address.
async fn says(kind: &'static str, packed: &'static str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(move || {
        let head = [(CONTENT_TYPE, kind), (CONTENT_ENCODING, packed)];
        let body = body.clone();
        async move { (head, body) }
    });
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

fn answer(code: &str) -> String {
    format!(
        r#"{{"code":{code},"msg":"操作成功","data":{{"token":"tok-5e1a9c","expiresIn":"3600"}}}}"#
    )
}

#[tokio::test]
async fn answers_of_real_servers_acknowledge() {
    let plain = answer("200");
    let gbk = encoding_rs::GBK.encode(&plain).0.into_owned();
    let twice = serde_json::to_string(&plain).unwrap();
    let folded = plain.replace(
        r#"{"token":"tok-5e1a9c","expiresIn":"3600"}"#,
        r#""{\"token\":\"t\"}""#,
    );
    let json = "application/json";
    let cases = [
        (
            "GBK that the head names",
            "application/json;charset=GBK",
            gbk.clone(),
        ),
        ("GBK that nobody names", json, gbk),
        (
            "a mark before it",
            json,
            format!("\u{feff}{plain}").into_bytes(),
        ),
        ("JSON in a JSON string", json, twice.into_bytes()),
        ("data in a JSON string", json, folded.into_bytes()),
        (
            "a code in quotes",
            "text/html",
            answer(r#""200""#).into_bytes(),
        ),
    ];
    for (what, kind, body) in cases {
        let url = says(kind, "identity", body).await;
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A12345", NEW).await;
        let worker = work(&gate, yunnan(&url));
        let status = until(worker.status(), |s| s.acknowledged == 1).await;
        let words = status.last_error.map(|e| e.words).unwrap_or_default();
        assert!(!words.contains("JSON object"), "{what}: {words}");
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_log_in_that_is_not_understood_is_never_quoted() {
    let odd: [(&str, &str, Vec<u8>); 4] = [
        ("text/plain", "identity", b"your token: tok-5e1a9c".to_vec()),
        ("application/json", "br", b"\x0b\x02\x80tok-5e1a9c".to_vec()),
        ("application/json", "identity", answer("500").into_bytes()),
        (
            "application/json",
            "identity",
            answer("200")
                .replace("操作成功", "tok-5e1a9c")
                .replace("200", "7")
                .into_bytes(),
        ),
    ];
    for (kind, packed, body) in odd {
        let url = says(kind, packed, body).await;
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A12345", NEW).await;
        let worker = work(&gate, yunnan(&url));
        let status = until(worker.status(), |s| s.last_error.is_some()).await;
        let shown = serde_json::to_string(&status).unwrap();
        assert!(!shown.contains("5e1a9c"), "{shown}");
        if packed == "br" {
            assert!(shown.contains("packed with"), "{shown}");
        }
        worker.stop().await;
        assert_eq!(gate.counters("regulator").await.waiting, 1);
    }
}

#[tokio::test]
async fn a_secret_with_quotes_in_it_is_known_again() {
    // In quotes it gets marks before its own.
    let body = answer(r#""a-\"secret\"\\""#).into_bytes();
    let url = says("application/json", "identity", body).await;
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A12345", NEW).await;
    let settings = PlatformSettings {
        secret: sync::Secret::new(r#"a-"secret"\"#),
        ..yunnan(&url)
    };
    let worker = work(&gate, settings);
    let status = until(worker.status(), |s| s.last_error.is_some()).await;
    let words = status.last_error.unwrap().words;
    assert!(words.contains("code \"***\""), "{words}");
    assert!(!words.contains("secret"), "{words}");
    worker.stop().await;
}

/// A certificate that signs itself, as `openssl req -x509` makes it, with `more` arguments.
fn self_signed(folder: &Path, more: &str) -> Tls {
    let arguments = format!(
        "req -x509 -newkey rsa:2048 -nodes -keyout own.key -out own.pem -days 2 -subj /CN=platform {more}"
    );
    openssl(folder, arguments.trim_end());
    Tls {
        certificate: folder.join("own.pem"),
        key: folder.join("own.key"),
    }
}

#[tokio::test]
async fn a_self_signed_certificate_is_trusted_when_it_is_the_very_one() {
    let address = "-addext subjectAltName=IP:127.0.0.1";
    let leaf = format!("{address} -addext basicConstraints=critical,CA:FALSE");
    for more in ["", address, &leaf] {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let tls = Some(self_signed(folder.path(), more));
        self_signed(other.path(), more);
        let options = Options {
            tls,
            ..Options::default()
        };
        let platform = serve(options).await.unwrap();
        let with = |folder: &Path| PlatformSettings {
            ca_file: Some(folder.join("own.pem")),
            ..yunnan(&platform.base_url())
        };
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A12345", NEW).await;
        let worker = work(&gate, with(other.path()));
        let status = until(worker.status(), |s| s.last_error.is_some()).await;
        let error = status.last_error.unwrap();
        assert_eq!(error.kind, FailureKind::Unreachable);
        assert!(
            error.words.contains("ca_file") && !error.words.contains("Other("),
            "{}",
            error.words
        );
        worker.stop().await;
        assert_eq!(platform.counts().logins, 0, "no secret went out");
        let worker = work(&gate, with(folder.path()));
        until(worker.status(), |s| s.acknowledged == 1).await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn nested_and_crumbled_answers_are_no_answers_and_the_next_good_one_is_taken() {
    let deep = |open: &str| format!(r#"{{"code":200,"data":{}"#, open.repeat(15_000));
    let in_string = serde_json::to_string(&"[".repeat(10_000)).unwrap();
    let crumbs = r#"{"":0},"#.repeat(140_000);
    let cases = [
        (deep("["), "not a JSON object"),
        (deep(r#"{"a":"#), "not a JSON object"),
        (
            format!(r#"{{"code":"7","data":{in_string}}}"#),
            "code \"7\"",
        ),
        (
            format!(r#"{{"code":200,"data":[{crumbs}0]}}"#),
            "140002 lists and objects",
        ),
    ];
    for (body, expected) in cases {
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A12345", NEW).await;
        let url = says("application/json", "identity", body.into_bytes()).await;
        let worker = work(&gate, yunnan(&url));
        let status = until(worker.status(), |s| s.last_error.is_some()).await;
        let error = status.last_error.unwrap();
        assert!(error.words.contains(expected), "{}", error.words);
        worker.stop().await;
        let url = says("application/json", "identity", answer("200").into_bytes()).await;
        let worker = work(&gate, yunnan(&url));
        until(worker.status(), |s| s.acknowledged == 1).await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn an_answer_without_end_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(async || {
        let part = axum::body::Bytes::from_static(&[b' '; 65_536]);
        let parts = futures::stream::repeat(part).map(std::io::Result::Ok);
        axum::body::Body::from_stream(parts)
    });
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A12345D", NEW).await;
    let worker = work(&gate, yunnan(&url));
    let status = until(worker.status(), |s| s.last_error.is_some()).await;
    let error = status.last_error.unwrap();
    assert!(error.words.contains("more than 1048576 bytes"), "{error:?}");
    worker.stop().await;
}

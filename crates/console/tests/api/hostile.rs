//! What others send who do not mean well.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Gate, refused};

#[tokio::test]
async fn what_another_page_sends_is_refused_although_the_cookie_comes_with_it() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let id = gate.truck("苏A1234S", false).await;
    let told = json!({ "plate": "苏A12345", "why": "x", "base": 0 });
    let path = format!("/api/passages/{id}/corrections");
    let own = format!("http://{}", gate.address());
    let (evil, own) = ("http://evil.example", own.as_str());
    for headers in [
        &[][..],
        &[("origin", evil)],
        &[("origin", own)],
        &[("x-menjin", "1")],
        &[("x-menjin", "1"), ("origin", evil)],
        &[("x-menjin", "1"), ("origin", "null")],
        &[
            ("x-menjin", "1"),
            ("origin", own),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("x-menjin", "2"), ("origin", own)],
    ] {
        let mut request = installer.bare(Method::POST, &path).json(&told);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(
            refused(answer).await,
            (403, "foreign".to_owned()),
            "{headers:?}"
        );
    }
    let passage = installer.json(&format!("/api/passages/{id}")).await;
    assert_eq!(passage["corrected"], 0);
}

#[tokio::test]
async fn a_body_that_is_too_long_or_no_json_is_refused_in_words() {
    let gate = Gate::new().await;
    let browser = gate.browser();
    let long = "x".repeat(65 * 1024);
    let answer = browser.sign_in(&long, "x").await;
    assert_eq!(refused(answer).await, (413, "long".to_owned()));
    for body in [
        "",
        "{",
        "[]",
        "nonsense",
        "{} {}",
        "{\"name\":\"x\",\"password\":\"y\"} z",
    ] {
        let request = browser.request(Method::POST, "/api/session").body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(refused(answer).await, (400, "invalid".to_owned()), "{body}");
    }
    let deep = "[".repeat(60_000);
    let request = browser.request(Method::POST, "/api/session").body(deep);
    assert_eq!(refused(request.send().await.unwrap()).await.0, 400);
}

/// The listener's own time for a body: ten seconds.
#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let gate = Gate::new().await;
    let (address, own) = (gate.address(), format!("http://{}", gate.address()));
    let heard = tokio::task::spawn_blocking(move || {
        let mut tcp = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST /api/session HTTP/1.1\r\nhost: {address}\r\nx-menjin: 1\r\norigin: {own}\r\n\
             content-length: 50\r\nconnection: close\r\n\r\n{{"
        );
        tcp.write_all(head.as_bytes()).unwrap();
        let mut heard = String::new();
        let _ = tcp.read_to_string(&mut heard);
        heard
    });
    let heard = heard.await.unwrap();
    assert!(heard.starts_with("HTTP/1.1 408"), "{heard}");
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_do_with_it() {
    let gate = Gate::new().await;
    let browser = gate.browser();
    for path in [
        "/",
        "/api/session",
        "/api/nothing",
        "/api/tasks",
        "/nothing.js",
        "/search",
    ] {
        let answer = browser.get(path).await;
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self';",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
    }
    let page = browser.get("/search").await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers()["cache-control"], "no-cache");
    for (method, path, status) in [
        (Method::GET, "/nothing.js", StatusCode::NOT_FOUND),
        (Method::GET, "/api", StatusCode::NOT_FOUND),
        (Method::GET, "/api/nothing", StatusCode::NOT_FOUND),
        (Method::POST, "/", StatusCode::NOT_FOUND),
        (Method::DELETE, "/api/words", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let answer = browser.request(method, path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        refused(answer).await;
    }
}

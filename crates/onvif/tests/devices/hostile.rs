//! Devices that mean harm, or are no devices.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use onvif::{Device, DeviceFault, DeviceStep, Error, OutputContact};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{Asked, Recorded, account, address, answer, serve};

const PATIENCE: Duration = Duration::from_millis(500);

/// A device that answers everything with `body`.
async fn saying(body: String) -> SocketAddr {
    let body = Arc::new(body);
    serve(Arc::new(move |_: Asked| {
        let body = Arc::clone(&body);
        Box::pin(async move { answer(200, body.as_bytes()) })
    }))
    .await
}

async fn failure(at: SocketAddr) -> Error {
    let own = account("gate", "secret");
    let connected = Device::connect(&address(at), Some(&own)).await;
    connected.expect_err("no device")
}

fn envelope(body: &str) -> String {
    format!(
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>{body}</e:Body></e:Envelope>"
    )
}

#[tokio::test]
async fn xml_bombs_get_a_clear_error_and_are_not_read() {
    let laughs = (1..20).map(|n| format!("<!ENTITY l{n} \"&l{m};&l{m};&l{m};&l{m};\">", m = n - 1));
    let laughs = laughs.collect::<String>();
    let entities = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]>{}",
        envelope("&l19;")
    );
    let outside = format!(
        "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>{}",
        envelope("&f;")
    );
    let deep = envelope(&("<a>".repeat(200_000) + &"</a>".repeat(200_000)));
    let wide = envelope(&"<a/>".repeat(400_000));
    let long = envelope(&"x".repeat(5_000_000));
    for (bomb, words) in [
        (entities, "DTD"),
        (outside, "DTD"),
        (deep, "nests"),
        (wide, "elements"),
        (long, "2 MB"),
    ] {
        let begun = Instant::now();
        let error = failure(saying(bomb).await).await;
        assert!(matches!(error.fault(), DeviceFault::Hostile(_)), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{words}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("listens");
    let at = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut question = [0; 8192];
            let _ = stream.read(&mut question).await;
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n";
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(&[b'x'; 65_536]).await.is_ok() {}
        }
    });
    let error = failure(at).await;
    assert!(matches!(error.fault(), DeviceFault::Hostile(_)), "{error}");
}

#[tokio::test]
async fn a_device_that_hangs_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("listens");
    let at = listener.local_addr().expect("an address");
    let contact = OutputContact::new(address(at), None, "1", PATIENCE);
    let begun = Instant::now();
    let error = contact
        .switch_on(2 * PATIENCE)
        .await
        .expect_err("nobody answers");
    assert_eq!(error.fault(), &DeviceFault::TimedOut);
    assert_eq!(error.step(), DeviceStep::Clock);
    assert!(error.moved_nothing());
    assert!(begun.elapsed() < Duration::from_secs(2));
    drop(listener);
    let error = failure(at).await;
    assert!(
        matches!(error.fault(), DeviceFault::Unreachable(_)),
        "{error}"
    );
}

#[tokio::test]
async fn who_is_no_onvif_device_is_told_from_one_that_refuses() {
    let page = "<html><body>Login</body></html>".to_owned();
    let error = failure(saying(page).await).await;
    assert!(matches!(error.fault(), DeviceFault::NoDevice(_)), "{error}");
    let missing = serve(Arc::new(|_| Box::pin(async { answer(404, "") }))).await;
    let error = failure(missing).await;
    assert!(error.to_string().contains("404"), "{error}");
}

#[tokio::test]
async fn a_bomb_in_place_of_the_relays_answer_leaves_it_open_whether_it_switched() {
    let recorded = Arc::new(Recorded::load("hikvision-like.txt"));
    let at = serve(Arc::new(move |asked: Asked| {
        let clock = recorded.answer("GetSystemDateAndTime", 0);
        let bomb = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", envelope("&a;"));
        let is_clock = asked.operation == "GetSystemDateAndTime";
        let text = if is_clock {
            clock.expect("recorded")
        } else {
            bomb
        };
        Box::pin(async move { answer(200, text) })
    }))
    .await;
    let contact = OutputContact::new(address(at), None, "1", PATIENCE);
    let error = contact.switch_on(2 * PATIENCE).await.expect_err("a bomb");
    assert_eq!(error.step(), DeviceStep::Contact);
    assert!(!error.moved_nothing());
}

#[tokio::test]
async fn names_lose_what_would_move_a_terminals_cursor() {
    let recorded = Arc::new(Recorded::load("hikvision-like.txt"));
    let at = serve(Arc::new(move |asked: Asked| {
        let text = recorded.answer(&asked.operation, 0);
        let text = text.map(|text| text.replace("iDS-TCM403-GI<", "cam&#x1b;]0;x&#7;\u{202e}<"));
        let lacks = recorded.fault("ActionNotSupported", "Not there");
        Box::pin(async move { answer(200, text.unwrap_or(lacks)) })
    }))
    .await;
    let own = account("gate", "secret");
    let device = Device::connect(&address(at), Some(&own)).await.expect("in");
    let told = device.describe().await.expect("described");
    assert_eq!(told.model, "cam]0;x");
}

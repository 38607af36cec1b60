//! The relay driver against a real server on loopback.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method as HttpMethod, StatusCode, Uri};
use axum::routing::any;
use gate::{
    Actuation, Alarm, AlarmKind, Barrier, BarrierSettings, HttpRelay, HttpRelaySettings, Lift,
    RelayMethod,
};
use secret::Secret;
use tokio::net::TcpListener;
use words::Language;

/// One request as the relay saw it: method, path and query, headers, body.
type Request = (HttpMethod, String, HeaderMap, String);

/// A relay that answers with `answer(number of the request)` and keeps what it was asked.
struct Relay {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Relay {
    async fn start<F, A>(answer: F) -> Self
    where
        F: Fn(u32) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = (StatusCode, &'static str)> + Send,
    {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        let count = Arc::new(AtomicU32::new(0));
        let handler = move |method: HttpMethod, uri: Uri, headers: HeaderMap, body: Bytes| {
            let body = String::from_utf8_lossy(&body).into_owned();
            let request = (method, uri.to_string(), headers, body);
            kept.lock().expect("no panic").push(request);
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            answer(number)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = Router::new().fallback(any(handler));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, asked }
    }

    fn requests(&self) -> Vec<Request> {
        self.asked.lock().expect("no panic").clone()
    }

    fn settings(&self) -> HttpRelaySettings {
        HttpRelaySettings::at(format!("http://{}/relay/{{barrier}}/on", self.address))
    }
}

fn lift() -> Lift {
    Lift {
        passage: "HB001A01A260308070509".into(),
        entrance: "A".into(),
        barrier: "01".into(),
        lane: "东门1号".into(),
        plate: "冀A12345".into(),
    }
}

async fn raise(settings: HttpRelaySettings) -> Result<Actuation, Alarm> {
    let relay = HttpRelay::new(settings).expect("good settings");
    relay.raise(&lift()).await
}

#[tokio::test]
async fn one_get_raises_the_barrier() {
    let relay = Relay::start(|_| async { (StatusCode::OK, "ok") }).await;
    assert_eq!(raise(relay.settings()).await, Ok(Actuation::Raised));
    let asked = relay.requests();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (&asked[0].0, asked[0].1.as_str()),
        (&HttpMethod::GET, "/relay/01/on")
    );
}

#[tokio::test]
async fn a_post_carries_body_headers_and_password() {
    let relay = Relay::start(|_| async { (StatusCode::OK, r#"{"code":0}"#) }).await;
    let result = raise(HttpRelaySettings {
        method: RelayMethod::Post,
        body: Some(r#"{"channel": 1, "for": "{plate}"}"#.into()),
        user: Some("guard".into()),
        password: Some(Secret::new("wide-open")),
        headers: [("X-Token".to_owned(), Secret::new("t0ken"))].into(),
        expect: Some("\"code\":0".into()),
        ..relay.settings()
    })
    .await;
    assert_eq!(result, Ok(Actuation::Raised));
    let (method, _, headers, body) = relay.requests().remove(0);
    assert_eq!(method, HttpMethod::POST);
    assert_eq!(body, r#"{"channel": 1, "for": "冀A12345"}"#);
    assert_eq!(headers["x-token"], "t0ken");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["authorization"], "Basic Z3VhcmQ6d2lkZS1vcGVu");
}

#[tokio::test]
async fn a_failing_relay_is_told_once_unless_it_may_be_told_twice() {
    let relay = Relay::start(|_| async { (StatusCode::INTERNAL_SERVER_ERROR, "") }).await;
    let alarm = raise(relay.settings()).await.expect_err("500");
    assert_eq!((alarm.kind, alarm.tries), (AlarmKind::Refused, 1));
    assert!(alarm.detail.contains("500"), "{}", alarm.detail);

    let recovers = |number| async move {
        match number {
            1 => (StatusCode::SERVICE_UNAVAILABLE, ""),
            _ => (StatusCode::OK, ""),
        }
    };
    let relay = Relay::start(recovers).await;
    let repeatable = HttpRelaySettings {
        repeatable: true,
        ..relay.settings()
    };
    assert_eq!(raise(repeatable).await, Ok(Actuation::Raised));
    assert_eq!(relay.requests().len(), 2);
}

#[tokio::test]
async fn a_wrong_password_is_not_tried_again() {
    let relay = Relay::start(|_| async { (StatusCode::UNAUTHORIZED, "") }).await;
    let alarm = raise(HttpRelaySettings {
        repeatable: true,
        ..relay.settings()
    })
    .await
    .expect_err("401");
    assert_eq!((alarm.kind, alarm.tries), (AlarmKind::Unauthorized, 1));
}

#[tokio::test]
async fn a_relay_that_says_yes_without_doing_it_is_an_alarm() {
    let relay = Relay::start(|_| async { (StatusCode::OK, r#"{"code":7}"#) }).await;
    let alarm = raise(HttpRelaySettings {
        expect: Some("\"code\":0".into()),
        ..relay.settings()
    })
    .await
    .expect_err("not what is expected");
    assert_eq!(alarm.kind, AlarmKind::Refused);
}

#[tokio::test]
async fn a_silent_relay_is_given_up_within_two_seconds_and_told_once() {
    let silent = |_| async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        (StatusCode::OK, "")
    };
    let relay = Relay::start(silent).await;
    let start = Instant::now();
    let alarm = raise(relay.settings()).await.expect_err("no answer");
    assert_eq!((alarm.kind, alarm.tries), (AlarmKind::TimedOut, 1));
    assert_eq!(relay.requests().len(), 1);

    let stubborn = HttpRelaySettings {
        repeatable: true,
        ..relay.settings()
    };
    let alarm = raise(stubborn).await.expect_err("no answer");
    assert!(alarm.kind == AlarmKind::TimedOut && alarm.tries >= 2);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?} for both");
}

#[tokio::test]
async fn after_a_relay_that_closed_the_line_nobody_claims_to_know_where_the_arm_is() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 1024];
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut request).await;
        }
    });
    let settings = HttpRelaySettings::at(format!("http://{address}/on"));
    let alarm = raise(settings).await.expect_err("no answer");
    assert_eq!((alarm.kind, alarm.tries), (AlarmKind::Unanswered, 1));
    let said = alarm.text(Language::En, "01");
    assert!(said.contains("may be up or not"), "{said}");
    assert!(alarm.text(Language::Zh, "01").contains("请看杆是否已起"));
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_and_tells_no_secrets() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let url = format!("http://{address}/on?key=hush-hush");
    let start = Instant::now();
    let alarm = raise(HttpRelaySettings {
        password: Some(Secret::new("wide-open")),
        user: Some("guard".into()),
        ..HttpRelaySettings::at(&url)
    })
    .await
    .expect_err("nobody listens");
    assert_eq!(alarm.kind, AlarmKind::Unreachable);
    assert!(
        alarm.tries > 1,
        "nothing was sent, so it may be tried again"
    );
    assert!(start.elapsed() < Duration::from_millis(2500));
    for secret in ["hush-hush", "wide-open", "guard"] {
        assert!(!format!("{alarm:?} {alarm}").contains(secret), "{alarm}");
    }
}

/// A relay that answers with `begin` and then with `again` for ever, `pause` after each. Its address,
/// and how many bytes were taken.
async fn endless(
    begin: &'static str,
    again: Vec<u8>,
    pause: Duration,
) -> (HttpRelaySettings, tokio::task::JoinHandle<usize>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let taken = tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.expect("comes");
        let mut request = [0; 4096];
        let _ = tcp.read(&mut request).await;
        let mut taken = begin.len();
        let _ = tcp.write_all(begin.as_bytes()).await;
        while taken < 256 << 20 && tcp.write_all(&again).await.is_ok() {
            taken += again.len();
            tokio::time::sleep(pause).await;
        }
        taken
    });
    let settings = HttpRelaySettings {
        expect: Some("done".into()),
        ..HttpRelaySettings::at(format!("http://{address}/on"))
    };
    (settings, taken)
}

#[tokio::test]
async fn an_answer_without_end_is_left_and_one_that_trickles_is_not_waited_for() {
    let (fine, none) = ("HTTP/1.1 200 OK\r\n", Duration::ZERO);
    let body = "HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n";
    let trickle = Duration::from_millis(50);
    let line = || b"x-relay: on\r\n".repeat(500);
    for (begin, again, pause, kind) in [
        (body, vec![b'x'; 65_536], none, AlarmKind::Refused),
        (fine, line(), none, AlarmKind::Unanswered),
        ("", vec![b'x'; 65_536], none, AlarmKind::Unanswered),
        (body, vec![b'x'], trickle, AlarmKind::TimedOut),
        (fine, b"x: y\r\n".to_vec(), trickle, AlarmKind::TimedOut),
        ("", b"H".to_vec(), trickle, AlarmKind::TimedOut),
    ] {
        let (settings, taken) = endless(begin, again, pause).await;
        let alarm = raise(settings).await.expect_err("no answer");
        assert_eq!(alarm.kind, kind, "{begin:?}: {alarm}");
        let taken = taken.await.expect("told");
        assert!(taken < 16 << 20, "{begin:?}: {taken} bytes were taken");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let relay = Relay::start(|_| async { (StatusCode::FOUND, "") }).await;
    let alarm = raise(relay.settings()).await.expect_err("elsewhere");
    assert_eq!(alarm.kind, AlarmKind::Refused);
}

#[test]
fn every_mistake_in_the_settings_is_told_at_once_and_without_secrets() {
    let mistakes = HttpRelaySettings {
        body: Some("{gate}".into()),
        total_ms: 60_000,
        timeout_ms: 0,
        headers: [("X-Token".to_owned(), Secret::new("hush\nhush"))].into(),
        ..HttpRelaySettings::at("ftp://guard:hush@relay/on")
    };
    let shown = format!("{mistakes:?}");
    assert!(!shown.contains("hush"), "{shown}");
    let errors = HttpRelay::new(mistakes).expect_err("mistakes");
    let keys: Vec<_> = errors.iter().map(|e| e.key).collect();
    assert_eq!(
        keys,
        ["url", "body", "body", "total_ms", "timeout_ms", "headers"]
    );
    assert!(errors.iter().all(|e| !e.to_string().contains("hush")));
    let with_user = HttpRelay::new(HttpRelaySettings::at("http://guard:hush@relay/on"))
        .expect_err("a password");
    assert!(with_user[0].to_string().contains("use user, password_file"));
    assert!(!with_user[0].to_string().contains("hush"));
}

#[test]
fn a_relay_is_chosen_by_name_is_an_http_one_without_and_is_shown_as_it_was_read() {
    let read = |text: &str| {
        let document = settings::Document::parse(text).expect("TOML");
        document.read(Path::new("/"), |root| {
            root.table("relay", BarrierSettings::read)
        })
    };
    let relay = read("[relay]\nurl = \"http://10.0.0.9/on\"")
        .expect("right")
        .expect("there");
    assert!(relay.open().is_ok());
    let mut printer = settings::Printer::default();
    printer.table("relay", |p| relay.show(p));
    let shown = printer.into_text();
    assert!(
        shown.contains("driver = \"http\"\nurl = \"http://10.0.0.9/on\""),
        "{shown}"
    );
    let again = read(&shown).expect("loads again").expect("there");
    let mut printer = settings::Printer::default();
    printer.table("relay", |p| again.show(p));
    assert_eq!(printer.into_text(), shown);

    let told =
        read("[relay]\ndriver = \"steam\"\nurl = \"ftp://10.0.0.9\"").expect_err("two mistakes");
    let keys: Vec<_> = told.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, ["relay.driver", "relay.url"]);
    assert!(told[0].to_string().contains("\"http\""), "{}", told[0]);
}

//! The driver of a camera's relay output against a real server on loopback.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use gate::OnvifRelaySettings;
use gate::{Actuation, Alarm, AlarmKind, Barrier, BarrierSettings, Lift, OnvifRelay};
use jiff::tz::TimeZone;
use onvif::{Account, DeviceAddress};
use secret::Secret;
use tokio::net::TcpListener;

/// What a camera does when it is told to switch its output.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Obeys,
    /// It switches and says nothing.
    Mute,
    Refuses,
    WantsAnother,
}

struct Camera {
    at: SocketAddr,
    /// Each order: `active` or `inactive`.
    orders: Arc<Mutex<Vec<String>>>,
}

fn envelope(body: &str) -> String {
    format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:t=\"urn:t\"><s:Body>{body}</s:Body></s:Envelope>"
    )
}

fn clock() -> String {
    let now = jiff::Timestamp::now().to_zoned(TimeZone::UTC);
    let time = format!(
        "<t:Time><t:Hour>{}</t:Hour><t:Minute>{}</t:Minute><t:Second>{}</t:Second></t:Time><t:Date><t:Year>{}</t:Year><t:Month>{}</t:Month><t:Day>{}</t:Day></t:Date>",
        now.hour(),
        now.minute(),
        now.second(),
        now.year(),
        now.month(),
        now.day()
    );
    envelope(&format!(
        "<t:GetSystemDateAndTimeResponse><t:SystemDateAndTime><t:UTCDateTime>{time}</t:UTCDateTime></t:SystemDateAndTime></t:GetSystemDateAndTimeResponse>"
    ))
}

fn fault(code: &str) -> String {
    envelope(&format!(
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:{code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text>no</s:Text></s:Reason></s:Fault>"
    ))
}

impl Camera {
    async fn start(manner: Manner) -> Self {
        let orders = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&orders);
        let answer = move |body: String| {
            let kept = Arc::clone(&kept);
            async move {
                if !body.contains("SetRelayOutputState") {
                    return (StatusCode::OK, clock());
                }
                let state = body.split("LogicalState>").nth(1).unwrap_or_default();
                let state = state.split('<').next().unwrap_or_default().to_owned();
                kept.lock().expect("no panic").push(state);
                match manner {
                    Manner::Obeys => {}
                    Manner::Mute => tokio::time::sleep(Duration::from_secs(30)).await,
                    Manner::Refuses => return (StatusCode::BAD_REQUEST, fault("InvalidArgVal")),
                    Manner::WantsAnother => {
                        return (StatusCode::BAD_REQUEST, fault("NotAuthorized"));
                    }
                }
                let done = "<t:SetRelayOutputStateResponse/>";
                (StatusCode::OK, envelope(done))
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("an address");
        let app = Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { at, orders }
    }

    fn orders(&self) -> Vec<String> {
        self.orders.lock().expect("no panic").clone()
    }

    fn settings(&self) -> OnvifRelaySettings {
        OnvifRelaySettings {
            address: DeviceAddress::parse(&self.at.to_string()).expect("an address"),
            account: Some(Account {
                user: "gate".to_owned(),
                password: Secret::new("secret"),
            }),
            output: "AlarmOut_1".to_owned(),
            let_go_after_ms: 0,
            timeout_ms: 400,
            total_ms: 1200,
        }
    }
}

fn lift() -> Lift {
    Lift {
        passage: "HB001A01A260308070509".into(),
        entrance: "A".into(),
        barrier: "01".into(),
        lane: "north-in".into(),
        plate: "冀A12345".into(),
    }
}

async fn raise(settings: &OnvifRelaySettings) -> Result<Actuation, Alarm> {
    OnvifRelay::new(settings).raise(&lift()).await
}

#[tokio::test]
async fn an_order_switches_the_output_once() {
    let camera = Camera::start(Manner::Obeys).await;
    let relay = OnvifRelay::new(&camera.settings());
    for _ in 0..3 {
        assert_eq!(relay.raise(&lift()).await, Ok(Actuation::Raised));
    }
    assert_eq!(camera.orders(), ["active"; 3]);
    let kept = relay.keep_down(&lift()).await;
    assert_eq!(kept, Ok(Actuation::KeptDown));
    assert_eq!(camera.orders().len(), 3);
}

#[tokio::test]
async fn an_output_that_stays_on_is_let_go() {
    let camera = Camera::start(Manner::Obeys).await;
    let settings = OnvifRelaySettings {
        let_go_after_ms: 200,
        ..camera.settings()
    };
    assert_eq!(raise(&settings).await, Ok(Actuation::Raised));
    assert_eq!(camera.orders(), ["active"]);
    let until = Instant::now() + Duration::from_secs(5);
    while camera.orders().len() < 2 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(camera.orders(), ["active", "inactive"]);
}

#[tokio::test]
async fn an_order_without_an_answer_is_never_sent_twice_and_the_alarm_leaves_open_what_happened() {
    let camera = Camera::start(Manner::Mute).await;
    let begun = Instant::now();
    let alarm = raise(&camera.settings()).await.expect_err("mute");
    assert_eq!((alarm.kind, alarm.tries), (AlarmKind::TimedOut, 1));
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert_eq!(camera.orders(), ["active"]);
}

#[tokio::test]
async fn a_camera_that_is_away_is_tried_until_the_time_is_over() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("an address");
    let hung = Camera {
        at,
        orders: Arc::default(),
    };
    // Connections come about, and nobody answers: the clock was asked for, so nothing moved.
    let begun = Instant::now();
    let alarm = raise(&hung.settings()).await.expect_err("hung");
    assert_eq!(alarm.kind, AlarmKind::Unreachable, "{alarm}");
    assert!(alarm.tries > 1 && begun.elapsed() < Duration::from_secs(2));
    drop(listener);
    let alarm = raise(&hung.settings()).await.expect_err("away");
    assert_eq!(alarm.kind, AlarmKind::Unreachable, "{alarm}");
    assert!(alarm.tries > 1, "{alarm}");
}

#[tokio::test]
async fn a_camera_that_says_no_is_told_from_one_that_wants_another_password() {
    for (manner, kind) in [
        (Manner::Refuses, AlarmKind::Refused),
        (Manner::WantsAnother, AlarmKind::Unauthorized),
    ] {
        let camera = Camera::start(manner).await;
        let alarm = raise(&camera.settings()).await.expect_err("no");
        assert_eq!((alarm.kind, alarm.tries), (kind, 1), "{alarm}");
        assert_eq!(camera.orders().len(), 1);
        assert!(!alarm.to_string().contains("secret"));
    }
}

#[test]
fn a_site_chooses_it_by_name_and_its_settings_load_again() {
    let read = |text: &str| {
        let document = settings::Document::parse(text).expect("TOML");
        document.read(Path::new("/"), |root| {
            root.unless_empty("relay", BarrierSettings::read)
        })
    };
    let text = "[relay]\ndriver = \"onvif\"\naddress = \"192.168.1.64:8000\"\noutput = \"AlarmOut_1\"\nlet_go_after_ms = 500";
    let relay = read(text).expect("right").expect("there");
    assert_eq!(relay.address(), Some(("192.168.1.64".to_owned(), 8000)));
    assert!(relay.open().is_ok());
    let mut printer = settings::Printer::default();
    printer.table("relay", |p| relay.show(p));
    let shown = printer.into_text();
    let again = read(&shown).expect("loads again").expect("there");
    assert_eq!(format!("{relay:?}"), format!("{again:?}"));
    let wrong = "[relay]\ndriver = \"onvif\"\naddress = \"http://a:b@c\"\nlet_go_after_ms = 9000";
    let problems = read(wrong).expect_err("wrong");
    let keys: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(keys.len(), 3, "{keys:?}");
}

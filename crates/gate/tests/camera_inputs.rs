//! A camera's own inputs beside a barrier, against a real server on loopback in the form of a Hikvision camera.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use gate::{ArmState, Input, InputEvent, InputsSettings, LastRaise};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::LanePlace;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

/// Longest wait for anything.
const LIMIT: Duration = Duration::from_secs(30);

/// What the camera has to tell: input, level, and whether that is how it stood at the beginning.
type Told = Arc<Mutex<Vec<(&'static str, bool, bool)>>>;

fn recorded() -> BTreeMap<String, String> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../onvif/testdata/hikvision-like.txt"
    );
    let text = std::fs::read_to_string(path).expect("the file");
    let parts = text.split("\n== ").skip(1);
    let parts = parts.filter_map(|part| part.split_once('\n'));
    parts
        .map(|(name, text)| (name.trim().to_owned(), text.trim().to_owned()))
        .collect()
}

fn pulled(told: &Told) -> String {
    let told: Vec<_> = told.lock().expect("no panic").drain(..).collect();
    let message = |(input, level, first): (&str, bool, bool)| {
        let operation = if first { "Initialized" } else { "Changed" };
        format!(
            "<wsnt:NotificationMessage><wsnt:Topic>tns1:Device/Trigger/tnshik:AlarmIn</wsnt:Topic><wsnt:Message>\
             <tt:Message UtcTime=\"2026-01-01T08:00:01Z\" PropertyOperation=\"{operation}\"><tt:Source>\
             <tt:SimpleItem Name=\"AlarmInToken\" Value=\"{input}\"/></tt:Source><tt:Data>\
             <tt:SimpleItem Name=\"State\" Value=\"{level}\"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>"
        )
    };
    let messages: String = told.into_iter().map(message).collect();
    format!(
        "<tev:PullMessagesResponse><tev:CurrentTime>2026-01-01T08:00:02Z</tev:CurrentTime>\
         <tev:TerminationTime>2026-01-01T08:01:00Z</tev:TerminationTime>{messages}</tev:PullMessagesResponse>"
    )
}

/// A camera that answers at this address until its task is aborted.
async fn camera(at: SocketAddr, told: Told) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind(at).await.expect("a port");
    let at = listener.local_addr().expect("an address");
    let recorded = Arc::new(recorded());
    let answer = move |headers: HeaderMap| {
        let (recorded, told) = (Arc::clone(&recorded), Arc::clone(&told));
        async move {
            let kind = headers
                .get("content-type")
                .and_then(|kind| kind.to_str().ok());
            let action = kind.unwrap_or_default().split("action=\"").nth(1);
            let action = action.unwrap_or_default().trim_end_matches('"');
            let operation = action.rsplit('/').next().unwrap_or_default();
            let body = match operation.trim_end_matches("Request") {
                "PullMessages" => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    Some(pulled(&told))
                }
                "Renew" => Some("<wsnt:RenewResponse/>".to_owned()),
                other => recorded.get(other).cloned(),
            };
            let Some(body) = body else {
                return (StatusCode::INTERNAL_SERVER_ERROR, String::new());
            };
            let mut text = recorded["envelope"].replace("{BODY}", &body);
            let now = Timestamp::now().to_zoned(TimeZone::UTC);
            for (name, value) in [
                ("{YEAR}", i64::from(now.year())),
                ("{MONTH}", i64::from(now.month())),
                ("{DAY}", i64::from(now.day())),
                ("{HOUR}", i64::from(now.hour())),
                ("{MINUTE}", i64::from(now.minute())),
                ("{SECOND}", i64::from(now.second())),
            ] {
                text = text.replace(name, &value.to_string());
            }
            (StatusCode::OK, text)
        }
    };
    let app = Router::new().fallback(answer);
    let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
    (at, task)
}

fn settings(keys: &str) -> InputsSettings {
    let text = format!("[inputs]\n{keys}");
    let document = settings::Document::parse(&text).expect("TOML");
    let read = document.read(Path::new("/"), |root| {
        root.table("inputs", InputsSettings::read)
    });
    read.expect("right").expect("there")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_tells_where_the_arm_is_and_silence_is_no_state() {
    let told = Told::default();
    told.lock().expect("no panic").extend([
        ("AlarmIn_1", false, true),
        ("AlarmIn_2", false, true),
        ("AlarmIn_9", true, true),
    ]);
    let anywhere = "127.0.0.1:0".parse().expect("an address");
    let (at, task) = camera(anywhere, Arc::clone(&told)).await;
    let settings = settings(&format!(
        "driver = \"onvif\"\naddress = \"{at}\"\nuser = \"gate\"\n\
         arm_up = \"AlarmIn_1\"\nloop = \"AlarmIn_2\"\nnormally_closed = [\"loop\"]"
    ));
    let place = LanePlace {
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        sees_rear: false,
    };
    let (events, mut heard) = broadcast::channel::<InputEvent>(64);
    let watch = settings
        .watch(place, LastRaise::default(), events)
        .expect("opens");
    let mut view = watch.view();
    assert_eq!(view.borrow().inputs.arm(), ArmState::Unknown);
    let first = view.wait_for(|view| view.inputs.level(Input::Loop).is_some());
    let first = tokio::time::timeout(LIMIT, first).await.expect("told");
    let first = first.expect("open").clone();
    assert_eq!(first.inputs.arm(), ArmState::NotUp);
    assert_eq!(first.inputs.level(Input::Loop), Some(true), "rests closed");
    assert_eq!(first.answers, Some(true));

    told.lock()
        .expect("no panic")
        .push(("AlarmIn_1", true, false));
    let up = view.wait_for(|view| view.inputs.arm() == ArmState::Up);
    let up = tokio::time::timeout(LIMIT, up).await;
    up.expect("told").expect("open");
    let mut rises = Vec::new();
    while let Ok(event) = heard.try_recv() {
        if event.input == Input::ArmUp {
            rises.push((event.before, event.level));
        }
    }
    let wanted = [(None, Some(false)), (Some(false), Some(true))];
    assert_eq!(rises, wanted, "how it stood first is no movement");

    task.abort();
    let _ = task.await;
    let silent = view.wait_for(|view| view.answers == Some(false));
    let silent = tokio::time::timeout(LIMIT, silent).await.expect("noticed");
    let arm = silent.expect("open").inputs.arm();
    assert_eq!(arm, ArmState::Unknown, "nothing is assumed");
    told.lock()
        .expect("no panic")
        .push(("AlarmIn_1", false, true));
    let (_, _task) = camera(at, told).await;
    let back = view.wait_for(|view| view.inputs.arm() == ArmState::NotUp);
    let back = tokio::time::timeout(LIMIT, back).await;
    back.expect("told again").expect("open");
}

#[test]
fn a_site_names_them_as_the_camera_does_and_they_load_again() {
    let keys = "driver = \"onvif\"\naddress = \"192.168.1.64\"\nuser = \"gate\"\n\
                arm_up = \"AlarmIn_1\"\narm_down = \"AlarmIn_2\"\nnormally_closed = [\"arm_down\"]\nrises_within = \"6s\"";
    let read = settings(keys);
    assert_eq!(read.address().expect("an address").0, "192.168.1.64");
    let mut printer = settings::Printer::default();
    printer.table("inputs", |p| read.show(p));
    let shown = printer.into_text();
    let again = settings(shown.trim_start_matches("[inputs]\n"));
    assert_eq!(read, again, "{shown}");
    let document = settings::Document::parse("[inputs]\ndriver = \"onvif\"\naddress = \"a b\"");
    let wrong = document.expect("TOML").read(Path::new("/"), |root| {
        root.table("inputs", InputsSettings::read)
    });
    let problems: Vec<_> = wrong
        .expect_err("wrong")
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
}

//! A truck that a platform holds over the limit, from its list to relay, display, voice, alarm, row and MQTT.
//! The platform is away all the time: what was received once holds.

use std::time::Duration;

use alarm::CauseKind;
use jiff::Timestamp;
use ledger::{AlarmFilter, NewDownlink, Options, Reader, Writer};
use passage::{PassageView, Verdict};
use serde_json::{Value, json};

use crate::connections::broker;
use crate::decisions::display;
use crate::signs::{board, card};
use crate::support::{Site, clip, free_port};

const MINUTE: Duration = Duration::from_secs(60);
/// The truck of the clip; its plate is yellow.
const PLATE: &str = "黑U36190";

/// What became of the truck.
struct Came {
    passage: PassageView,
    /// How often the relay was closed.
    closings: u32,
    /// What the display showed while the truck stood there.
    display: [String; 4],
    /// The decision as MQTT told it.
    decision: Value,
    /// Alarms about it.
    alarms: Vec<CauseKind>,
    /// Whether anything was spoken.
    is_spoken: bool,
}

/// The truck comes, and this is what the platform has said of vehicles.
async fn comes(said: &[Value]) -> Came {
    let (board, card) = (board::Board::default(), card::Card::default());
    let recording = format!("{{ file = \"{}\" }}", clip("short-1080p.mp4").display());
    let site = Site::speaking("zh").lane("a", "in", "front", &recording);
    let voice = site.folder.path().join("said.wav");
    let broker = broker(&site);
    let heard = display(broker.1);
    site.secret("mqtt", "right-password");
    let site = site
        .add(&format!(
            "[lane.relay]\ndriver = \"modbus\"\nport = \"tcp://{}\"\npulse = \"100ms\"\n\
             [lane.display]\nport = \"tcp://{}\"\nkeep = \"120s\"\n\
             [lane.voice]\ndevice = \"file:FILE={},FORMAT=wav\"\n\
             [mqtt]\nhost = \"127.0.0.1\"\nport = {}\nusername = \"gate\"\npassword_file = \"mqtt\"\n",
            board.on_tcp(),
            card.on_tcp(),
            voice.display(),
            broker.1
        ))
        .regulator(free_port());
    std::fs::create_dir_all(site.data()).expect("made");
    let mut writer = Writer::open(&site.data(), Options::default()).expect("a ledger");
    let numbered = (1..).zip(said);
    let entries: Vec<_> = numbered
        .map(|(n, parsed): (u32, _)| NewDownlink {
            platform_id: format!("V-{n}"),
            sha256: n.to_string(),
            raw: json!({}),
            parsed: parsed.clone(),
        })
        .collect();
    let kept = writer.keep_downlinks("platform:r", "over_limit", &entries, Timestamp::now());
    kept.expect("kept");
    drop(writer);

    let mut daemon = site.start(&[]);
    let decisions = || -> Vec<Value> {
        let heard = heard.lock().expect("whole");
        heard
            .iter()
            .filter(|(topic, _)| topic.starts_with("menjin/T1/decisions/"))
            .map(|(_, body)| body.clone())
            .collect()
    };
    daemon.until("the decision", 3 * MINUTE, |_| !decisions().is_empty());
    daemon.until("the record", MINUTE, |_| !site.passages().is_empty());
    daemon.until("the display", MINUTE, |_| {
        card.shown().lines[0].contains("U36190")
    });
    daemon.until("the voice", MINUTE, |_| voice.exists());
    // The sentry looks once a second; what it has not said by then it does not say.
    std::thread::sleep(Duration::from_secs(3));
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let reader = Reader::open(&site.data()).expect("readable");
    let alarms = reader.alarms(&AlarmFilter::default(), 100);
    let alarms = alarms.expect("readable").into_iter();
    let about = |kind: &CauseKind| matches!(kind, CauseKind::DeniedCame | CauseKind::DeniedPassed);
    let closings = board.state().closings[0];
    Came {
        passage: site.passages().remove(0),
        closings,
        display: card.shown().lines.clone(),
        decision: decisions().remove(0),
        alarms: alarms.map(|alarm| alarm.cause.kind).filter(about).collect(),
        is_spoken: voice.exists(),
    }
}

fn entry(color: &str, released: bool) -> Value {
    json!({"plateNo": PLATE, "plateColor": color, "exceedReason": "尾气超标", "released": released})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truck_over_the_limit_is_denied_everywhere_at_once_with_the_platform_away() {
    let came = comes(&[entry("yellow", false)]).await;
    assert_eq!(came.passage.reading.plate, PLATE);
    assert_eq!(came.passage.decision, Verdict::Deny);
    assert_eq!(came.passage.reason, "on_deny_list");
    assert_eq!(came.closings, 0, "the arm stays down");
    assert_eq!(came.decision["decision"], "deny");
    let lines = came.display.join("\n");
    for part in ["禁止通行", "在禁行名单中", "尾气超标"] {
        assert!(lines.contains(part), "{lines}");
    }
    assert!(
        came.alarms.contains(&CauseKind::DeniedCame),
        "{:?}",
        came.alarms
    );
    assert!(came.is_spoken);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truck_that_was_released_or_has_another_colour_passes() {
    let released = [entry("yellow", false), entry("yellow", true)];
    for said in [&released[..], &[entry("blue", false)]] {
        let came = comes(said).await;
        assert_eq!(came.passage.reading.plate, PLATE);
        assert_eq!(came.passage.decision, Verdict::Allow, "{said:?}");
        assert_eq!(came.closings, 1, "once");
        assert_eq!(came.decision["decision"], "allow");
        assert_eq!(came.alarms, [], "{said:?}");
    }
}

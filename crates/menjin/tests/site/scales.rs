//! Weighing indicators on a serial line and behind a converter.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ledger::{Reader, Writer};
use passage::{
    Direction, Finished, NewPassage, NewPhoto, Outcome, PassageId, PassageKey, PhotoKind, Reading,
};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::{Site, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(100);

/// What an indicator shows at this moment.
#[derive(Clone, Default)]
struct Display(Arc<AtomicI64>);

impl Display {
    fn shows(&self, kg: i64) {
        self.0.store(kg, Ordering::Relaxed);
    }

    /// As an XK3190-A9+ sends it.
    fn frame(&self) -> Vec<u8> {
        let body = format!("+{:06}0", self.0.load(Ordering::Relaxed));
        let check = body.bytes().fold(0, |check, byte| check ^ byte);
        format!("\u{2}{body}{check:02X}\u{3}").into_bytes()
    }

    fn send(self, mut to: impl std::io::Write + Send + 'static) {
        std::thread::spawn(move || {
            while to.write_all(&self.frame()).is_ok() {
                std::thread::sleep(TICK);
            }
        });
    }
}

fn serial_line() -> (File, PathBuf) {
    let far = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&far).expect("granted");
    unlockpt(&far).expect("unlocked");
    let name = ptsname(&far, Vec::new()).expect("a name");
    let name = PathBuf::from(name.into_string().expect("plain"));
    (File::from(far), name)
}

/// A converter that serves whoever connects.
fn converter(display: &Display) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let display = display.clone();
    std::thread::spawn(move || {
        for line in listener.incoming().map_while(Result::ok) {
            display.clone().send(line);
        }
    });
    port
}

fn weighings(site: &Site) -> Vec<(String, u32, u32, Timestamp)> {
    let hour_ago = Timestamp::now() - SignedDuration::from_hours(1);
    let figures = Reader::open(&site.data()).and_then(|r| r.scale_figures(hour_ago));
    let figures = figures.unwrap_or_default().into_iter();
    figures
        .map(|f| (f.scale, f.weighings, f.without_passage, f.last))
        .collect()
}

fn page(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("answers");
    let ask = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).expect("asked");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("text");
    page
}

/// What the lane's camera would have brought.
fn passes(writer: &mut Writer, lane: &str, direction: Direction, at: Timestamp) -> PassageId {
    let passage = NewPassage {
        key: PassageKey::random(),
        lane: lane.to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction,
        entered_at: at,
        decided_at: at,
        clock: frame::ClockSource::Arrival,
        clock_trusted: true,
        camera: lane.to_owned(),
        reading: Reading {
            plate: "苏A12345".to_owned(),
            color: plate::Color::Yellow,
            recognised: true,
            ..Reading::unread()
        },
        decision: passage::Verdict::Allow,
        reason: "no_strategy".to_owned(),
        grounds: passage::Grounds::default(),
    };
    let photo = |kind| NewPhoto {
        kind,
        camera: lane,
        taken_at: at,
        jpeg: b"a picture",
    };
    let photos = [photo(PhotoKind::HeadOriginal), photo(PhotoKind::Head)];
    let id = writer.decide(&passage, &photos).expect("committed");
    let end = Finished {
        outcome: Outcome::Passed,
        at,
        reading: None,
    };
    writer.finish(id, &end, &[]).expect("committed");
    id
}

#[test]
fn two_displays_without_a_plate_tell_what_a_truck_carried_out() {
    let (coming, leaving) = (Display::default(), Display::default());
    let (far, near) = serial_line();
    coming.clone().send(far);
    let port = converter(&leaving);
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let scale = |name: &str, lane: &str, port: &str| {
        format!(
            "[[weighbridge.scale]]\nname = \"{name}\"\nlanes = [\"{lane}\"]\nport = \"{port}\"\n\
             format = \"xk3190\"\nunit = \"kg\"\nstable_for = \"1s\"\nsilent_after = \"2s\"\nwindow = \"5s\"\n"
        )
    };
    let site = Site::new()
        .lane("north-in", "in", "front", camera)
        .lane("north-out", "out", "front", camera)
        .add(&scale("coming", "north-in", &near.display().to_string()))
        .add(&scale(
            "leaving",
            "north-out",
            &format!("tcp://127.0.0.1:{port}"),
        ));
    let config = site.config();
    let check = || text(&menjin(&["check", "--config", &config]).stdout);
    let said = check();
    assert!(said.contains("ok    scale coming on /dev/pts/"), "{said}");
    assert!(said.contains(": 0 kg at"), "{said}");

    let mut daemon = site.start(&[]);
    let vehicle = |display: &Display, kg: i64| {
        for shown in [0, 8_000, kg, 3_000, 0] {
            display.shows(shown);
            let seconds = if shown == kg || shown == 0 { 3 } else { 0 };
            std::thread::sleep(Duration::from_secs(seconds) + 2 * TICK);
        }
    };
    vehicle(&coming, 17_500);
    daemon.until("an empty truck", MINUTE, |_| weighings(&site).len() == 1);
    vehicle(&leaving, 49_020);
    daemon.until("a full truck", MINUTE, |_| weighings(&site).len() == 2);
    let said = check();
    assert!(said.contains("scale leaving on tcp://"), "{said}");
    assert!(
        said.contains("1 vehicle weighed in 24 h, 1 of them without a passage"),
        "{said}"
    );
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));

    // The passages come late: the weighings wait for them, also over a restart.
    let seen = weighings(&site);
    let mut writer = Writer::open(&site.data(), ledger::Options::default()).expect("free");
    let second = SignedDuration::from_secs(1);
    let came = passes(&mut writer, "north-in", Direction::In, seen[0].3 - second);
    let left = passes(&mut writer, "north-out", Direction::Out, seen[1].3 + second);
    drop(writer);
    let mut daemon = site.start(&[]);
    let cargo = |id: PassageId| {
        let passage = site.passages().into_iter().find(|p| p.id == id);
        passage.expect("there").cargo
    };
    daemon.until("a load", MINUTE, |_| cargo(left).is_some());
    let load = cargo(left).expect("weighed");
    assert_eq!((load.gross_t, load.tare_t), (Some(49.02), Some(17.5)));
    assert_eq!((load.net_t, load.amount), (Some(31.52), Some(31.52)));
    assert_eq!(cargo(came), None);
    let counted: Vec<_> = weighings(&site).into_iter().map(|w| (w.1, w.2)).collect();
    assert_eq!(
        counted,
        [(1, 0), (1, 0)],
        "each once, each with its passage"
    );
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    site.assert_sound();
}

#[test]
fn an_indicator_that_is_gone_is_told_and_the_gate_goes_on() {
    let (far, near) = serial_line();
    let display = Display::default();
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = Site::new()
        .lane("north-in", "in", "front", camera)
        .add(&format!(
            "[[weighbridge.scale]]\nname = \"s\"\nlanes = [\"north-in\"]\nport = \"{}\"\n\
             format = \"xk3190\"\nunit = \"kg\"\nsilent_after = \"1s\"\n",
            near.display()
        ));
    let mut daemon = site.start(&[]);
    let fault = |value: u8| {
        let line = format!("menjin_scale_fault{{scale=\"s\"}} {value}\n");
        page(site.status_port, "/metrics").contains(&line)
    };
    daemon.until("silence is told", MINUTE, |d| {
        fault(1) && d.log().contains("sends nothing")
    });
    let health = page(site.status_port, "/healthz");
    assert!(health.contains("\"state\":\"silent\""), "{health}");
    let out = menjin(&["check", "--config", &site.config()]);
    let said = text(&out.stdout);
    assert!(said.contains("WRONG scale s: nothing comes"), "{said}");
    display.send(far);
    daemon.until("it is heard again", MINUTE, |_| fault(0));
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
}

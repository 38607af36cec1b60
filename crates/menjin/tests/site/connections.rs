//! `menjin check` talks to everybody once, beside real servers.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ledger::{NewRevision, Writer};
use passage::{RecordKey, RecordState, Register};
use serde_json::json;
use simulator::{Options, serve};

use crate::support::rtsp_server::RtspServer;
use crate::support::{Site, clip, free_port, menjin, text};

/// A clip that is smaller than a gate's camera may be.
fn small_clip(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("small.mp4");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i"])
        .arg("testsrc2=size=640x360:rate=15:duration=4")
        .args(["-c:v", "libx264", "-g", "15", "-pix_fmt", "yuv420p"])
        .arg(&path)
        .status();
    assert!(made.expect("ffmpeg runs").success());
    path
}

/// What `check` prints, and its exit code.
fn check(site: &Site, more: &[&str]) -> (String, Option<i32>) {
    let config = site.config();
    let output = menjin(&[&["check", "--config", &config], more].concat());
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(!said.contains("hunter2"), "{said}");
    (said, output.status.code())
}

#[track_caller]
fn line<'a>(said: &'a str, of: &str) -> &'a str {
    said.lines()
        .find(|line| line.contains(of))
        .unwrap_or_else(|| panic!("no line of {of} in:\n{said}"))
}

#[test]
fn each_camera_is_seen_once_and_every_fault_has_its_remedy() {
    let site = Site::new();
    let right = site.secret("right", "right-password");
    site.secret("wrong", "hunter2-wrong");
    let small = small_clip(site.folder.path());
    let login = Some(("admin", right.as_path()));
    let server = RtspServer::start(&[("good", clip("short-720p.mp4")), ("small", small)], login);
    // Passwords are refused on a server of its own: on one device no other account would be tried less.
    let strict = RtspServer::start(&[("good", clip("short-720p.mp4"))], login);
    let camera = |url: &str, password: &str| {
        format!("{{ url = \"{url}\", user = \"admin\", password_file = \"{password}\" }}")
    };
    let dead = format!("rtsp://127.0.0.1:{}/x", free_port());
    let site = site
        .lane("good", "in", "front", &camera(&server.url("good"), "right"))
        .lane(
            "small",
            "in",
            "front",
            &camera(&server.url("small"), "right"),
        )
        .lane(
            "nopath",
            "in",
            "front",
            &camera(&server.url("nowhere"), "right"),
        )
        .lane("dead", "in", "front", &camera(&dead, "right"))
        .lane(
            "strict",
            "in",
            "front",
            &camera(&strict.url("good"), "wrong"),
        );
    let began = Instant::now();
    let (said, code) = check(&site, &[]);
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "all at the same time"
    );
    assert_eq!(code, Some(1), "{said}");
    let good = line(&said, "camera good:");
    assert!(
        good.starts_with("ok ") && good.contains("1280x720 H.264"),
        "{good}"
    );
    assert!(good.contains(" a second"), "{good}");
    for (camera, remedy) in [
        ("camera small:", "main stream"),
        ("camera nopath:", "path"),
        ("camera dead:", "address"),
        ("camera strict:", "password"),
    ] {
        let line = line(&said, camera);
        assert!(
            line.starts_with("WRONG ") && line.contains(remedy),
            "{line}"
        );
    }
    let (said, code) = check(&site, &["--offline"]);
    assert!(!said.contains("camera "), "{said}");
    assert_eq!(code, Some(0), "{said}");
}

/// A camera of the register, as the authority is to reach it.
fn registered(site: &Site, code: &str, url: &str, password: &str, state: RecordState) {
    let values = json!({"cameraCode": code, "entranceCode": "A", "gateCode": "01", "liveUrl": url,
                        "userName": "viewer", "passwordFile": password});
    let revision = NewRevision {
        key: RecordKey::random(),
        register: Register::Camera,
        base: 0,
        identity: code.to_owned(),
        values: serde_json::from_value(values).expect("an object"),
        state,
        at: jiff::Timestamp::now(),
        who: "李工".to_owned(),
        why: "只读账号".to_owned(),
        files: Vec::new(),
    };
    let mut writer = Writer::open(&site.data(), ledger::Options::default()).expect("a ledger");
    writer.write_records(&[revision]).expect("written");
}

#[test]
fn the_accounts_that_the_register_hands_over_are_tried_and_their_passwords_shown_to_nobody() {
    let site = Site::new();
    let viewer = site.secret("viewer", "hunter2-viewer");
    site.secret("old", "hunter2-old");
    let login = Some(("viewer", viewer.as_path()));
    // On one device an account that was refused is not tried again.
    let start = || RtspServer::start(&[("small", clip("small-640.mp4"))], login);
    let (server, other) = (start(), start());
    let site = site.lane("gone", "in", "front", "{ file = \"none.mp4\" }");
    site.make_ledger();
    let approved = RecordState::Approved;
    registered(&site, "CAM-1", &server.url("small"), "viewer", approved);
    registered(&site, "CAM-2", &other.url("small"), "old", approved);
    registered(&site, "CAM-3", &server.url("small"), "nowhere", approved);
    registered(&site, "CAM-4", "", "viewer", approved);
    registered(
        &site,
        "CAM-5",
        "rtsp://127.0.0.1:9/x",
        "viewer",
        RecordState::Retired,
    );
    let (said, code) = check(&site, &[]);
    assert_eq!(code, Some(1), "{said}");
    let good = line(&said, "CAM-1");
    assert!(
        good.starts_with("ok ") && good.contains("640x360"),
        "{good}"
    );
    let refused = line(&said, "CAM-2");
    assert!(
        refused.starts_with("WRONG ") && refused.contains("password"),
        "{refused}"
    );
    let unread = line(&said, "CAM-3");
    assert!(
        unread.starts_with("WRONG ") && unread.contains("nowhere"),
        "{unread}"
    );
    for silent in ["CAM-4", "CAM-5", "hunter2"] {
        assert!(!said.contains(silent), "{said}");
    }
    let (said, _) = check(&site, &["--offline"]);
    assert!(!said.contains("CAM-"), "{said}");
}

/// A broker with one user, stopped when dropped.
pub(crate) struct Broker(std::process::Child, pub(crate) u16);

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn broker(site: &Site) -> Broker {
    let port = free_port();
    let users = site.folder.path().join("users");
    let made = Command::new("mosquitto_passwd")
        .args(["-b", "-c"])
        .arg(&users)
        .args(["gate", "right-password"])
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("mosquitto is installed").success());
    let conf = format!(
        "listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {}\nuser root\nlog_dest none\n",
        users.display()
    );
    let path = site.folder.path().join("mosquitto.conf");
    std::fs::write(&path, conf).expect("written");
    let child = Command::new("/usr/sbin/mosquitto")
        .arg("-c")
        .arg(path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("mosquitto is installed");
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(Duration::from_millis(50));
    }
    Broker(child, port)
}

#[tokio::test(flavor = "multi_thread")]
async fn platform_broker_and_relay_are_reached_or_it_is_said_where_it_fails() {
    let port = free_port();
    let listen = ([127, 0, 0, 1], port).into();
    let regulator = serve(Options {
        listen,
        ..Options::default()
    });
    let regulator = regulator.await.expect("listens");
    let recording = format!("{{ file = \"{}\" }}", clip("short-720p.mp4").display());
    let relay = std::net::TcpListener::bind("127.0.0.1:0").expect("listens");
    let relay_at = relay.local_addr().expect("an address");
    let site = Site::new()
        .lane("a", "in", "front", &recording)
        .add(&format!(
            "[lane.relay]\nurl = \"http://{relay_at}/on?x=hunter2\"\n"
        ))
        .regulator(port);
    let broker = broker(&site);
    site.secret("mqtt", "right-password");
    let mqtt = format!(
        "[mqtt]\nhost = \"127.0.0.1\"\nport = {}\nusername = \"gate\"\npassword_file = \"mqtt\"\n",
        broker.1
    );
    let site = site.add(&mqtt);
    let (said, code) = check(&site, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        line(&said, "platform:r: ").contains("takes our log-in"),
        "{said}"
    );
    assert!(line(&said, "mqtt: ").contains("takes our log-in"), "{said}");
    assert!(
        line(&said, "relay of lane a: ").contains("answers"),
        "{said}"
    );
    relay.set_nonblocking(true).expect("set");
    while let Ok((mut stream, _)) = relay.accept() {
        let mut heard = String::new();
        let _ = std::io::Read::read_to_string(&mut stream, &mut heard);
        assert_eq!(heard, "", "a relay is only reached, nothing is asked of it");
    }

    site.secret("mqtt", "hunter2");
    site.secret("regulator", "hunter2");
    drop(relay);
    let (said, code) = check(&site, &[]);
    assert_eq!(code, Some(1), "{said}");
    for (name, words) in [
        ("platform:r: ", "refuses the log-in"),
        ("mqtt: ", "refuses the log-in"),
        ("relay of lane a: ", "does not answer"),
    ] {
        let line = line(&said, name);
        assert!(line.starts_with("WRONG ") && line.contains(words), "{line}");
    }
    regulator.stop().await;
}

#[test]
fn a_running_gate_keeps_its_name_at_the_broker_while_it_is_checked() {
    let recording = format!(
        "{{ file = \"{}\", repeat = true }}",
        clip("short-720p.mp4").display()
    );
    let site = Site::new().lane("a", "in", "front", &recording);
    let broker = broker(&site);
    site.secret("mqtt", "right-password");
    let site = site.add(&format!(
        "[mqtt]\nhost = \"127.0.0.1\"\nport = {}\nusername = \"gate\"\npassword_file = \"mqtt\"\n",
        broker.1
    ));
    let mut daemon = site.start(&[]);
    let connected = |log: &str| log.matches("connected").count();
    daemon.until("the broker", Duration::from_secs(60), |d| {
        connected(&d.log()) == 1
    });
    let (said, _) = check(&site, &[]);
    assert!(line(&said, "mqtt: ").contains("did not"), "{said}");
    let log = daemon.log();
    assert_eq!(connected(&log), 1, "{log}");
    assert!(!log.contains("closed the connection"), "{log}");
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(Duration::from_secs(60)).1, Some(0));
}

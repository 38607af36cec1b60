//! Publishing to a real mosquitto.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alarm::{Cause, CauseKind};
use common::{Gate, brisk, eventually, until};
use rumqttc::{AsyncClient, Broker as Address, Event, MqttOptions, Packet, QoS};
use sync::{FailureKind, HomeAssistant, LiveState, Mqtt, MqttLive, MqttSettings, Secret, spawn};

const PASSWORD: &str = "correct horse";

struct Broker {
    port: u16,
    folder: tempfile::TempDir,
    child: Child,
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Broker {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let folder = tempfile::tempdir().unwrap();
        let users = folder.path().join("users");
        let made = Command::new("mosquitto_passwd")
            .args(["-b", "-c"])
            .arg(&users)
            .args(["gate", PASSWORD])
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        let conf = format!(
            "listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {}\nuser root\n\
             persistence true\npersistence_location {}/\nautosave_interval 1\n\
             autosave_on_changes true\nlog_dest none\nmax_queued_messages 0\n",
            users.display(),
            folder.path().display(),
        );
        std::fs::write(folder.path().join("conf"), conf).unwrap();
        let child = run(folder.path());
        Self {
            port,
            folder,
            child,
        }
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn restart(&mut self) {
        self.child = run(self.folder.path());
    }

    fn settings(&self) -> MqttSettings {
        MqttSettings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            username: Some("gate".to_owned()),
            password: Secret::new(PASSWORD),
            site: "cement/1".to_owned(),
            timeout: Duration::from_secs(2),
            connect_timeout: Duration::from_secs(2),
            pace: brisk(),
            ..MqttSettings::default()
        }
    }

    /// Everything published below `menjin/`, by topic, as a second client sees it.
    fn subscribe(&self) -> Arc<Mutex<Vec<(String, String)>>> {
        let mut options = MqttOptions::new("onlooker", Address::tcp("127.0.0.1", self.port));
        options
            .set_credentials("gate", PASSWORD)
            .set_clean_session(false);
        let (client, mut events) = AsyncClient::builder(options).capacity(100).build();
        let seen = Arc::<Mutex<Vec<(String, String)>>>::default();
        let into = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::ConnAck(_))) => {
                        for topics in ["menjin/#", "homeassistant/#"] {
                            client.subscribe(topics, QoS::AtLeastOnce).await.unwrap();
                        }
                    }
                    Ok(Event::Incoming(Packet::Publish(p))) => {
                        let body = String::from_utf8_lossy(&p.payload).into_owned();
                        let topic = String::from_utf8(p.topic.to_vec()).unwrap();
                        into.lock().unwrap().push((topic, body));
                    }
                    Ok(_) => {}
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        });
        seen
    }
}

fn run(folder: &Path) -> Child {
    let conf = folder.join("conf");
    Command::new("/usr/sbin/mosquitto")
        .arg("-c")
        .arg(conf)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("mosquitto is installed")
}

/// How often each serial number was seen on the passage topics.
fn passages(seen: &Mutex<Vec<(String, String)>>) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for (topic, body) in seen.lock().unwrap().iter() {
        if topic.contains("/passages/") {
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            *count
                .entry(body["serial"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
    }
    count
}

fn last_status(seen: &Mutex<Vec<(String, String)>>) -> String {
    let seen = seen.lock().unwrap();
    let status = seen
        .iter()
        .rev()
        .find(|(topic, _)| topic == "menjin/cement_1/status");
    status.map(|(_, body)| body.clone()).unwrap_or_default()
}

#[tokio::test]
async fn nothing_is_lost_when_the_broker_is_killed_half_way() {
    let mut broker = Broker::start();
    let seen = broker.subscribe();
    eventually("the onlooker is there", || {
        std::net::TcpStream::connect(("127.0.0.1", broker.port)).is_ok()
    })
    .await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let gate = Gate::new("mqtt");
    let settings = broker.settings();
    let pace = settings.pace.clone();
    let worker = spawn(Mqtt::new(settings).unwrap(), gate.ledger.clone(), pace);
    until(worker.status(), |s| s.online).await;

    let mut keys = Vec::new();
    for n in 0..50 {
        if n == 25 {
            until(worker.status(), |s| s.acknowledged >= 10).await;
            broker.kill();
        }
        let lane = format!("lane-{}", n % 2);
        keys.push(
            gate.passage(&lane, &format!("云A{n:05}"), Duration::ZERO)
                .await
                .to_string(),
        );
    }
    let away = until(worker.status(), |s| {
        s.offline_since.is_some() && s.generated == 50
    })
    .await;
    assert!(away.waiting > 0);
    broker.restart();
    let status = until(worker.status(), |s| s.acknowledged == 50).await;
    assert_eq!(
        (status.waiting, status.refused, status.online),
        (0, 0, true)
    );
    eventually("the onlooker has seen all", || passages(&seen).len() == 50).await;
    let count = passages(&seen);
    assert!(keys.iter().all(|key| count.contains_key(key)));
    let twice = count.values().filter(|n| **n > 1).count();
    assert!(twice <= 2, "{twice} passages were published more than once");
    let first = seen
        .lock()
        .unwrap()
        .iter()
        .find(|(t, _)| t.contains("passages"))
        .cloned();
    let (topic, body) = first.unwrap();
    assert!(
        topic.starts_with("menjin/cement_1/passages/lane-"),
        "{topic}"
    );
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["color"], "yellow_green");
    assert_eq!(body["photos"][0]["sha256"].as_str().unwrap().len(), 64);
    worker.stop().await;
    eventually("a goodbye", || last_status(&seen).contains("stopped")).await;
}

#[tokio::test]
async fn a_wrong_password_is_told_without_the_password() {
    let broker = Broker::start();
    eventually("the broker is there", || {
        std::net::TcpStream::connect(("127.0.0.1", broker.port)).is_ok()
    })
    .await;
    let gate = Gate::new("mqtt");
    gate.passage("lane-1", "云A00001", Duration::ZERO).await;
    let settings = MqttSettings {
        password: Secret::new("hunter2"),
        ..broker.settings()
    };
    assert!(!format!("{settings:?}").contains("hunter2"));
    let pace = settings.pace.clone();
    let worker = spawn(Mqtt::new(settings).unwrap(), gate.ledger.clone(), pace);
    let log_in = |s: &sync::SinkStatus| {
        s.last_error
            .as_ref()
            .is_some_and(|e| e.kind == FailureKind::LogIn)
    };
    let status = until(worker.status(), log_in).await;
    let words = status.last_error.unwrap().words;
    assert_eq!(words, "the broker refuses user \"gate\" or the password");
    worker.stop().await;
    assert_eq!(gate.counters("mqtt").await.waiting, 1);
}

#[tokio::test]
async fn the_broker_tells_others_when_a_gate_is_cut_off() {
    let broker = Broker::start();
    let seen = broker.subscribe();
    let gate = Gate::new("mqtt");
    let settings = broker.settings();
    let pace = settings.pace.clone();
    let life = tokio::runtime::Runtime::new().unwrap();
    let ledger = gate.ledger.clone();
    let start = async move { spawn(Mqtt::new(settings).unwrap(), ledger, pace) };
    let _worker = life.spawn(start).await.unwrap();
    eventually("online is seen", || last_status(&seen).contains("online")).await;
    // Ended without a goodbye, as when the process dies.
    life.shutdown_background();
    eventually("offline is seen", || {
        last_status(&seen).contains("connection lost")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_days_anchor_leaves_through_the_broker_once_it_is_back_and_stays_there() {
    let mut broker = Broker::start();
    let gate = Gate::new("mqtt");
    gate.passage("lane-1", "云A12345", Duration::ZERO).await;
    let anchor = |day: &str| {
        let day = day.parse().unwrap();
        gate.ledger
            .write(move |writer| writer.anchor(day, jiff::Timestamp::now()))
    };
    let first = anchor("2026-03-01").await.unwrap().unwrap();
    broker.kill();
    let settings = broker.settings();
    let pace = settings.pace.clone();
    let sink = Mqtt::new(settings)
        .unwrap()
        .with_anchors(gate.ledger.clone());
    let worker = spawn(sink, gate.ledger.clone(), pace);
    until(worker.status(), |s| s.last_error.is_some()).await;
    let second = anchor("2026-03-02").await.unwrap().unwrap();
    let waiting = || async {
        let found = gate.ledger.read(|reader| reader.anchors_at("mqtt")).await;
        found.unwrap()
    };
    assert_eq!(waiting().await.1, [first.clone(), second.clone()]);
    broker.restart();
    until(worker.status(), |s| s.acknowledged == 1).await;
    let began = std::time::Instant::now();
    while !waiting().await.1.is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "anchors stay here"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.stop().await;
    // Whoever asks afterwards still gets both, in the form that `menjin verify --anchors` reads.
    let seen = broker.subscribe();
    let got = || {
        let seen = seen.lock().unwrap();
        let anchors = seen.iter().filter(|(topic, _)| topic.contains("/anchors/"));
        anchors
            .map(|(topic, body)| (topic.clone(), serde_json::from_str(body).unwrap()))
            .collect::<BTreeMap<String, ledger::Anchor>>()
    };
    eventually("both anchors are kept by the broker", || got().len() == 2).await;
    assert_eq!(got()["menjin/cement_1/anchors/2026-03-01"], first);
    assert_eq!(got()["menjin/cement_1/anchors/2026-03-02"], second);
}

/// Another client that comes back at once whenever it is thrown out, as a copied configuration does.
async fn namesake(port: u16) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let name = b"menjin";
    let (user, password) = (b"gate", PASSWORD.as_bytes());
    let mut body = b"\x00\x04MQTT\x04\xc2\x00\x1e".to_vec();
    for text in [&name[..], user, password] {
        body.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        body.extend(text);
    }
    loop {
        if let Ok(mut tcp) = tokio::net::TcpStream::connect(("127.0.0.1", port)).await {
            let head = [0x10, u8::try_from(body.len()).unwrap()];
            let _ = tcp.write_all(&[&head[..], &body].concat()).await;
            let mut rest = Vec::new();
            let _ = tcp.read_to_end(&mut rest).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn two_gates_of_one_name_are_told_so() {
    let broker = Broker::start();
    eventually("the broker is there", || {
        std::net::TcpStream::connect(("127.0.0.1", broker.port)).is_ok()
    })
    .await;
    let other = tokio::spawn(namesake(broker.port));
    let gate = Gate::new("mqtt");
    let settings = broker.settings();
    let pace = settings.pace.clone();
    let worker = spawn(Mqtt::new(settings).unwrap(), gate.ledger.clone(), pace);
    let mut told = worker.status();
    let words = tokio::time::timeout(Duration::from_secs(30), async {
        for n in 0.. {
            gate.passage("lane-1", &format!("云A{n:05}"), Duration::ZERO)
                .await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let last = told.borrow_and_update().last_error.clone();
            if let Some(error) = last.filter(|e| e.words.contains("client_id")) {
                return error.words;
            }
        }
        unreachable!()
    });
    let words = words.await.expect("the likely cause is named");
    assert!(
        words.contains("\"menjin\"") && words.contains("another gate"),
        "{words}"
    );
    other.abort();
    let status = until(worker.status(), |s| s.waiting == 0 && s.generated > 0).await;
    assert_eq!(status.refused, 0);
    worker.stop().await;
}

#[tokio::test]
async fn a_broker_is_spoken_to_over_tls_and_only_with_its_own_certificate() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["broker", "stranger"] {
        common::openssl(
            folder.path(),
            &format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.pem -days 2 -subj /CN=broker"
            ),
        );
    }
    let mut broker = Broker::start();
    broker.kill();
    let conf = broker.folder.path().join("conf");
    let text = std::fs::read_to_string(&conf).unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let tls = format!(
        "certfile {}\nkeyfile {}\n",
        at("broker.pem"),
        at("broker.key")
    );
    std::fs::write(&conf, text + &tls).unwrap();
    broker.restart();
    let gate = Gate::new("mqtt");
    gate.passage("lane-1", "云A12345", Duration::ZERO).await;
    let with = |name: &str| MqttSettings {
        tls: Some(sync::MqttTls {
            ca_file: at(name).into(),
            client: None,
        }),
        ..broker.settings()
    };
    let pace = broker.settings().pace;
    let stranger = Mqtt::new(with("stranger.pem")).unwrap();
    let worker = spawn(stranger, gate.ledger.clone(), pace.clone());
    let told = |s: &sync::SinkStatus| {
        let words = s.last_error.as_ref().map(|e| e.words.clone());
        words.is_some_and(|words| words.contains("certificate"))
    };
    let status = until(worker.status(), told).await;
    assert_eq!(status.acknowledged, 0);
    worker.stop().await;
    let own = Mqtt::new(with("broker.pem")).unwrap();
    let worker = spawn(own, gate.ledger.clone(), pace);
    until(worker.status(), |s| s.acknowledged == 1).await;
    worker.stop().await;
}

/// The examples of `docs/mqtt.md`, by the part of the topic that names them.
fn documented() -> BTreeMap<String, serde_json::Value> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mqtt.md");
    let page = std::fs::read_to_string(page).unwrap();
    let sections = page.split("\n## ").skip(1);
    let example = |section: &str| {
        let name = section.lines().next().unwrap().to_owned();
        let json = section.split("```json\n").nth(1).unwrap();
        let json = json.split("```").next().unwrap();
        (name, serde_json::from_str(json).unwrap())
    };
    sections.map(example).collect()
}

/// What one value has and the other has not, all the way down; what may be null, may.
fn differences(at: &str, here: &serde_json::Value, there: &serde_json::Value) -> Vec<String> {
    use serde_json::Value::{Array, Bool, Null, Number, Object, String};
    match (here, there) {
        (Null, _) | (_, Null) | (Bool(_), Bool(_)) | (Number(_), Number(_)) => Vec::new(),
        (String(_), String(_)) => Vec::new(),
        (Object(here), Object(there)) => {
            let mut found: Vec<_> = here
                .keys()
                .filter(|key| !there.contains_key(*key))
                .chain(there.keys().filter(|key| !here.contains_key(*key)))
                .map(|key| format!("{at}.{key} stands on one side only"))
                .collect();
            for (key, value) in here {
                if let Some(other) = there.get(key) {
                    found.extend(differences(&format!("{at}.{key}"), value, other));
                }
            }
            found
        }
        (Array(here), Array(there)) => match (here.first(), there.first()) {
            (Some(here), Some(there)) => differences(&format!("{at}[0]"), here, there),
            _ => Vec::new(),
        },
        _ => vec![format!("{at}: {here} and {there} are of two kinds")],
    }
}

fn just_decided(lane: &str, plate: &str) -> Arc<sync::JustDecided> {
    Arc::new(sync::JustDecided {
        at: std::time::Instant::now(),
        passage: common::passage(lane, plate, Duration::ZERO),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_on_topics_shows_what_is_published() {
    let broker = Broker::start();
    let seen = broker.subscribe();
    let gate = Gate::new("mqtt");
    let settings = broker.settings();
    let pace = settings.pace.clone();
    let decisions = tokio::sync::broadcast::Sender::new(8);
    let sink = Mqtt::new(settings)
        .unwrap()
        .with_anchors(gate.ledger.clone())
        .with_decisions(decisions.subscribe());
    let worker = spawn(sink, gate.ledger.clone(), pace);
    until(worker.status(), |s| s.online).await;
    eventually("the onlooker listens", || !last_status(&seen).is_empty()).await;
    gate.passage("lane-1", "云A12345", Duration::ZERO).await;
    let anchor = |writer: &mut ledger::Writer| {
        writer.anchor("2026-03-01".parse().unwrap(), jiff::Timestamp::now())
    };
    gate.ledger.write(anchor).await.unwrap();
    decisions.send(just_decided("lane-1", "云A12345")).unwrap();
    let documented = documented();
    assert_eq!(documented.len(), 5);
    let live = live(broker.settings(), &gate).spawn();
    eventually("it is there", || {
        last(&seen, "/availability").as_deref() == Some("online")
    })
    .await;
    raise(&gate, CauseKind::CameraDark).await;
    for (name, example) in documented {
        let published = || {
            let seen = seen.lock().unwrap();
            let of_that_name = |topic: &str| {
                topic.split('/').nth(2) == Some(name.as_str()) && !topic.ends_with("/open")
            };
            let last = seen.iter().rev().find(|(topic, _)| of_that_name(topic));
            last.map(|(_, body)| body.clone())
        };
        eventually(&name, || published().is_some()).await;
        let body = serde_json::from_str(&published().unwrap()).unwrap();
        let differ = differences(&name, &example, &body);
        assert!(differ.is_empty(), "{differ:#?}");
    }
    live.abort();
    worker.stop().await;
}

/// The last message on a topic that ends so.
fn last(seen: &Mutex<Vec<(String, String)>>, topic: &str) -> Option<String> {
    let seen = seen.lock().unwrap();
    let mut newest = seen.iter().rev();
    newest
        .find(|(of, _)| of.ends_with(topic))
        .map(|(_, body)| body.clone())
}

async fn raise(gate: &Gate, kind: CauseKind) {
    let cause = Cause::of(kind, "lane-1").in_lane("lane-1");
    let raise = move |writer: &mut ledger::Writer| {
        writer.raise_alarm(&cause, false, jiff::Timestamp::now())
    };
    gate.ledger.write(raise).await.unwrap();
}

/// Live states of a gate whose barrier fails.
fn live(settings: MqttSettings, gate: &Gate) -> MqttLive {
    let states = || {
        let state = |of, says| LiveState {
            of,
            lane: Some("lane-1".to_owned()),
            says,
        };
        vec![
            state("camera", LiveState::on(None)),
            state("barrier", LiveState::on(Some(true))),
            state("hold", LiveState::on(Some(true))),
            state("arm", "up"),
        ]
    };
    let lanes = vec!["lane-1".to_owned()];
    MqttLive::new(settings, gate.ledger.clone(), lanes, Arc::new(states))
}

/// How often each step of an alarm was published.
fn alarms(seen: &Mutex<Vec<(String, String)>>) -> Vec<String> {
    let seen = seen.lock().unwrap();
    let of_alarms = seen.iter().filter(|(topic, _)| topic.ends_with("/alarms"));
    of_alarms
        .map(|(_, body)| {
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            format!(
                "{} {}",
                body["kind"].as_str().unwrap(),
                body["what"].as_str().unwrap()
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_reach_the_broker_in_order_also_after_it_was_away_and_after_a_restart() {
    let mut broker = Broker::start();
    let seen = broker.subscribe();
    let gate = Gate::new("mqtt");
    let task = live(broker.settings(), &gate).spawn();
    eventually("online", || {
        last(&seen, "/availability").as_deref() == Some("online")
    })
    .await;
    eventually("states", || {
        last(&seen, "/states/barrier/lane-1").as_deref() == Some("ON")
    })
    .await;
    assert_eq!(
        last(&seen, "/states/camera/lane-1").as_deref(),
        Some("None")
    );
    assert_eq!(last(&seen, "/states/hold/lane-1").as_deref(), Some("ON"));
    assert_eq!(last(&seen, "/states/arm/lane-1").as_deref(), Some("up"));
    raise(&gate, CauseKind::CameraDark).await;
    eventually("the first", || alarms(&seen) == ["camera_dark raised"]).await;
    eventually("it is open", || {
        last(&seen, "/alarms/open").is_some_and(|open| open.contains("\"open\":1"))
    })
    .await;
    broker.kill();
    raise(&gate, CauseKind::DiskShort).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    broker.restart();
    // What was on its way when the line was cut may come twice.
    let disk = "disk_short raised".to_owned();
    eventually("the second", || alarms(&seen).contains(&disk)).await;
    // The broker has it, and it is kept that it has.
    tokio::time::sleep(Duration::from_secs(3)).await;
    task.abort();
    let _ = task.await;
    eventually("offline", || {
        last(&seen, "/availability").as_deref() == Some("offline")
    })
    .await;
    let before = alarms(&seen).len();
    raise(&gate, CauseKind::BackupLate).await;
    let task = live(broker.settings(), &gate).spawn();
    eventually("the third, after a restart", || {
        alarms(&seen).len() > before
    })
    .await;
    assert_eq!(alarms(&seen)[before..], ["backup_late raised"]);
    assert_eq!(alarms(&seen)[0], "camera_dark raised");
    task.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn home_assistant_is_told_what_there_is_and_again_when_it_has_started() {
    let broker = Broker::start();
    let seen = broker.subscribe();
    let gate = Gate::new("mqtt");
    let settings = MqttSettings {
        home_assistant: Some(HomeAssistant {
            prefix: "homeassistant".to_owned(),
        }),
        pictures: true,
        ..broker.settings()
    };
    let site = "menjin/cement_1";
    let task = live(settings, &gate).spawn();
    let event = "homeassistant/event/menjin_cementx2f1/lane-1_passage/config";
    eventually("an event", || last(&seen, event).is_some()).await;
    let config: serde_json::Value = serde_json::from_str(&last(&seen, event).unwrap()).unwrap();
    assert_eq!(config["state_topic"], format!("{site}/decisions/lane-1"));
    assert_eq!(config["availability_topic"], format!("{site}/availability"));
    for told in [
        "binary_sensor/menjin_cementx2f1/lane-1_camera/config",
        "binary_sensor/menjin_cementx2f1/lane-1_barrier/config",
        "binary_sensor/menjin_cementx2f1/uploads/config",
        "sensor/menjin_cementx2f1/alarms/config",
        "image/menjin_cementx2f1/lane-1_picture/config",
    ] {
        eventually(told, || last(&seen, told).is_some()).await;
    }
    gate.passage("lane-1", "云A12345", Duration::ZERO).await;
    eventually("the picture", || last(&seen, "/pictures/lane-1").is_some()).await;
    let count = || {
        let seen = seen.lock().unwrap();
        seen.iter().filter(|(topic, _)| topic == event).count()
    };
    let before = count();
    let status = "homeassistant/status";
    let mut options = MqttOptions::new("ha", Address::tcp("127.0.0.1", broker.port));
    options.set_credentials("gate", PASSWORD);
    let (home, mut events) = AsyncClient::builder(options).capacity(8).build();
    let turning = tokio::spawn(async move { while events.poll().await.is_ok() {} });
    let once = rumqttc::PublishOptions::new(QoS::AtLeastOnce);
    home.publish(status, "online", once).await.unwrap();
    eventually("announced again", || count() > before).await;
    turning.abort();
    task.abort();
}

#[tokio::test]
async fn a_broker_that_asks_for_certificates_takes_us_in_with_ours_only() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["broker", "gate"] {
        common::openssl(
            folder.path(),
            &format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.pem -days 2 -subj /CN={name}"
            ),
        );
    }
    let at = |name: &str| folder.path().join(name).display().to_string();
    let mut broker = Broker::start();
    broker.kill();
    let conf = broker.folder.path().join("conf");
    let text = std::fs::read_to_string(&conf).unwrap();
    let tls = format!(
        "certfile {}\nkeyfile {}\ncafile {}\nrequire_certificate true\n",
        at("broker.pem"),
        at("broker.key"),
        at("gate.pem")
    );
    std::fs::write(&conf, text + &tls).unwrap();
    broker.restart();
    let gate = Gate::new("mqtt");
    gate.passage("lane-1", "云A12345", Duration::ZERO).await;
    let pace = broker.settings().pace;
    let key = std::fs::read_to_string(folder.path().join("gate.key")).unwrap();
    let own = (at("gate.pem").into(), Secret::new(&key));
    for (client, is_taken) in [(None, false), (Some(own), true)] {
        let settings = MqttSettings {
            tls: Some(sync::MqttTls {
                ca_file: at("broker.pem").into(),
                client,
            }),
            ..broker.settings()
        };
        let sink = Mqtt::new(settings).unwrap();
        let worker = spawn(sink, gate.ledger.clone(), pace.clone());
        let status = until(worker.status(), |s| {
            s.last_error.is_some() || s.acknowledged > 0
        })
        .await;
        assert_eq!(status.acknowledged > 0, is_taken, "{status:?}");
        worker.stop().await;
    }
}

/// A broker whose packets have no end, before it has answered or after. What it could send, in bytes,
/// over one connection.
async fn endless(answers: bool) -> usize {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = MqttSettings {
        host: "127.0.0.1".to_owned(),
        port: listener.local_addr().unwrap().port(),
        site: "cement/1".to_owned(),
        timeout: Duration::from_secs(2),
        connect_timeout: Duration::from_secs(2),
        pace: brisk(),
        ..MqttSettings::default()
    };
    let pace = settings.pace.clone();
    let gate = Gate::new("mqtt");
    let worker = spawn(Mqtt::new(settings).unwrap(), gate.ledger.clone(), pace);
    let (mut tcp, _) = listener.accept().await.unwrap();
    let mut connect = [0; 1024];
    assert!(tcp.read(&mut connect).await.unwrap() > 0);
    // The longest length that MQTT can write, of a CONNACK or of a PUBLISH.
    let begin: &[u8] = if answers {
        &[0x20, 2, 0, 0, 0x30, 0xff, 0xff, 0xff, 0x7f]
    } else {
        &[0x20, 0xff, 0xff, 0xff, 0x7f]
    };
    let mut sent = begin.len();
    let _ = tcp.write_all(begin).await;
    let part = vec![b'x'; 65_536];
    while sent < 256 << 20 && tcp.write_all(&part).await.is_ok() {
        sent += part.len();
    }
    let told = |s: &sync::SinkStatus| s.last_error.is_some();
    let status = until(worker.status(), told).await;
    let kind = status.last_error.unwrap().kind;
    assert!(matches!(kind, FailureKind::Unreachable | FailureKind::Cut));
    worker.stop().await;
    sent
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packet_without_end_ends_the_connection() {
    for answers in [false, true] {
        let sent = endless(answers).await;
        assert!(sent < 64 << 20, "{sent} bytes were taken");
    }
}

/// Plates of the decisions that the onlooker has seen.
fn decided(seen: &Mutex<Vec<(String, String)>>) -> Vec<String> {
    let seen = seen.lock().unwrap();
    let decisions = seen.iter().filter(|(t, _)| t.contains("/decisions/"));
    decisions
        .map(|(_, body)| {
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            body["plate"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_said_before_its_row_is_due_and_again_after_the_broker_was_away() {
    let mut broker = Broker::start();
    let seen = broker.subscribe();
    let gate = Gate::new("mqtt");
    // Nothing but decisions moves this worker.
    let pace = sync::Pace {
        heartbeat: Duration::from_secs(3600),
        ..brisk()
    };
    let settings = broker.settings();
    let decisions = tokio::sync::broadcast::Sender::new(8);
    let sink = Mqtt::new(settings).unwrap();
    let sink = sink.with_decisions(decisions.subscribe());
    let worker = spawn(sink, gate.ledger.clone(), pace);
    until(worker.status(), |s| s.online).await;
    eventually("the onlooker listens", || !last_status(&seen).is_empty()).await;
    decisions.send(just_decided("lane-1", "云A00001")).unwrap();
    eventually("the first", || decided(&seen) == ["云A00001"]).await;
    broker.kill();
    broker.restart();
    eventually("the broker is back", || {
        std::net::TcpStream::connect(("127.0.0.1", broker.port)).is_ok()
    })
    .await;
    // The connection has ended and nobody but the decision asks for a new one.
    let again = || decided(&seen).iter().any(|plate| plate != "云A00001");
    for _ in 0..100 {
        decisions.send(just_decided("lane-1", "云A00002")).unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        if again() {
            break;
        }
    }
    assert!(again(), "no decision came after the broker was away");
    assert!(passages(&seen).is_empty(), "no row was needed for it");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_of_long_ago_is_not_said_any_more() {
    let broker = Broker::start();
    let seen = broker.subscribe();
    let gate = Gate::new("mqtt");
    let settings = broker.settings();
    let pace = settings.pace.clone();
    let decisions = tokio::sync::broadcast::Sender::new(8);
    let old = just_decided("lane-1", "云A00001");
    let at = old.at.checked_sub(Duration::from_secs(60)).unwrap();
    let old = sync::JustDecided {
        at,
        passage: old.passage.clone(),
    };
    let sink = Mqtt::new(settings).unwrap();
    let sink = sink.with_decisions(decisions.subscribe());
    decisions.send(Arc::new(old)).unwrap();
    let worker = spawn(sink, gate.ledger.clone(), pace);
    until(worker.status(), |s| s.online).await;
    eventually("the onlooker listens", || !last_status(&seen).is_empty()).await;
    decisions.send(just_decided("lane-1", "云A00002")).unwrap();
    eventually("the new one", || !decided(&seen).is_empty()).await;
    assert_eq!(decided(&seen), ["云A00002"]);
    worker.stop().await;
}

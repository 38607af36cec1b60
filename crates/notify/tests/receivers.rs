//! Receivers over real connections: a program's webhook, two robots, a mail server.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alarm::{AlarmId, Cause, CauseKind};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Handle, Options, Writer};
use notify::{
    ChannelSettings, EmailSettings, EmailTls, Follower, HttpSettings, QuietHours, ReceiverSettings,
    Sender,
};
use passage::{
    Direction, Finished, Grounds, NewPassage, NewPhoto, Outcome, PassageKey, PhotoKind, Reading,
    Verdict,
};
use secret::Secret;
use serde_json::Value;
use words::Language;

/// One request that came.
#[derive(Debug, Clone)]
struct Came {
    query: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// A server that keeps what comes, and answers as it is told.
#[derive(Clone, Default)]
struct Server {
    came: Arc<Mutex<Vec<Came>>>,
    /// Status and body of the next answers; then 200 and `{"errcode":0}`.
    answers: Arc<Mutex<Vec<(u16, &'static str)>>>,
}

impl Server {
    async fn start(answers: &[(u16, &'static str)]) -> (Self, SocketAddr) {
        let server = Self::default();
        *server.answers.lock().unwrap() = answers.iter().rev().copied().collect();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().fallback(take).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        (server, address)
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    async fn until(&self, count: usize) -> Vec<Came> {
        for _ in 0..600 {
            if self.came().len() >= count {
                return self.came();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{count} requests did not come: {:#?}", self.came());
    }
}

async fn take(State(server): State<Server>, request: Request) -> (StatusCode, &'static str) {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 4 << 20).await.unwrap();
    let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    server.came.lock().unwrap().push(Came {
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(header).collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let answer = server.answers.lock().unwrap().pop();
    let (status, body) = answer.unwrap_or((200, "{\"errcode\":0,\"errmsg\":\"ok\"}"));
    (StatusCode::from_u16(status).unwrap(), body)
}

struct Gate {
    _data: tempfile::TempDir,
    ledger: Handle,
}

impl Gate {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let writer = Writer::open(data.path(), Options::default()).unwrap();
        let (ledger, _thread) = Handle::start(writer).unwrap();
        Self {
            _data: data,
            ledger,
        }
    }

    async fn raise(&self, cause: Cause) -> AlarmId {
        let raise = move |writer: &mut Writer| writer.raise_alarm(&cause, false, Timestamp::now());
        let raised: ledger::Result<_> = self.ledger.write(raise).await;
        raised.unwrap().0
    }

    async fn see(&self, id: AlarmId) {
        let see = move |writer: &mut Writer| {
            writer.see_alarm(id, true, ("李工", "已拦下"), Timestamp::now())
        };
        let seen: ledger::Result<()> = self.ledger.write(see).await;
        seen.unwrap();
    }

    /// A truck that was denied and passed.
    async fn truck(&self, plate: &str) -> passage::PassageId {
        let now = Timestamp::now();
        let passage = NewPassage {
            key: PassageKey::random(),
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: Direction::In,
            entered_at: now,
            decided_at: now,
            clock: frame::ClockSource::Arrival,
            clock_trusted: true,
            camera: "north-in".to_owned(),
            reading: Reading {
                plate: plate.to_owned(),
                color: plate::Color::Yellow,
                recognised: true,
                ..Reading::unread()
            },
            decision: Verdict::Deny,
            reason: "on_deny_list".to_owned(),
            grounds: Grounds::default(),
        };
        let done = move |writer: &mut Writer| {
            let photo = |kind| NewPhoto {
                kind,
                camera: "north-in",
                taken_at: now,
                jpeg: b"a picture",
            };
            let photos = [photo(PhotoKind::HeadOriginal), photo(PhotoKind::Head)];
            let id = writer.decide(&passage, &photos)?;
            let end = Finished {
                outcome: Outcome::Passed,
                at: now,
                reading: None,
            };
            writer.finish(id, &end, &[])?;
            Ok(id)
        };
        let done: ledger::Result<_> = self.ledger.write(done).await;
        done.unwrap()
    }

    /// Tells a receiver from now on.
    async fn tells(&self, settings: ReceiverSettings) -> tokio::task::JoinHandle<()> {
        self.tells_at(settings, Timestamp::now).await
    }

    /// The same by another clock.
    async fn tells_at(
        &self,
        settings: ReceiverSettings,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> tokio::task::JoinHandle<()> {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let name = format!("notify:{}", settings.name);
        let sender = Sender {
            code: "T1".to_owned(),
            name: "测试厂".to_owned(),
            zone,
            language: Language::Zh,
        };
        let follower = Follower::open(settings, sender, self.ledger.clone()).unwrap();
        let task = follower.with_clock(clock).spawn();
        for _ in 0..200 {
            let name = name.clone();
            let known = self.ledger.read(move |reader| reader.follower(&name)).await;
            if known.unwrap().is_some() {
                return task;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it does not begin");
    }
}

fn to(channel: ChannelSettings) -> ReceiverSettings {
    ReceiverSettings {
        name: "r".to_owned(),
        passages: matches!(channel, ChannelSettings::Webhook(_)),
        channel,
        alarms: Vec::new(),
        plates: Vec::new(),
        picture: true,
        quiet: None,
        loud: Vec::new(),
    }
}

fn http(address: SocketAddr, secret: &str) -> HttpSettings {
    HttpSettings {
        url: Secret::new(format!("http://{address}/send?key=k")),
        secret: Secret::new(secret),
        ca_file: None,
    }
}

fn hmac(secret: &str, text: &str) -> String {
    use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(sign(&key, text.as_bytes()).as_ref())
}

fn dark() -> Cause {
    Cause::of(CauseKind::CameraDark, "north-in")
}

#[tokio::test]
async fn a_program_gets_each_passage_and_each_step_of_an_alarm_once_in_order_and_signed() {
    let (server, address) = Server::start(&[(500, "not yet"), (429, "slow down")]).await;
    let gate = Gate::new();
    gate.raise(Cause::of(CauseKind::DiskShort, "before")).await;
    let _task = gate
        .tells(to(ChannelSettings::Webhook(http(address, "s3cret"))))
        .await;
    let passage = gate.truck("云A12345").await;
    let once = Cause {
        passage: Some(passage),
        plate: "云A12345".to_owned(),
        ..Cause::of(CauseKind::DeniedPassed, "1")
    };
    let id = gate.raise(once).await;
    gate.see(id).await;
    let came = server.until(6).await;
    let types: Vec<String> = came
        .iter()
        .map(|came| {
            let event: Value = serde_json::from_str(&came.body).unwrap();
            assert_eq!(event["specversion"], "1.0");
            assert_eq!(event["id"], came.headers["webhook-id"].as_str());
            event["type"].as_str().unwrap().to_owned()
        })
        .collect();
    let finished = "menjin.passage.finished";
    let life = ["raised", "seen", "cleared"].map(|step| format!("menjin.alarm.{step}"));
    assert_eq!(types[..3], [finished; 3], "tried again until it was taken");
    assert_eq!(types[3..], life);
    assert_eq!(came[0].headers["webhook-id"], came[2].headers["webhook-id"]);
    let event: Value = serde_json::from_str(&came[3].body).unwrap();
    assert_eq!(event["data"]["alarm"]["kind"], "denied_passed");
    assert_eq!(event["data"]["alarm"]["plate"], "云A12345");
    for came in &came {
        let (id, at) = (
            &came.headers["webhook-id"],
            &came.headers["webhook-timestamp"],
        );
        let signed = hmac("s3cret", &format!("{id}.{at}.{}", came.body));
        assert_eq!(came.headers["webhook-signature"], format!("v1,{signed}"));
    }
}

#[tokio::test]
async fn what_is_refused_is_passed_over_and_a_restart_goes_on_where_it_was() {
    let (server, address) = Server::start(&[(400, "no such field")]).await;
    let gate = Gate::new();
    let settings = to(ChannelSettings::Webhook(http(address, "")));
    let task = gate.tells(settings.clone()).await;
    gate.raise(dark()).await;
    server.until(1).await;
    gate.raise(Cause::of(CauseKind::DiskShort, "disk")).await;
    server.until(2).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    task.abort();
    let _ = task.await;
    gate.raise(Cause::of(CauseKind::BackupLate, "backup")).await;
    let _task = gate.tells(settings).await;
    let came = server.until(3).await;
    assert!(came[2].body.contains("backup_late"), "{}", came[2].body);
    assert!(!came[2].headers.contains_key("webhook-signature"));
}

#[tokio::test]
async fn a_wecom_group_gets_the_text_and_the_photo_and_a_busy_robot_is_asked_again() {
    let busy = (
        200,
        "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}",
    );
    let (server, address) = Server::start(&[busy]).await;
    let gate = Gate::new();
    let mut settings = to(ChannelSettings::Wecom(http(address, "")));
    settings.alarms = vec![CauseKind::DeniedPassed];
    let _task = gate.tells(settings).await;
    gate.raise(dark()).await;
    let passage = gate.truck("云A12345").await;
    let denied = Cause {
        passage: Some(passage),
        plate: "云A12345".to_owned(),
        ..Cause::of(CauseKind::DeniedPassed, "1").in_lane("north-in")
    };
    let id = gate.raise(denied).await;
    let came = server.until(3).await;
    let text: Value = serde_json::from_str(&came[1].body).unwrap();
    let said = text["markdown"]["content"].as_str().unwrap();
    assert!(
        said.contains("云A12345") && said.contains("测试厂"),
        "{said}"
    );
    let image: Value = serde_json::from_str(&came[2].body).unwrap();
    assert_eq!(image["image"]["base64"], STANDARD.encode("a picture"));
    gate.see(id).await;
    gate.truck("云A99999").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(
        server.came().len(),
        3,
        "no other kind, no passage, nobody's seeing"
    );
}

#[tokio::test]
async fn a_dingtalk_robot_is_signed_in_the_address_and_told_of_chosen_plates() {
    let (server, address) = Server::start(&[]).await;
    let gate = Gate::new();
    let mut settings = to(ChannelSettings::Dingtalk(http(address, "SECabc")));
    settings.plates = vec![plate::PlateNumber::normalise("云A12345")];
    let _task = gate.tells(settings).await;
    gate.truck("云A99999").await;
    gate.truck("云A12345").await;
    let came = server.until(1).await;
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(came[0].query.as_bytes())
        .into_owned()
        .collect();
    let stamp = &query["timestamp"];
    assert_eq!(query["sign"], hmac("SECabc", &format!("{stamp}\nSECabc")));
    assert_eq!(query["key"], "k");
    assert!(came[0].body.contains("云A12345"), "{}", came[0].body);
}

#[tokio::test]
async fn nobody_is_woken_in_quiet_hours_but_for_what_is_loud_and_told_the_rest_afterwards() {
    let (server, address) = Server::start(&[]).await;
    let gate = Gate::new();
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let now = Timestamp::now().to_zoned(zone).time();
    let mut settings = to(ChannelSettings::Webhook(http(address, "")));
    let hour = jiff::Span::new().hours(1);
    settings.quiet = Some(QuietHours {
        from: now.wrapping_sub(hour),
        until: now.wrapping_add(hour),
    });
    settings.loud = vec![CauseKind::DeniedPassed];
    let _task = gate.tells(settings).await;
    gate.raise(dark()).await;
    gate.raise(Cause::of(CauseKind::DeniedPassed, "1")).await;
    let came = server.until(1).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(server.came().len(), 1);
    assert!(came[0].body.contains("denied_passed"));
}

#[tokio::test]
async fn what_was_kept_back_in_the_night_is_told_in_the_morning_also_after_restarts_and_once() {
    let (server, address) = Server::start(&[]).await;
    let gate = Gate::new();
    let mut settings = to(ChannelSettings::Webhook(http(address, "")));
    settings.quiet = QuietHours::parse("22:00-06:00");
    let at = |text: &str| -> i64 {
        let time: Timestamp = text.parse().unwrap();
        time.as_second()
    };
    let now = Arc::new(AtomicI64::new(at("2026-03-01T23:00:00+08:00")));
    let clock = || {
        let now = Arc::clone(&now);
        move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap()
    };
    let task = gate.tells_at(settings.clone(), clock()).await;
    let handled = gate.raise(Cause::of(CauseKind::DiskShort, "disk")).await;
    gate.raise(dark()).await;
    gate.see(handled).await;
    tokio::time::sleep(Duration::from_millis(800)).await;
    task.abort();
    let _ = task.await;
    let task = gate.tells_at(settings.clone(), clock()).await;
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(server.came().len(), 0, "nobody is woken");
    task.abort();
    let _ = task.await;
    now.store(at("2026-03-02T06:00:00+08:00"), Ordering::SeqCst);
    let task = gate.tells_at(settings.clone(), clock()).await;
    let came = server.until(1).await;
    assert!(came[0].body.contains("camera_dark"), "{}", came[0].body);
    task.abort();
    let _ = task.await;
    let _task = gate.tells_at(settings, clock()).await;
    gate.raise(Cause::of(CauseKind::BackupLate, "backup")).await;
    let came = server.until(2).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(
        server.came().len(),
        2,
        "once, and not what somebody had seen"
    );
    assert!(came[1].body.contains("backup_late"), "{}", came[1].body);
}

#[tokio::test]
async fn an_answer_of_megabytes_is_cut_off_and_counts_by_its_status() {
    let long: &'static str = Box::leak("x".repeat(8 << 20).into_boxed_str());
    let (server, address) = Server::start(&[(200, long), (422, long)]).await;
    let gate = Gate::new();
    let _task = gate
        .tells(to(ChannelSettings::Webhook(http(address, ""))))
        .await;
    for kind in [
        CauseKind::DiskShort,
        CauseKind::BackupLate,
        CauseKind::CameraDark,
    ] {
        gate.raise(Cause::of(kind, "x")).await;
    }
    let came = server.until(3).await;
    assert!(came[2].body.contains("camera_dark"), "each was told once");
}

/// A mail server as small as one can be: takes one mail after the other.
fn mail_server() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mails = Arc::<Mutex<Vec<String>>>::default();
    let into = Arc::clone(&mails);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut to = stream.try_clone().unwrap();
            let mut say = |line: &str| to.write_all(format!("{line}\r\n").as_bytes()).unwrap();
            say("220 mail");
            let mut mail: Option<String> = None;
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                match &mut mail {
                    Some(text) if line == "." => {
                        into.lock().unwrap().push(std::mem::take(text));
                        mail = None;
                        say("250 taken");
                    }
                    Some(text) => {
                        text.push_str(&line);
                        text.push('\n');
                    }
                    None if line.starts_with("EHLO") => say("250 mail"),
                    None if line.starts_with("DATA") => {
                        mail = Some(String::new());
                        say("354 go on");
                    }
                    None if line.starts_with("QUIT") => {
                        say("221 bye");
                        break;
                    }
                    None => say("250 ok"),
                }
            }
        }
    });
    (address, mails)
}

#[tokio::test]
async fn people_get_a_mail_with_the_photo() {
    let (address, mails) = mail_server();
    let gate = Gate::new();
    let email = EmailSettings {
        host: "127.0.0.1".to_owned(),
        port: address.port(),
        tls: EmailTls::Off,
        user: String::new(),
        password: Secret::default(),
        from: "gate@example.com".to_owned(),
        to: vec!["duty@example.com".to_owned(), "boss@example.com".to_owned()],
    };
    let _task = gate.tells(to(ChannelSettings::Email(email))).await;
    let passage = gate.truck("云A12345").await;
    let denied = Cause {
        passage: Some(passage),
        plate: "云A12345".to_owned(),
        ..Cause::of(CauseKind::DeniedPassed, "1")
    };
    gate.raise(denied).await;
    for _ in 0..200 {
        if !mails.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mail = mails.lock().unwrap().first().cloned().unwrap();
    assert!(
        mail.contains("To: duty@example.com, boss@example.com"),
        "{mail}"
    );
    assert!(mail.contains("Content-Type: image/jpeg"), "{mail}");
    assert!(mail.contains("\na picture\n"), "{mail}");
}

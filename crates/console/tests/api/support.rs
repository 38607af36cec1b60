//! A gate with a console, and browsers that look at it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use console::{ConsoleParts, ConsoleSettings};
use frame::{ClockSource, Picture};
use gate::Notice;
use gate::{Action, Actuation, Arms, Barrier, BarrierQueue, Lift, QueueLimits};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Handle, NewRevision, Options, Writer};
use listener::{KeptBack, Listener, OpenFiles};
use passage::{
    Direction, Grounds, LanePlace, NewPassage, NewPhoto, PassageId, PassageKey, PhotoKind, Reading,
    RecordKey, RecordState, Register, Verdict,
};
use photo::Font;
use plate::{Alternative, CharRead, Color, Layout};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use status::{LaneCounters, Status};
use tempfile::TempDir;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

pub(crate) const PASSWORD: &str = "a long password";

pub(crate) struct Gate {
    pub(crate) data: TempDir,
    pub(crate) ledger: Handle,
    pub(crate) status: Arc<Status>,
    pub(crate) code: Option<String>,
    pub(crate) notices: broadcast::Sender<Arc<Notice>>,
    settings: ConsoleSettings,
    base: String,
    serving: JoinHandle<()>,
    raised: Arc<AtomicUsize>,
}

impl Gate {
    /// A new one, where nobody has an account.
    pub(crate) async fn new() -> Self {
        Self::set(ConsoleSettings::default()).await
    }

    pub(crate) async fn set(settings: ConsoleSettings) -> Self {
        let data = tempfile::tempdir().unwrap();
        let writer = Writer::open(data.path(), Options::default()).unwrap();
        let (ledger, _thread) = Handle::start(writer).unwrap();
        Self::serve(data, ledger, settings).await
    }

    async fn serve(data: TempDir, ledger: Handle, settings: ConsoleSettings) -> Self {
        let status = Arc::new(Status::default());
        status.add_lane(LaneCounters::new("north-in"));
        let notices = broadcast::Sender::new(16);
        let raised = Arc::<AtomicUsize>::default();
        let barrier = Arc::new(Counting(Arc::clone(&raised)));
        let queue = BarrierQueue::open(barrier, QueueLimits::default(), |_| ());
        let arms = Arms::default();
        arms.add("north-in", &queue);
        // For as long as the test runs.
        std::mem::forget(queue);
        let parts = ConsoleParts {
            settings: settings.clone(),
            site: Arc::new(orders::Site {
                arms: Some(arms),
                ..site(&data)
            }),
            ledger: ledger.clone(),
            font: Arc::new(Font::open(None).unwrap()),
            status: Arc::clone(&status),
            rules: rules::follow(
                ledger.clone(),
                Vec::new(),
                policy::Rulebook::new(policy::RulebookSettings::default()).unwrap(),
                rules::Today::new(
                    ledger::Reader::open(data.path()).unwrap(),
                    TimeZone::get("Asia/Shanghai").unwrap(),
                ),
            )
            .await,
            notices: notices.subscribe(),
            models: None,
            fieldwork: None,
        };
        let opened = console::open(parts).unwrap();
        let files = OpenFiles::raised().divide(KeptBack::default(), 1);
        let free = ([127, 0, 0, 1], 0).into();
        let listener = Listener::bind(free, &files).await.unwrap();
        Self {
            base: format!(
                "{}://{}",
                if settings.is_encrypted() {
                    "https"
                } else {
                    "http"
                },
                listener.address()
            ),
            code: opened.code.clone(),
            notices,
            serving: tokio::spawn(opened.serve(listener)),
            raised,
            data,
            ledger,
            status,
            settings,
        }
    }

    /// How often the arm was raised.
    pub(crate) fn raised(&self) -> usize {
        self.raised.load(Ordering::SeqCst)
    }

    /// The same after the service was stopped and started.
    pub(crate) async fn restarted(self) -> Self {
        self.serving.abort();
        let _ = self.serving.await;
        Self::serve(self.data, self.ledger, self.settings).await
    }

    /// Nobody is signed in.
    pub(crate) fn browser(&self) -> Browser {
        Browser {
            // Certificates of tests sign themselves.
            http: Client::builder()
                .danger_accept_invalid_certs(true)
                .build()
                .unwrap(),
            base: self.base.clone(),
            cookie: None,
        }
    }

    /// The installer, whose account is the first.
    pub(crate) async fn installer(&self) -> Browser {
        let mut browser = self.browser();
        let told = json!({ "name": "installer", "password": PASSWORD });
        let made = browser.post("/api/setup", &told).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        browser.keep_cookie(&made);
        browser
    }

    /// Somebody of this role, made by the installer.
    pub(crate) async fn somebody(&self, installer: &Browser, role: &str) -> Browser {
        let ends_on = (role == "inspector").then_some("2999-12-31");
        let told = json!({ "name": role, "role": role, "password": PASSWORD, "ends_on": ends_on });
        let made = installer.post("/api/people", &told).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        self.signed_in(role).await
    }

    pub(crate) async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(name, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::OK);
        browser.keep_cookie(&answer);
        browser
    }

    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.base.split_once("://").unwrap().1.parse().unwrap()
    }

    /// A registered fleet; gives its key.
    pub(crate) async fn fleet(&self, name: &str, phone: &str) -> String {
        let values = json!({ "fleetName": name, "contactPhone": phone });
        self.record(Register::Fleet, name, values).await
    }

    /// Something registered; gives its key.
    pub(crate) async fn record(&self, register: Register, name: &str, values: Value) -> String {
        let revision = NewRevision {
            key: RecordKey::random(),
            register,
            base: 0,
            identity: name.to_owned(),
            values: serde_json::from_value(values).unwrap(),
            state: RecordState::Draft,
            at: Timestamp::now(),
            who: "li".to_owned(),
            why: "new".to_owned(),
            files: Vec::new(),
        };
        let write = move |writer: &mut Writer| writer.write_records(&[revision]);
        let written: ledger::Result<Vec<_>> = self.ledger.write(write).await;
        written.unwrap()[0].key.to_string()
    }

    /// A truck that is read as `plate`, surely or not; an empty one is not read.
    pub(crate) async fn truck(&self, plate: &str, recognised: bool) -> PassageId {
        self.passage(passage(plate, recognised)).await
    }

    /// A truck that is surely read and goes this way.
    pub(crate) async fn truck_going(&self, plate: &str, direction: Direction) -> PassageId {
        let passage = passage(plate, true);
        self.passage(NewPassage {
            direction,
            ..passage
        })
        .await
    }

    async fn passage(&self, passage: NewPassage) -> PassageId {
        let decide = move |writer: &mut Writer| {
            let jpeg = frame_jpeg();
            let photo = |kind| NewPhoto {
                kind,
                camera: "north-in",
                taken_at: passage.decided_at,
                jpeg: &jpeg,
            };
            let photos = [photo(PhotoKind::HeadOriginal), photo(PhotoKind::Head)];
            writer.decide(&passage, &photos)
        };
        let decided: ledger::Result<_> = self.ledger.write(decide).await;
        decided.unwrap()
    }
}

/// A barrier that counts.
struct Counting(Arc<AtomicUsize>);

impl Barrier for Counting {
    fn raise<'a>(&'a self, _lift: &'a Lift) -> Action<'a> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(Ok(Actuation::Raised)))
    }
}

fn site(data: &TempDir) -> orders::Site {
    orders::Site {
        name: "测试厂".to_owned(),
        language: words::Language::Zh,
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
        lanes: vec![LanePlace {
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            sees_rear: false,
        }],
        data_folder: data.path().to_owned(),
        jpeg_quality: 85,
        max_kilobytes: 300,
        font: None,
        retention: housekeeping::RetentionPlan::default(),
        arms: None,
        registers: records::Rules::on(jiff::civil::date(2026, 3, 1)),
    }
}

fn passage(plate: &str, recognised: bool) -> NewPassage {
    let now = Timestamp::now();
    let read = |symbol| CharRead {
        symbol,
        p: 0.9,
        alternatives: vec![Alternative {
            symbol: 'S',
            p: 0.05,
        }],
    };
    NewPassage {
        key: PassageKey::random(),
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction: Direction::In,
        entered_at: now,
        decided_at: now,
        clock: ClockSource::CameraNtp,
        clock_trusted: true,
        camera: "north-in".to_owned(),
        reading: Reading {
            plate: plate.to_owned(),
            color: Color::Yellow,
            color_p: 0.99,
            layout: Layout::Single,
            confidence: 0.9,
            recognised,
            chars: plate.chars().map(read).collect(),
            corners: Some([[40.0, 40.0], [140.0, 40.0], [140.0, 72.0], [40.0, 72.0]]),
            trailer_plate: None,
        },
        decision: Verdict::Allow,
        reason: "read_allowed".to_owned(),
        grounds: Grounds::default(),
    }
}

fn frame_jpeg() -> Vec<u8> {
    photo::encode_jpeg(&Picture::filled(320, 240, [90, 120, 60]), 85).unwrap()
}

/// A browser: it sends the cookie that it was given, and says of which page a request is.
#[derive(Clone)]
pub(crate) struct Browser {
    http: Client,
    base: String,
    pub(crate) cookie: Option<String>,
}

impl Browser {
    /// A request as our page makes it.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path)
            .header("x-menjin", "1")
            .header("origin", &self.base)
    }

    /// A request as any page may make it.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = request.timeout(Duration::from_secs(60));
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.bare(Method::GET, path).send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, told: &Value) -> Response {
        self.send(Method::POST, path, told).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, told: &Value) -> Response {
        self.request(method, path).json(told).send().await.unwrap()
    }

    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Response {
        let told = json!({ "name": name, "password": password });
        self.post("/api/session", &told).await
    }

    pub(crate) fn keep_cookie(&mut self, answer: &Response) {
        let set = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(
            set.contains("HttpOnly") && set.contains("SameSite=Strict"),
            "{set}"
        );
        self.cookie = Some(set.split(';').next().unwrap().to_owned());
    }

    /// What an answer that succeeds says.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }
}

/// The code of an answer that refuses.
pub(crate) async fn refused(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let problem: Value = answer.json().await.unwrap();
    for language in ["zh", "en"] {
        let text = problem["error"]["text"][language].as_str().unwrap();
        assert!(!text.is_empty());
    }
    (
        status,
        problem["error"]["code"].as_str().unwrap().to_owned(),
    )
}

//! A real ledger in a temporary folder, and passages to put into it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use frame::ClockSource;
use jiff::{SignedDuration, Timestamp};
use ledger::Writer;
use passage::{
    Direction, Finished, NewPassage, NewPhoto, Outcome, PassageId, PassageKey, PhotoKind, Reading,
    Verdict,
};
use sync::{Adapter, Pace, PlatformSettings, Secret, SinkStatus};

/// The smallest file that says it is a JPEG of 1280 x 720.
pub const JPEG: [u8; 23] = [
    0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 2, 0xD0, 5, 0, 1, 1, 0x11, 0, 0xFF,
    0xD9,
];

pub struct Gate {
    pub folder: tempfile::TempDir,
    pub ledger: ledger::Handle,
    thread: Option<JoinHandle<()>>,
}

impl Gate {
    pub fn new(sink: &str) -> Self {
        Self::taking(sink, ledger::Takes::default())
    }

    /// With a sink that takes more than passages.
    pub fn taking(sink: &str, takes: ledger::Takes) -> Self {
        Self::at(tempfile::tempdir().unwrap(), sink, takes)
    }

    /// A gate that is started again on its data.
    pub fn at(folder: tempfile::TempDir, sink: &str, takes: ledger::Takes) -> Self {
        let name = sink.to_owned();
        let wait = Duration::ZERO;
        Self::open(folder, vec![ledger::OutboxSink { name, wait, takes }])
    }

    /// A gate with several sinks.
    pub fn with_sinks(sinks: Vec<ledger::OutboxSink>) -> Self {
        Self::open(tempfile::tempdir().unwrap(), sinks)
    }

    fn open(folder: tempfile::TempDir, sinks: Vec<ledger::OutboxSink>) -> Self {
        let options = ledger::Options {
            sinks,
            ..ledger::Options::default()
        };
        let writer = Writer::open(folder.path(), options).unwrap();
        let (ledger, thread) = ledger::Handle::start(writer).unwrap();
        Self {
            folder,
            ledger,
            thread: Some(thread),
        }
    }

    /// One passage of `lane`, decided `age` ago and finished, before any worker can see it.
    pub async fn passage(&self, lane: &str, plate: &str, age: Duration) -> PassageKey {
        self.passes(passage(lane, plate, age)).await
    }

    /// The same of a vehicle that leaves.
    pub async fn leaves(&self, plate: &str, age: Duration) -> PassageKey {
        let passage = NewPassage {
            direction: Direction::Out,
            ..passage("lane-out", plate, age)
        };
        self.passes(passage).await
    }

    async fn passes(&self, passage: NewPassage) -> PassageKey {
        let key = passage.key;
        let job = move |writer: &mut Writer| {
            let id = decide(writer, &passage)?;
            writer.finish(id, &passed(), &[])
        };
        self.ledger.write(job).await.unwrap();
        key
    }

    /// One passage of `lane` that has not ended yet.
    pub async fn decided(&self, lane: &str, plate: &str, age: Duration) -> PassageId {
        let passage = passage(lane, plate, age);
        self.ledger
            .write(move |writer| decide(writer, &passage))
            .await
            .unwrap()
    }

    pub async fn finish(&self, id: PassageId) {
        let job = move |writer: &mut Writer| writer.finish(id, &passed(), &[]);
        self.ledger.write(job).await.unwrap();
    }

    /// One passage whose body photo comes with its end, as in life.
    pub async fn decided_without_body(&self, plate: &str) -> PassageId {
        let passage = passage("lane-1", plate, Duration::ZERO);
        let job = move |writer: &mut Writer| {
            let head = photo(PhotoKind::Head, passage.decided_at);
            writer.decide(&passage, &[head])
        };
        self.ledger.write(job).await.unwrap()
    }

    /// Its end, with the body photo and perhaps a better reading.
    pub async fn finish_with_body(&self, id: PassageId, better: Option<&str>) {
        let reading = better.map(|plate| Reading {
            plate: plate.to_owned(),
            ..passage("lane-1", plate, Duration::ZERO).reading
        });
        let end = Finished {
            reading,
            ..passed()
        };
        let job = move |writer: &mut Writer| {
            let body = photo(PhotoKind::Body, end.at);
            writer.finish(id, &end, &[body])
        };
        self.ledger.write(job).await.unwrap();
    }

    /// The last answers to the newest passage's deliveries.
    pub async fn answers(&self) -> Vec<(passage::DeliveryState, String)> {
        let newest = self.ledger.read(|reader| reader.recent(1)).await.unwrap();
        let deliveries = newest[0].deliveries.iter();
        deliveries
            .map(|d| (d.state, d.answer.clone().unwrap_or_default()))
            .collect()
    }

    pub async fn counters(&self, sink: &str) -> ledger::SinkCounters {
        let sink = sink.to_owned();
        let counters = self.ledger.read(move |reader| reader.counters(&sink));
        counters.await.unwrap()
    }

    /// Ends the ledger's thread; all workers must be stopped.
    pub fn close(mut self) -> tempfile::TempDir {
        drop(self.ledger);
        self.thread.take().unwrap().join().unwrap();
        self.folder
    }
}

fn decide(writer: &mut Writer, passage: &NewPassage) -> ledger::Result<PassageId> {
    let (camera, taken_at) = ("camera-1", passage.decided_at);
    let kinds = [PhotoKind::Head, PhotoKind::Body];
    let photos = kinds.map(|kind| NewPhoto {
        kind,
        camera,
        taken_at,
        jpeg: &JPEG,
    });
    writer.decide(passage, &photos)
}

fn photo(kind: PhotoKind, taken_at: Timestamp) -> NewPhoto<'static> {
    NewPhoto {
        kind,
        camera: "camera-1",
        taken_at,
        jpeg: &JPEG,
    }
}

fn passed() -> Finished {
    Finished {
        outcome: Outcome::Passed,
        at: Timestamp::now(),
        reading: None,
    }
}

pub fn passage(lane: &str, plate: &str, age: Duration) -> NewPassage {
    let at = Timestamp::now() - SignedDuration::try_from(age).unwrap();
    NewPassage {
        key: PassageKey::random(),
        lane: lane.to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction: Direction::In,
        entered_at: at,
        decided_at: at,
        clock: ClockSource::Arrival,
        clock_trusted: true,
        camera: "camera-1".to_owned(),
        reading: Reading {
            plate: plate.to_owned(),
            color: plate::Color::YellowGreen,
            color_p: 0.99,
            recognised: true,
            ..Reading::unread()
        },
        decision: Verdict::Allow,
        reason: "whitelist".to_owned(),
        grounds: passage::Grounds::default(),
    }
}

/// Everything a hundred times faster than in life.
pub fn brisk() -> Pace {
    Pace {
        poll: Duration::from_millis(20),
        heartbeat: Duration::from_millis(200),
        first_pause: Duration::from_millis(10),
        longest_pause: Duration::from_millis(100),
        stop_patience: Duration::from_millis(500),
        backlog_per_second: 200.0,
        ..Pace::default()
    }
}

/// The adapter files that are shipped.
pub fn shipped(name: &str) -> Adapter {
    let path = format!(
        "{}/../../config/regulators/{name}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    Adapter::load(path.as_ref()).unwrap_or_else(|error| panic!("{error}"))
}

/// A site at a platform of the Yunnan form.
pub fn yunnan(base_url: &str) -> PlatformSettings {
    let paths = [("passage", "passage"), ("passage_end", "passageEnd")];
    PlatformSettings {
        name: "regulator".to_owned(),
        base_url: base_url.to_owned(),
        user: "menjin".to_owned(),
        secret: Secret::new("menjin-trial"),
        paths: paths.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
        timeout: Duration::from_secs(2),
        connect_timeout: Duration::from_millis(500),
        pace: brisk(),
        ..PlatformSettings::default()
    }
}

/// Waits for a state, and says what it was instead when it doesn't come.
pub async fn until(
    mut status: tokio::sync::watch::Receiver<SinkStatus>,
    wanted: impl Fn(&SinkStatus) -> bool,
) -> SinkStatus {
    let reached = tokio::time::timeout(Duration::from_secs(60), async {
        status.wait_for(|s| wanted(s)).await.unwrap().clone()
    })
    .await;
    match reached {
        Ok(status) => status,
        Err(_) => panic!("never reached; the last state was {:#?}", *status.borrow()),
    }
}

pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What openssl says; it also makes the files that its arguments name.
pub fn openssl(folder: &std::path::Path, arguments: &str) -> String {
    let output = std::process::Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Says "200" to everything and remembers what came, up to the body's end.
pub async fn yes_man() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let hearing = std::sync::Arc::clone(&heard);
    let app = axum::Router::new().fallback(move |body: axum::body::Bytes| {
        hearing
            .lock()
            .unwrap()
            .push(String::from_utf8_lossy(&body).into_owned());
        async { r#"{"code": 200, "data": {"token": "t"}}"# }
    });
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, heard)
}

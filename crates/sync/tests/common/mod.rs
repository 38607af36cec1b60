//! A real ledger in a temporary folder, and passages to put into it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use frame::ClockSource;
use jiff::{SignedDuration, Timestamp};
use ledger::{
    Decision, Direction, Finished, NewPassage, NewPhoto, Outcome, PassageId, PassageKey, PhotoKind,
    Reading, Writer,
};
use sync::{LedgerHandle, Outbox, Pace, RegulatorSettings, Secret, SinkStatus};

/// The smallest file that says it is a JPEG of 1280 x 720.
pub const JPEG: [u8; 23] = [
    0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 2, 0xD0, 5, 0, 1, 1, 0x11, 0, 0xFF,
    0xD9,
];

pub struct Gate {
    pub folder: tempfile::TempDir,
    pub ledger: LedgerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Gate {
    pub fn new(sink: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = ledger::Options {
            sinks: vec![ledger::Sink {
                name: sink.to_owned(),
                wait: Duration::ZERO,
                takes: ledger::Takes::default(),
            }],
            ..ledger::Options::default()
        };
        let writer = Writer::open(folder.path(), options).unwrap();
        let (ledger, thread) = LedgerHandle::start(writer).unwrap();
        Self {
            folder,
            ledger,
            thread: Some(thread),
        }
    }

    /// One passage of `lane`, decided `age` ago and finished, before any worker can see it.
    pub async fn passage(&self, lane: &str, plate: &str, age: Duration) -> PassageKey {
        let passage = passage(lane, plate, age);
        let key = passage.key;
        let job = move |writer: &mut Writer| {
            let id = decide(writer, &passage);
            writer.finish(id, &passed(), &[]).unwrap();
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
        let job = move |writer: &mut Writer| writer.finish(id, &passed(), &[]).unwrap();
        self.ledger.write(job).await.unwrap();
    }

    pub async fn counters(&self, sink: &str) -> ledger::SinkCounters {
        self.ledger.counters(sink).await.unwrap()
    }

    /// Ends the ledger's thread; all workers must be stopped.
    pub fn close(mut self) -> tempfile::TempDir {
        drop(self.ledger);
        self.thread.take().unwrap().join().unwrap();
        self.folder
    }
}

fn decide(writer: &mut Writer, passage: &NewPassage) -> PassageId {
    let (camera, taken_at) = ("camera-1", passage.decided_at);
    let kinds = [PhotoKind::Head, PhotoKind::Body];
    let photos = kinds.map(|kind| NewPhoto {
        kind,
        camera,
        taken_at,
        jpeg: &JPEG,
    });
    writer.decide(passage, &photos).unwrap()
}

fn passed() -> Finished {
    Finished {
        outcome: Outcome::Passed,
        at: Timestamp::now(),
        reading: None,
    }
}

fn passage(lane: &str, plate: &str, age: Duration) -> NewPassage {
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
        decision: Decision::Allow,
        reason: "whitelist".to_owned(),
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

pub fn regulator(base_url: &str) -> RegulatorSettings {
    RegulatorSettings {
        base_url: base_url.to_owned(),
        app_key: "menjin".to_owned(),
        secret: Secret::new("menjin-trial"),
        timeout: Duration::from_secs(2),
        connect_timeout: Duration::from_millis(500),
        pace: brisk(),
        ..RegulatorSettings::default()
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

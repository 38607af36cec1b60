//! What delivering costs when the other side costs nothing: whether a long queue makes each row
//! dearer, and what a worker adds to taking rows and settling them. `cargo bench -p sync`; the ratios
//! are the figures, times are those of this machine.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::time::{Duration, Instant};

use frame::ClockSource;
use jiff::{SignedDuration, Timestamp};
use ledger::{Claim, Handle, Options, OutboxSink, SinkCounters, Takes, Writer};
use passage::{
    Direction, Grounds, NewPassage, NewPhoto, OutboxItem, PassageKey, PhotoKind, Reading, Verdict,
};
use sync::{Answer, Beat, Delivery, Failure, Pace, Sink, spawn};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SINK: &str = "yes";
const FEW: usize = 10;
const MANY: usize = 10_000;
/// Rows that a worker delivers.
const DELIVERED: usize = 400;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let few = claimed_and_settled(FEW)?;
    println!("a row taken and settled, {FEW} wait        {}", us(few));
    let many = claimed_and_settled(MANY)?;
    println!(
        "the same, {MANY} wait                   {} {:>6.2} × with {FEW}",
        us(many),
        ratio(many, few)
    );
    let worked = delivered().await?;
    println!(
        "a row that a worker delivers           {} {:>6.2} × taken and settled",
        us(worked),
        ratio(worked, few)
    );
    Ok(())
}

/// A row's share of a batch, while so many wait; the same number is put in again.
fn claimed_and_settled(waiting: usize) -> Result<Duration> {
    let folder = folder()?;
    let mut writer = filled(folder.path(), waiting)?;
    let claim = Claim {
        sink: SINK,
        now: Timestamp::now(),
        live_window: Duration::from_secs(300),
        limit: 8,
        backlog_limit: 8,
    };
    let (mut spent, mut rows) = (Duration::ZERO, 0_u32);
    while rows < 400 {
        let started = Instant::now();
        let taken = writer.claim_due(&claim)?;
        let count = taken.len();
        for row in taken {
            writer.ack(row.id, Timestamp::now(), "yes")?;
        }
        spent += started.elapsed();
        rows += u32::try_from(count)?;
        for _ in 0..count {
            come(&mut writer)?;
        }
    }
    Ok(spent / rows)
}

async fn delivered() -> Result<Duration> {
    let folder = folder()?;
    let (handle, thread) = Handle::start(filled(folder.path(), DELIVERED)?)?;
    let started = Instant::now();
    let pace = Pace {
        backlog_per_second: 1e6,
        ..Pace::default()
    };
    let worker = spawn(Yes, handle.clone(), pace);
    let mut status = worker.status();
    let all = |s: &sync::SinkStatus| s.acknowledged >= DELIVERED as u64;
    status.wait_for(all).await?;
    let spent = started.elapsed();
    worker.stop().await;
    drop(handle);
    thread.join().map_err(|_| "the ledger's thread has died")?;
    Ok(spent / u32::try_from(DELIVERED)?)
}

/// A disk would be all that is measured.
fn folder() -> std::io::Result<tempfile::TempDir> {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())
}

fn filled(folder: &std::path::Path, rows: usize) -> Result<Writer> {
    let options = Options {
        sinks: vec![OutboxSink {
            name: SINK.to_owned(),
            wait: Duration::ZERO,
            takes: Takes::default(),
        }],
        ..Options::default()
    };
    let mut writer = Writer::open(folder, options)?;
    for _ in 0..rows {
        come(&mut writer)?;
    }
    Ok(writer)
}

fn come(writer: &mut Writer) -> Result<()> {
    let photo = NewPhoto {
        kind: PhotoKind::Head,
        camera: "north-head",
        taken_at: Timestamp::now(),
        jpeg: &[0xFF, 0xD8, 0xFF, 0xD9],
    };
    writer.decide(&truck(), &[photo])?;
    Ok(())
}

fn truck() -> NewPassage {
    let at = Timestamp::now() - SignedDuration::from_secs(1);
    NewPassage {
        key: PassageKey::random(),
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction: Direction::In,
        entered_at: at,
        decided_at: at,
        clock: ClockSource::CameraNtp,
        clock_trusted: true,
        camera: "north-head".to_owned(),
        reading: Reading::unread(),
        decision: Verdict::Allow,
        reason: "read_allowed".to_owned(),
        grounds: Grounds::default(),
    }
}

/// Takes everything at once.
struct Yes;

impl Sink for Yes {
    fn name(&self) -> &str {
        SINK
    }

    fn wants(&self, _item: &OutboxItem) -> &'static [PhotoKind] {
        &[]
    }

    async fn deliver(&mut self, _row: &Delivery) -> Answer {
        Answer::Acknowledged("yes".to_owned())
    }

    async fn heartbeat(&mut self, _counters: &SinkCounters) -> std::result::Result<Beat, Failure> {
        Ok(Beat::NotKnown)
    }

    async fn close(&mut self) {}
}

fn ratio(time: Duration, beside: Duration) -> f64 {
    time.as_secs_f64() / beside.as_secs_f64()
}

fn us(time: Duration) -> String {
    format!("{:>8.0} µs", time.as_secs_f64() * 1e6)
}

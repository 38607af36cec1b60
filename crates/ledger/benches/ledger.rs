//! What the ledger's promises cost, as ratios within one run: other computers and other days
//! have other milliseconds, and should have the same ratios.
//!
//! `cargo bench -p ledger --features trial`; with `-- --full` on two years of passages.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use frame::ClockSource;
use jiff::Timestamp;
use ledger::trial::{Trial, fill};
use ledger::{Filter, Handle, Options, PlatePart, Reader, Writer};
use passage::{Direction, Grounds, NewPassage, NewPhoto, PassageKey, PhotoKind, Reading, Verdict};
use rusqlite::Connection;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Commits of each kind.
const COMMITS: usize = 40;
/// Bytes of a photo as cameras of 1080p give it.
const PHOTO_BYTES: usize = 200_000;

fn main() -> Result<()> {
    let full = std::env::args().any(|arg| arg == "--full");
    let folder = tempfile::tempdir()?;
    commits(folder.path())?;
    turns(folder.path())?;
    let folder = tempfile::tempdir()?;
    search(folder.path(), if full { 730 } else { 30 })
}

/// A passage with its photos against a transaction of one row with the same `fsync`.
fn commits(folder: &Path) -> Result<()> {
    let bare = Connection::open(folder.join("bare.sqlite3"))?;
    bare.pragma_update(None, "journal_mode", "WAL")?;
    bare.pragma_update(None, "synchronous", "FULL")?;
    bare.execute_batch("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")?;
    let bare = median(COMMITS, || {
        bare.execute("INSERT INTO rows (text) VALUES ('a row')", [])?;
        Ok(())
    })?;
    println!("a transaction of one row                 {}", ms(bare));

    let mut writer = Writer::open(folder, Options::default())?;
    let jpeg = vec![0x5A; PHOTO_BYTES];
    for count in [1, 2] {
        let photos = photos(&jpeg, count);
        let decided = median(COMMITS, || {
            writer.decide(&truck(), &photos)?;
            Ok(())
        })?;
        let times = decided.as_secs_f64() / bare.as_secs_f64();
        println!(
            "a passage with {count} photos                   {}  {times:>6.1} × a bare transaction",
            ms(decided)
        );
    }
    Ok(())
}

/// A turn of the writer on its thread against the same turn without one.
fn turns(folder: &Path) -> Result<()> {
    let turn = |writer: &mut Writer| writer.steps("nobody", "nothing");
    let mut writer = Writer::open(folder, Options::default())?;
    let direct = median(1000, || {
        black_box(turn(&mut writer)?);
        Ok(())
    })?;
    let (handle, thread) = Handle::start(writer)?;
    let handed = median(1000, || {
        black_box(handle.write_blocking(turn)?);
        Ok(())
    })?;
    drop(handle);
    thread.join().map_err(|_| "the ledger's thread has died")?;
    let times = handed.as_secs_f64() / direct.as_secs_f64();
    println!("a turn that writes nothing               {}", ms(direct));
    println!(
        "the same through a handle                {}  {times:>6.1} × without a thread",
        ms(handed)
    );
    Ok(())
}

/// The combined query by its indexes against looking at every passage.
fn search(folder: &Path, days: u32) -> Result<()> {
    let trial = Trial {
        days,
        per_day: 300,
        vehicles: 500,
        end: Timestamp::from_second(1_772_323_200)?,
    };
    fill(folder, &trial)?;
    let reader = Reader::open(folder)?;
    let newest = reader.search(&Filter::default(), None, 9)?;
    let plate = newest
        .passages
        .last()
        .ok_or("an empty trial")?
        .reading
        .plate
        .clone();
    let wanted = Filter {
        plate: Some(PlatePart {
            text: plate.clone(),
            whole: true,
            similar: false,
        }),
        ..Filter::default()
    };
    let mut found = 0;
    let indexed = median(50, || {
        found = reader
            .search(&wanted, None, usize::MAX >> 1)?
            .passages
            .len();
        Ok(())
    })?;
    let mut seen = 0;
    let scanned = median(1, || {
        reader.each(&Filter::default(), |passage| {
            seen += usize::from(passage.reading.plate == plate);
            true
        })?;
        Ok(())
    })?;
    if seen != found {
        return Err(
            format!("the query finds {found} passages, looking at all finds {seen}").into(),
        );
    }
    let passages = reader.counts()?.passages;
    let times = scanned.as_secs_f64() / indexed.as_secs_f64();
    println!(
        "a plate among {passages:>8} passages         {}  {times:>6.1} × faster than looking at each",
        ms(indexed)
    );
    Ok(())
}

/// Half of the runs took no longer.
fn median(runs: usize, mut run: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let begun = Instant::now();
        run()?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok(times[runs / 2])
}

fn ms(time: Duration) -> String {
    format!("{:>9.3} ms", time.as_secs_f64() * 1000.0)
}

fn photos(jpeg: &[u8], count: usize) -> Vec<NewPhoto<'_>> {
    let kinds = [PhotoKind::Head, PhotoKind::HeadOriginal];
    let photo = |kind| NewPhoto {
        kind,
        camera: "north-head",
        taken_at: Timestamp::UNIX_EPOCH,
        jpeg,
    };
    kinds.into_iter().take(count).map(photo).collect()
}

fn truck() -> NewPassage {
    let at = Timestamp::UNIX_EPOCH;
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
        reading: Reading {
            plate: "苏A12345".to_owned(),
            color: plate::Color::Yellow,
            recognised: true,
            ..Reading::unread()
        },
        decision: Verdict::Allow,
        reason: "read_allowed".to_owned(),
        grounds: Grounds::default(),
    }
}

//! What a day's line and a seek take in an index of twelve months of six cameras.
//!
//! `cargo bench -p recorder --features trial`
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan as _};
use recorder::VideoIndex;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const CAMERAS: [&str; 6] = [
    "north-in",
    "north-out",
    "south-in",
    "south-out",
    "east",
    "west",
];
const DAYS: u32 = 365;
const TIMES: usize = 200;

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let until: Timestamp = "2026-11-30T00:00:00Z".parse()?;
    let index = VideoIndex::open(folder.path())?;
    let began = Instant::now();
    let rows = index.fill(Path::new("/mnt/video"), &CAMERAS, DAYS, until)?;
    println!("{rows} files in {:.0} s", began.elapsed().as_secs_f64());
    let index = VideoIndex::open_to_read(folder.path())?;
    let bytes = std::fs::metadata(index.path())?.len();
    println!(
        "index                {:>8.0} MB, {} bytes a file",
        bytes as f64 / 1e6,
        bytes / rows
    );
    let mut lines = Vec::new();
    let mut seeks = Vec::new();
    for turn in 0..TIMES {
        let camera = CAMERAS[turn % CAMERAS.len()];
        let day = until - (24 * i64::try_from(turn * 37 % 360)? + 24).hours();
        let began = Instant::now();
        let line = index.span(camera, day, day + 24.hours())?;
        lines.push(began.elapsed());
        assert_eq!(black_box(line).videos.len(), 1440);
        let at = day + i64::try_from(turn * 7919 % 86_400)?.seconds();
        let began = Instant::now();
        let found = index.seek(camera, at)?.ok_or("no file")?;
        seeks.push(began.elapsed());
        assert!(found.start <= at && at < found.end());
    }
    print("a day's line", lines);
    print("a seek", seeks);
    Ok(())
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let (median, worst) = (ms(times[times.len() / 2]), ms(times[times.len() - 1]));
    println!("{what:<20} {median:>8.2} ms median, {worst:.2} ms at worst");
}

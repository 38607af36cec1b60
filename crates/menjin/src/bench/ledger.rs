//! `menjin bench ledger`: fills a ledger of the size it will have, and measures the query on it.

use std::path::Path;
use std::time::Instant;

use jiff::{Timestamp, ToSpan as _};
use ledger::trial::{Trial, fill};
use ledger::{ErrorKind, Filter, Reader};
use soak::measure;
use words::Language;

use crate::cli::bench::LedgerBenchArgs;
use crate::exit::{Failure, Outcome};
use crate::print::say;
use crate::register::format;

pub(crate) fn main(args: &LedgerBenchArgs) -> Outcome {
    let failed = |e: &dyn std::error::Error| Failure::job(e);
    let own;
    let folder = match &args.folder {
        Some(folder) => folder.as_path(),
        None => {
            own = tempfile::tempdir().map_err(|e| failed(&e))?;
            own.path()
        }
    };
    std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
    let days = args.months * 365 / 12;
    // The same instants each time, so that two runs are comparable.
    let end = Timestamp::from_second(1_772_323_200).map_err(|e| failed(&e))?;
    let reader = match Reader::open(folder) {
        Ok(reader) => reader,
        Err(e) if e.kind() == ErrorKind::Missing => {
            let begun = Instant::now();
            let trial = Trial {
                days,
                per_day: args.per_day,
                vehicles: args.vehicles,
                end,
            };
            fill(folder, &trial).map_err(|e| failed(&e))?;
            say(&format!("filled in {:.0} s", begun.elapsed().as_secs_f64()))?;
            Reader::open(folder).map_err(|e| failed(&e))?
        }
        Err(e) => return Err(failed(&e)),
    };
    let counts = reader.counts().map_err(|e| failed(&e))?;
    let bytes = std::fs::metadata(folder.join("ledger.sqlite3")).map_or(0, |meta| meta.len());
    say(&format!(
        "{} passages, {} MB\n{:<34} {:>6} {:>8} {:>8} {:>8}",
        counts.passages,
        bytes / 1_000_000,
        "query (page of 50, ms)",
        "found",
        "p50",
        "p95",
        "max"
    ))?;
    let mut worst: f64 = 0.0;
    for query in measure(&reader, end, days, args.runs).map_err(|e| failed(&e))? {
        worst = worst.max(query.p95_ms);
        say(&format!(
            "{:<34} {:>6} {:>8.1} {:>8.1} {:>8.1}",
            query.query, query.found, query.p50_ms, query.p95_ms, query.max_ms
        ))?;
    }
    say(&format!("longest p95 {worst:.1} ms"))?;
    if args.export {
        exports(&reader, folder, end)?;
    }
    match args.limit_ms {
        Some(limit) if worst > limit => Err(Failure::Job(format!(
            "a query takes {worst:.1} ms, the limit is {limit} ms"
        ))),
        _ => Ok(()),
    }
}

fn exports(reader: &Reader, folder: &Path, end: Timestamp) -> Outcome {
    let month = Filter {
        from: end.checked_sub((31 * 24).hours()).ok(),
        until: Some(end),
        oldest_first: true,
        ..Filter::default()
    };
    for name in ["month.csv", "month.xlsx"] {
        let file = folder.join(name);
        let begun = Instant::now();
        let zone = jiff::tz::TimeZone::UTC;
        let (format, language) = (format(&file)?, Language::Zh);
        let rows = reports::whole_file(&file, |out| {
            reports::passages(reader, &month, (out, format), &zone, language)
        })
        .map_err(|e| Failure::report(&e, language))?;
        say(&format!(
            "{name}: {rows} rows in {:.1} s, {} MB, memory at most {} MB",
            begun.elapsed().as_secs_f64(),
            std::fs::metadata(&file).map_or(0, |meta| meta.len()) / 1_000_000,
            peak_mb()
        ))?;
    }
    Ok(())
}

/// The most memory this process ever held.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.unwrap_or(0) / 1000
}

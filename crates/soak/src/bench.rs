//! A ledger of the size that it will have: filled, queried and exported, with figures.

use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ledger::trial::{Trial, fill};
use ledger::{ErrorKind, Filter, Reader};
use records::TableFormat;
use words::Language;

use crate::measure;

/// How large a ledger is measured, and what is done with it.
#[derive(Debug, Clone)]
pub struct LedgerBench {
    /// Months of passages.
    pub months: u32,
    /// Passages a day.
    pub per_day: u32,
    /// Vehicles in the register.
    pub vehicles: u32,
    /// How often each kind of query is asked.
    pub runs: usize,
    /// Filled and kept, or measured as it is; without one a new ledger that goes afterwards.
    pub folder: Option<PathBuf>,
    /// The last month is exported too.
    pub export: bool,
}

/// Why a ledger could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The export.
    #[error("the export failed: {}", .0.text(Language::En))]
    Export(reports::Error),
    /// A folder or a file.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// More time than there is.
    #[error(transparent)]
    Time(#[from] jiff::Error),
}

impl LedgerBench {
    /// Fills and measures; each line of figures is told as soon as it is known. Gives the longest 95th percentile
    /// of any query, in milliseconds.
    ///
    /// # Errors
    /// When the ledger, a file or the export fails.
    pub fn run(&self, tell: &mut dyn FnMut(String)) -> Result<f64, BenchError> {
        let own;
        let folder = match &self.folder {
            Some(folder) => folder.as_path(),
            None => {
                own = tempfile::tempdir()?;
                own.path()
            }
        };
        std::fs::create_dir_all(folder)?;
        // The same instants each time, so that two runs are comparable.
        let end = Timestamp::from_second(1_772_323_200)?;
        let days = self.months * 365 / 12;
        let reader = self.filled(folder, days, end, tell)?;
        let counts = reader.counts()?;
        let bytes = std::fs::metadata(folder.join("ledger.sqlite3")).map_or(0, |meta| meta.len());
        tell(format!(
            "{} passages, {} MB\n{:<34} {:>6} {:>8} {:>8} {:>8}",
            counts.passages,
            bytes / 1_000_000,
            "query (page of 50, ms)",
            "found",
            "p50",
            "p95",
            "max"
        ));
        let mut worst: f64 = 0.0;
        for query in measure(&reader, end, days, self.runs)? {
            worst = worst.max(query.p95_ms);
            tell(format!(
                "{:<34} {:>6} {:>8.1} {:>8.1} {:>8.1}",
                query.query, query.found, query.p50_ms, query.p95_ms, query.max_ms
            ));
        }
        tell(format!("longest p95 {worst:.1} ms"));
        for sink in ["regulator:trial", "one of today"] {
            let begun = Instant::now();
            let found = reader.unqueued(sink)?.map_or(0, |found| found.passages);
            let ms = begun.elapsed().as_secs_f64() * 1000.0;
            tell(format!("never queued for {sink}: {found} in {ms:.1} ms"));
        }
        if self.export {
            exports(&reader, folder, end, tell)?;
        }
        Ok(worst)
    }

    /// The ledger of the folder, filled first where there is none.
    fn filled(
        &self,
        folder: &Path,
        days: u32,
        end: Timestamp,
        tell: &mut dyn FnMut(String),
    ) -> Result<Reader, BenchError> {
        match Reader::open(folder) {
            Err(e) if e.kind() == ErrorKind::Missing => {}
            opened => return Ok(opened?),
        }
        let begun = Instant::now();
        let trial = Trial {
            days,
            per_day: self.per_day,
            vehicles: self.vehicles,
            end,
        };
        fill(folder, &trial)?;
        tell(format!("filled in {:.0} s", begun.elapsed().as_secs_f64()));
        Ok(Reader::open(folder)?)
    }
}

fn exports(
    reader: &Reader,
    folder: &Path,
    end: Timestamp,
    tell: &mut dyn FnMut(String),
) -> Result<(), BenchError> {
    let month = Filter {
        from: end.checked_sub((31 * 24).hours()).ok(),
        until: Some(end),
        oldest_first: true,
        ..Filter::default()
    };
    for (name, format) in [
        ("month.csv", TableFormat::Csv),
        ("month.xlsx", TableFormat::Xlsx),
    ] {
        let file = folder.join(name);
        let begun = Instant::now();
        let rows = reports::whole_file(&file, |out| {
            reports::passages(reader, &month, (out, format), &TimeZone::UTC, Language::Zh)
        })
        .map_err(BenchError::Export)?;
        tell(format!(
            "{name}: {rows} rows in {:.1} s, {} MB, memory at most {} MB",
            begun.elapsed().as_secs_f64(),
            std::fs::metadata(&file).map_or(0, |meta| meta.len()) / 1_000_000,
            peak_mb()
        ));
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

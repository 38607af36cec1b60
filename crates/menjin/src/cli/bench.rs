//! `menjin bench`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ModelsArgs;

#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    pub(crate) kind: BenchKind,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BenchKind {
    /// Photos: truth is `file,kind,plate,color,layout,x1,y1,…,x4,y4`.
    Images(ScoreArgs),
    /// Clips: truth is `clip,lane,enter_ms,leave_ms,plate,color,layout,direction,light`.
    Footage(FootageArgs),
    /// The combined query, on a ledger filled for it.
    Ledger(LedgerBenchArgs),
}

#[derive(Debug, Args)]
pub(crate) struct LedgerBenchArgs {
    /// Months of passages.
    #[arg(long, default_value_t = 24)]
    pub(crate) months: u32,
    /// Passages a day.
    #[arg(long, default_value_t = 2000)]
    pub(crate) per_day: u32,
    /// Vehicles in the register.
    #[arg(long, default_value_t = 8000)]
    pub(crate) vehicles: u32,
    /// How often each kind of query is asked.
    #[arg(long, default_value_t = 40)]
    pub(crate) runs: usize,
    /// Fill this folder and keep it; one that is filled already is only measured.
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Also export the last month as .xlsx and CSV, and report time and memory.
    #[arg(long)]
    pub(crate) export: bool,
    /// Fail when the 95th percentile of any query is longer.
    #[arg(long, value_name = "MS")]
    pub(crate) limit_ms: Option<f64>,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// Folder below which the files that the truth names are.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The truth; without it `truth.csv` in that folder.
    #[arg(long, value_name = "CSV")]
    truth: Option<PathBuf>,
    /// Write the figures here; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write a page with figures, curves and every error here.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Group by this column as well.
    #[arg(long, value_name = "COL")]
    pub(crate) by: Option<String>,
    /// Keep only rows whose column starts with this; may be given several times.
    #[arg(long, value_name = "COL=PREFIX")]
    pub(crate) only: Vec<String>,
    /// Accept a plate whose weakest character is at least this probable.
    #[arg(long, default_value_t = 0.9)]
    pub(crate) accept: f32,
    #[command(flatten)]
    pub(crate) models: ModelsArgs,
}

impl ScoreArgs {
    /// The file with the truth.
    pub(crate) fn truth(&self) -> PathBuf {
        let usual = || self.folder.join("truth.csv");
        self.truth.clone().unwrap_or_else(usual)
    }
}

#[derive(Debug, Args)]
pub(crate) struct FootageArgs {
    #[command(flatten)]
    pub(crate) score: ScoreArgs,
    /// Pictures analysed per second of footage.
    #[arg(long, default_value_t = 8.0)]
    pub(crate) fps: f32,
    /// Leave pictures out as a busy computer does, the same ones for the same seed.
    #[arg(long, value_name = "SEED")]
    pub(crate) uneven: Option<u64>,
    /// Rest while nothing is in the lane, as `[detection] idle = "rest"` does.
    #[arg(long)]
    pub(crate) rest: bool,
    /// Watch each lane as this configuration says (region, view, thresholds); lanes that it does
    /// not name keep the defaults.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

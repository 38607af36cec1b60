//! Long trials of what is promised about data: a gate's process is killed again and again, a backlog
//! drains beside live rows, a platform is away for days. Ledger, photos, uploads and platform are the
//! real ones; only the cameras are left out.
//!
//! Progress goes to standard error, the figures as one JSON line to standard output; the exit code is 1
//! when anything that is promised did not hold.

mod backlog;
mod compare;
mod console;
mod gate;
mod kills;
mod outage;
mod traffic;
mod victim;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde_json::Value;

/// What went wrong, for a person.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Long trials of ledger and delivery.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    trial: Trial,
}

#[derive(Debug, Subcommand)]
enum Trial {
    /// `kill -9` under load with passages, corrections, paper and uploads.
    Kills(KillsArgs),
    /// A backlog drains while live rows go on.
    Backlog(BacklogArgs),
    /// A platform is away for 72 hours.
    Outage(OutageArgs),
    /// Browsers on a full ledger, beside a lane that reads.
    Console(ConsoleArgs),
    /// The process that `kills` kills.
    #[command(hide = true)]
    Victim(VictimArgs),
}

/// Where the trial happens.
#[derive(Debug, Clone, Args)]
struct Place {
    /// Empty folder for ledger and photos, kept afterwards; without it a temporary one.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Size of each photo.
    #[arg(long, value_name = "KB", default_value_t = 30)]
    photo_kb: usize,
}

#[derive(Debug, Args)]
struct KillsArgs {
    #[command(flatten)]
    place: Place,
    /// How often the process is killed.
    #[arg(long, default_value_t = 300)]
    kills: u32,
    /// Longest life of a process.
    #[arg(long, value_name = "MS", default_value_t = 2500)]
    longest_life_ms: u64,
    /// Lives and faults are drawn with this.
    #[arg(long, default_value_t = 1321)]
    seed: u64,
}

#[derive(Debug, Args)]
struct BacklogArgs {
    #[command(flatten)]
    place: Place,
    /// Rows that wait when the trial begins.
    #[arg(long, default_value_t = 10_000)]
    rows: u32,
    /// Backlog rows a second at most, as in `pace.backlog_per_second`.
    #[arg(long, default_value_t = 10.0)]
    rate: f64,
    /// A live passage every so often.
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    live_every_ms: u64,
    /// Longest time from commit to acknowledgement of 95 % of the live rows.
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    limit_ms: u64,
}

#[derive(Debug, Args)]
struct OutageArgs {
    #[command(flatten)]
    place: Place,
    /// Rows generated while the platform is away: 72 hours at 2,000 a day by default.
    #[arg(long, default_value_t = 6000)]
    rows: u32,
    /// Backlog rows a second at most.
    #[arg(long, default_value_t = 10.0)]
    rate: f64,
}

#[derive(Debug, Args)]
struct ConsoleArgs {
    /// The program.
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// Folder with a ledger, such as `menjin bench ledger --folder` fills; nobody has an account there.
    #[arg(long, value_name = "DIR")]
    ledger: PathBuf,
    /// What is read meanwhile; it lasts longer than the trial.
    #[arg(long, value_name = "FILE")]
    recording: PathBuf,
    #[arg(long, value_name = "DIR", default_value = "models")]
    models: PathBuf,
    /// How often each page is asked for.
    #[arg(long, default_value_t = 40)]
    runs: usize,
    /// How often readings are counted without and with browsers.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    #[arg(long, value_name = "MS", default_value_t = 1000)]
    first_limit_ms: u64,
    #[arg(long, value_name = "MS", default_value_t = 300)]
    search_limit_ms: u64,
    /// Share of the readings that browsers may cost.
    #[arg(long, default_value_t = 0.05)]
    cost_limit: f64,
}

#[derive(Debug, Args)]
struct VictimArgs {
    #[arg(long)]
    folder: PathBuf,
    #[arg(long)]
    base_url: String,
    /// Names its vehicles.
    #[arg(long)]
    life: u32,
    #[arg(long)]
    photo_kb: usize,
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool's verdict"
)]
fn main() -> ExitCode {
    let cli = Cli::parse();
    // What the libraries say goes nowhere unless asked for: faults are what this is about.
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    if let Ok(filter) = filter {
        let log = tracing_subscriber::fmt().with_env_filter(filter);
        log.with_writer(std::io::stderr).init();
    }
    let figures = match &cli.trial {
        Trial::Kills(args) => in_runtime(kills::run(args)),
        Trial::Backlog(args) => in_runtime(backlog::run(args)),
        Trial::Outage(args) => in_runtime(outage::run(args)),
        Trial::Console(args) => in_runtime(console::run(args)),
        Trial::Victim(args) => in_runtime(victim::run(args)),
    };
    match figures {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("soak: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn in_runtime(trial: impl Future<Output = Result<Value, Fault>>) -> Result<Value, Fault> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(trial)
}

/// A line about how far it is.
#[expect(clippy::print_stderr, reason = "a tool's progress")]
fn progress(line: &str) {
    eprintln!("{} {line}", jiff::Timestamp::now().strftime("%H:%M:%SZ"));
}

impl Place {
    /// The folder, and what keeps a temporary one alive.
    fn open(&self) -> Result<(PathBuf, Option<tempfile::TempDir>), Fault> {
        let Some(folder) = &self.folder else {
            let folder = tempfile::tempdir()?;
            return Ok((folder.path().to_owned(), Some(folder)));
        };
        std::fs::create_dir_all(folder)?;
        if std::fs::read_dir(folder)?.next().is_some() {
            return Err(format!("{} is not empty; name a new folder", folder.display()).into());
        }
        Ok((folder.clone(), None))
    }
}

//! The command line.

use std::net::SocketAddr;

pub(crate) mod passages;
pub(crate) mod register;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Menjin (门禁): reads plates at a factory gate and keeps the ledger of HJ 1321-2023.
#[derive(Debug, Parser)]
#[command(name = "menjin", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Watch the gate: cameras in, passages, photos and uploads out.
    Run(RunArgs),
    /// Read the plates on photos and videos.
    Read(ReadArgs),
    /// Score photos or footage with known truth.
    Bench(BenchArgs),
    /// Check configuration, models, and the ledger against its files.
    Check(ConfigArgs),
    /// Prove that no row or photo of the ledger was changed, removed or inserted.
    Verify(VerifyArgs),
    /// Print the configuration in force, without secrets.
    Config(ConfigArgs),
    /// Summarise the ledger: passages, uploads, where photos are.
    Status(StatusArgs),
    /// Enterprise, entrances, barriers, cameras, vehicles, machines: look, change, import, export.
    Register(register::RegisterArgs),
    /// Find passages by any combination of conditions; show or export them.
    Passages(passages::PassagesArgs),
    /// Correct plate, colour or direction of a passage; what was read first stays.
    Correct(passages::CorrectArgs),
    /// Say what a vehicle carried.
    Cargo(passages::CargoArgs),
    /// Enter a passage from the paper ledger.
    Enter(passages::EnterArgs),
    /// Take a weighbridge's records and give each its passage.
    Weighbridge(WeighbridgeCommand),
    /// Transmission rate and completeness of uploads, by the day on which rows were generated.
    Report(ReportArgs),
    /// What platforms refused, with their words; sends it again after it was repaired.
    Uploads(UploadsArgs),
    /// Play the part of another system, for trials.
    Simulate(SimulateArgs),
}

#[derive(Debug, Args)]
pub(crate) struct WeighbridgeCommand {
    #[command(subcommand)]
    pub(crate) command: WeighbridgeKind,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WeighbridgeKind {
    /// Take a table of weighings.
    Import(passages::WeighbridgeArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = "config/menjin.toml")]
    pub(crate) config: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Anchors kept elsewhere: a copy of the file that `storage.anchors_file` names.
    #[arg(long, value_name = "FILE")]
    pub(crate) anchors: Option<PathBuf>,
    /// Leave the photos out: only the rows are proved.
    #[arg(long)]
    pub(crate) rows_only: bool,
    /// Print the verdict as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Show passages as they commit, on standard output.
    #[arg(long)]
    pub(crate) watch: bool,
    /// End by itself so many seconds after it became ready.
    #[arg(long, value_name = "N")]
    pub(crate) seconds: Option<u64>,
    /// End by itself when all cameras have ended and everything is uploaded.
    #[arg(long)]
    pub(crate) until_done: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Fail unless there are passages and every one of them is acknowledged everywhere.
    #[arg(long)]
    pub(crate) require_acknowledged: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// One day at the site; today without it.
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "month")]
    pub(crate) day: Option<String>,
    /// Every day of a month.
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<String>,
    /// Comma-separated values.
    #[arg(long)]
    pub(crate) csv: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UploadsArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Send this row again, or `all`. The daemon must be stopped, and sends it after its next start.
    #[arg(long, value_name = "ROW")]
    pub(crate) resend: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ModelsArgs {
    /// The models folder; without it the one beside the program or the working folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
    /// The ONNX Runtime library; without it the usual places are searched.
    #[arg(long, value_name = "FILE")]
    pub(crate) onnxruntime: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Photos, videos, or folders of photos.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// One JSON object a line for each plate.
    #[arg(long)]
    pub(crate) json: bool,
    /// Each file is one plate that was cut out: nothing is searched, it is only read.
    #[arg(long)]
    pub(crate) crop: bool,
    #[command(flatten)]
    pub(crate) models: ModelsArgs,
}

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
    /// Also export the last month as .xlsx and CSV, and tell time and memory.
    #[arg(long)]
    pub(crate) export: bool,
    /// Fail when the 95th percentile of any query is longer.
    #[arg(long, value_name = "MS")]
    pub(crate) limit_ms: Option<f64>,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// Folder that the files of the truth are below.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The truth.
    #[arg(long, value_name = "CSV")]
    pub(crate) truth: PathBuf,
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
    /// Accept a plate from this probability of its weakest character on.
    #[arg(long, default_value_t = 0.9)]
    pub(crate) accept: f32,
    #[command(flatten)]
    pub(crate) models: ModelsArgs,
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
    /// Watch each lane as this configuration says (region, view, thresholds); lanes that it does
    /// not name keep the defaults.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    #[command(subcommand)]
    pub(crate) part: SimulatedPart,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SimulatedPart {
    /// A regulator's platform that takes uploads and shows them.
    Regulator(SimulateRegulatorArgs),
}

/// Forms of platforms that can be played.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DialectArg {
    /// 云南: `getToken` and its seven companions.
    Yunnan,
    /// 河南: `transportControl`.
    Henan,
    /// English fields, Bearer token.
    Bearer,
}

/// What must be signed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SignedArg {
    /// The outermost fields, sorted.
    SortedPairs,
    /// The bytes of the body.
    Body,
    /// Body, then the headers timestamp and nonce.
    BodyTimestampNonce,
}

#[derive(Debug, Args)]
pub(crate) struct SimulateRegulatorArgs {
    /// Form of the platform.
    #[arg(long, value_enum, default_value_t = DialectArg::Yunnan)]
    pub(crate) dialect: DialectArg,
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 18_080)]
    pub(crate) port: u16,
    /// Listen here instead, for gates on other computers. The page stays for this computer only.
    #[arg(long, value_name = "IP:PORT", conflicts_with = "port")]
    pub(crate) listen: Option<SocketAddr>,
    /// HTTPS with this certificate (PEM, with its chain).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Ask for RSA2 signatures that this public key (PEM) verifies.
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key: Option<PathBuf>,
    /// What must be signed.
    #[arg(long, value_enum, default_value_t = SignedArg::SortedPairs, requires = "public_key")]
    pub(crate) signed: SignedArg,
    /// How long a token is good for, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 7200)]
    pub(crate) token_life: u64,
    /// Refuse passages that lack an item of table C.3.
    #[arg(long)]
    pub(crate) refuse_incomplete: bool,
    /// Keep what arrives in this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// Application key that clients must show.
    #[arg(long, default_value = "menjin")]
    pub(crate) app_key: String,
    /// File with the secret that belongs to the key.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
}

//! The command line.

pub(crate) mod bench;
pub(crate) mod chinese;
pub(crate) mod keep;
pub(crate) mod passages;
pub(crate) mod policy;
pub(crate) mod register;
pub(crate) mod simulate;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use config::ConfigArgs;

/// Menjin (门禁): reads plates at a factory gate and keeps the ledger of HJ 1321-2023.
#[derive(Debug, Parser)]
#[command(name = "menjin", version = env!("MENJIN_BUILD_VERSION"), arg_required_else_help = true)]
pub(crate) struct Cli {
    /// The configuration file, for commands that go by one.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
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
    Bench(bench::BenchArgs),
    /// Check configuration, models, and the ledger against its files.
    Check(CheckArgs),
    /// Find ONVIF cameras, show them as a lane to paste, set their overlay and clock.
    Onvif(fieldwork::OnvifArgs),
    /// Whether a lane's camera shows plates well, and what to change.
    Camera(fieldwork::CameraArgs),
    /// Prove that no row or photo of the ledger was changed, removed or inserted.
    Verify(audit::VerifyArgs),
    /// Recorded video: what there is, a span as a file, and whether it is what was recorded.
    Video(audit::VideoArgs),
    /// Read a lane's recording again and compare it with the ledger, vehicle by vehicle.
    Recount(audit::RecountArgs),
    /// An inspection: freeze, draw by a seed, sheets, the pack.
    Inspect(audit::InspectArgs),
    /// Back up ledger and photos beside the running daemon; list the backups that are there.
    Backup(keep::BackupArgs),
    /// Restore a backup onto a clean computer, compare the counts, and verify.
    Restore(keep::RestoreArgs),
    /// Photos whose time is over: show what would go and what is kept and why; do a round.
    Retention(keep::RetentionArgs),
    /// Print the configuration in force, without secrets.
    Config(ConfigArgs),
    /// One file for an engineer elsewhere: how all is, without plates, photos and secrets.
    Doctor(::doctor::DoctorArgs),
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
    /// What platforms refused, in their own words; sends it again once it is repaired.
    Uploads(UploadsArgs),
    /// What platforms sent down: vehicles over the limit, control strategies, violating passages.
    Downlinks(DownlinksArgs),
    /// Raise the arm of a lane, with who and why; it stays in the ledger and is an alarm.
    Lift(guardwork::LiftArgs),
    /// Hold the gate of a lane open for a time, or end that; rules and rows stay what they are.
    Hold(guardwork::HoldArgs),
    /// Arms that persons raised or held open, and what passed then.
    Lifts(guardwork::LiftsArgs),
    /// Alarms: what is wrong or was, and what to do; note who has seen one; practise.
    Alarms(guardwork::AlarmsArgs),
    /// Notes and tags of a vehicle: show them, write one, take one back.
    Note(guardwork::NoteArgs),
    /// Control strategies: what platforms sent, what is in force; confirm, reject, add, end.
    Strategy(policy::StrategyArgs),
    /// Visitors: who is expected, when, and how often a day.
    Visitor(policy::VisitorArgs),
    /// Vehicles that platforms hold over the limit: confirm or contest, with evidence.
    OverLimit(policy::OverLimitArgs),
    /// What the rules would decide, and what other rules would have decided.
    Policy(policy::PolicyArgs),
    /// Play the part of another system, for trials.
    Simulate(simulate::SimulateArgs),
    /// Completions for a shell, on standard output.
    #[command(hide = true)]
    Completions(CompletionsArgs),
    /// Pages for `man`, one for each command.
    #[command(hide = true)]
    Man(ManArgs),
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
pub(crate) struct CompletionsArgs {
    /// Which shell.
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder to write into.
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Talk to nobody: no camera, platform, broker, relay or scale.
    #[arg(long)]
    pub(crate) offline: bool,
    /// One JSON object.
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
    /// Exit this many seconds after becoming ready.
    #[arg(long, value_name = "N", value_parser = records::typed::<u64>)]
    pub(crate) seconds: Option<u64>,
    /// Exit when all cameras have ended and everything is uploaded.
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
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// One day at the site, such as 2026-05-01 or yesterday; today without it.
    #[arg(long, value_name = "DAY", conflicts_with = "month")]
    pub(crate) day: Option<String>,
    /// Every day of a month, such as 2026-05 or "last month".
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: Option<String>,
    /// Comma-separated values.
    #[arg(long, conflicts_with = "xlsx")]
    pub(crate) csv: bool,
    /// One JSON object a line for each day, sink and kind.
    #[arg(long, conflicts_with_all = ["xlsx", "csv"])]
    pub(crate) json: bool,
    /// A workbook with rates, counts of passages, refused rows and gaps.
    #[arg(long, value_name = "FILE", value_parser = records::xlsx_file)]
    pub(crate) xlsx: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DownlinksArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Only this kind.
    #[arg(long, value_parser = ["over_limit", "strategy", "violation"])]
    pub(crate) kind: Option<String>,
    /// One JSON object a line for each entry, as it was understood and as it was sent.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UploadsArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Only what this platform refused.
    #[arg(long, value_name = "NAME")]
    pub(crate) platform: Option<String>,
    /// Send this row again, or `all`: at once beside a running daemon, else after its next start.
    #[arg(long, value_name = "ROW", requires = "who", requires = "why")]
    pub(crate) resend: Option<String>,
    /// Queue passages of before a platform was configured, from this day or time on, at the pace of
    /// the backlog; what is older stays here and is not told again.
    #[arg(
        long,
        value_name = "TIME",
        requires = "who",
        requires = "why",
        conflicts_with = "resend"
    )]
    pub(crate) queue_from: Option<String>,
    /// Who sends it.
    #[arg(long, value_name = "NAME")]
    pub(crate) who: Option<String>,
    /// Why: what was repaired, or why it is late.
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// One JSON object a line for each row.
    #[arg(long, conflicts_with = "resend")]
    pub(crate) json: bool,
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
    /// Each file is one plate that was cut out: it is read as it is, and searched only if that is doubtful.
    #[arg(long)]
    pub(crate) crop: bool,
    #[command(flatten)]
    pub(crate) models: ModelsArgs,
}

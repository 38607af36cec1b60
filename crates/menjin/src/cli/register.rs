//! Options of `menjin register`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use config::ConfigArgs;
use guardwork::ByArgs;
use passage::Register;
use words::Language;

#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(subcommand)]
    pub(crate) command: RegisterCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RegisterCommand {
    /// One line a record: name, revision, state, known items of all items.
    List(ListArgs),
    /// One record: what is wrong with it, and all its revisions.
    Show(NamedArgs),
    /// The items of a register and what they may hold.
    Items(ItemsArgs),
    /// Add a record, or change items of one.
    Set(SetArgs),
    /// Approve, reject or retire.
    Review(ReviewArgs),
    /// Take records from .xlsx or .csv: all of them, or none and a report.
    Import(ImportArgs),
    /// Write records to .xlsx or .csv; a register without records gives an empty form.
    Export(ExportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ItemsArgs {
    /// enterprise, entrance, barrier, camera, vehicle, in_plant_vehicle, machine or fleet.
    pub(crate) register: Register,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// enterprise, entrance, barrier, camera, vehicle, in_plant_vehicle, machine or fleet.
    pub(crate) register: Register,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct NamedArgs {
    /// Which register.
    pub(crate) register: Register,
    /// What the record is called, such as 苏A12345 or 苏A12345|黄.
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct SetArgs {
    /// Which register.
    pub(crate) register: Register,
    /// Items by canonical or Chinese name; a file item takes the path of a picture; nothing after
    /// the sign makes an item unknown.
    #[arg(required = true, value_name = "ITEM=VALUE")]
    pub(crate) items: Vec<String>,
    /// The record to change; without it the one whose name the items give.
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ReviewVerdict {
    Approve,
    Reject,
    Retire,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    /// What becomes of it.
    pub(crate) verdict: ReviewVerdict,
    /// Which register.
    pub(crate) register: Register,
    /// What the record is called.
    pub(crate) name: Option<String>,
    /// Every record in which the validators found nothing wrong or missing.
    #[arg(long, conflicts_with = "name")]
    pub(crate) all_checked: bool,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Which register.
    pub(crate) register: Register,
    /// .xlsx or .csv (UTF-8 or GBK) with a row of column headings.
    pub(crate) file: PathBuf,
    /// Also report what is missing or doubtful, not only what is wrong.
    #[arg(long)]
    pub(crate) all_findings: bool,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Which register.
    pub(crate) register: Register,
    /// .xlsx or .csv.
    pub(crate) file: PathBuf,
    /// Language of headings and names; the site's unless given.
    #[arg(long)]
    pub(crate) language: Option<Language>,
    /// Include retired records.
    #[arg(long)]
    pub(crate) retired: bool,
}

//! What may be asked for.

use alarm::{AlarmId, CauseKind};
use clap::{Args, Subcommand};
use config::ConfigArgs;

/// Who changes something and why; kept with the change for good.
#[derive(Debug, Args)]
pub struct ByArgs {
    /// Who says so.
    #[arg(long, value_name = "NAME")]
    pub who: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub why: String,
}

/// Alarms that are shown, or one that is seen.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AlarmsArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(subcommand)]
    pub(crate) command: Option<AlarmsKind>,
    /// Only those that are not over.
    #[arg(long)]
    pub(crate) open: bool,
    /// Raised from this day or time on.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// One JSON object a line for each.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AlarmsKind {
    /// Note who has seen an alarm and why it was so; it stays in the ledger.
    See(SeeArgs),
    /// Practise: raise an alarm that reaches everybody and says that it is a drill.
    Drill(DrillArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SeeArgs {
    /// Number of the alarm.
    pub(crate) alarm: AlarmId,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DrillArgs {
    /// Which kind of alarm, by its code.
    #[arg(long, value_name = "KIND", default_value = "denied_passed")]
    pub(crate) kind: CauseKind,
    /// Who practises.
    #[arg(long, value_name = "NAME")]
    pub(crate) who: String,
}

/// The arm to raise.
#[derive(Debug, Args)]
pub struct LiftArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Name of the lane.
    pub(crate) lane: String,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

/// The lane to hold open, and for how long.
#[derive(Debug, Args)]
pub struct HoldArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Name of the lane.
    pub(crate) lane: String,
    /// For so many minutes, 1440 at most; a hold of the lane that is in force ends with it.
    #[arg(long, value_name = "N", value_parser = records::typed::<u32>, conflicts_with = "end")]
    pub(crate) minutes: Option<u32>,
    /// End the hold. Nothing lowers the arm: a person does, or the barrier by itself.
    #[arg(long)]
    pub(crate) end: bool,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

/// Arms that were raised or held open.
#[derive(Debug, Args)]
pub struct LiftsArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// From this day or time on; today without it.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// One JSON object a line for each.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A vehicle, and what is remarked of it.
#[derive(Debug, Args)]
pub struct NoteArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The plate; alone it shows what was remarked of it.
    pub(crate) plate: String,
    /// Write a note.
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["tag", "withdraw"])]
    pub(crate) note: Option<String>,
    /// Give a tag: a short word that is shown beside the plate.
    #[arg(long, value_name = "WORD", conflicts_with = "withdraw")]
    pub(crate) tag: Option<String>,
    /// Take the note or tag of this number back; it stays in the ledger.
    #[arg(long, value_name = "NUMBER", value_parser = records::typed::<i64>)]
    pub(crate) withdraw: Option<i64>,
    /// Who says so.
    #[arg(long, value_name = "NAME")]
    pub(crate) who: Option<String>,
    /// Why it is taken back.
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// One JSON object a line for each.
    #[arg(long)]
    pub(crate) json: bool,
}

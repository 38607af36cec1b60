//! `menjin strategy`, `visitor`, `over-limit` and `policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use config::ConfigArgs;
use guardwork::ByArgs;

#[derive(Debug, Args)]
pub(crate) struct StrategyArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(subcommand)]
    pub(crate) command: StrategyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StrategyCommand {
    /// What platforms sent and what people made of it, and every strategy.
    List,
    /// One entry of a platform with the rule that is proposed, or one strategy with its file and history.
    Show {
        /// Number of the entry, or the beginning of the strategy's number.
        name: String,
    },
    /// Put a strategy in force that a platform sent: as proposed, or from a file or a template.
    Confirm {
        /// Number of the entry.
        entry: i64,
        #[command(flatten)]
        what: WhatArgs,
        #[command(flatten)]
        by: ByArgs,
    },
    /// Refuse what a platform sent; it never was in force.
    Reject {
        /// Number of the entry.
        entry: i64,
        #[command(flatten)]
        by: ByArgs,
    },
    /// Put a strategy of the site's own in force.
    Add {
        #[command(flatten)]
        what: WhatArgs,
        /// In place of this strategy, by the beginning of its number.
        #[arg(long, value_name = "NUMBER")]
        replaces: Option<String>,
        #[command(flatten)]
        by: ByArgs,
    },
    /// End a strategy.
    End {
        /// The beginning of its number.
        name: String,
        #[command(flatten)]
        by: ByArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct WhatArgs {
    /// A strategy's file (TOML); `strategy show` prints one to start from.
    #[arg(long, value_name = "FILE", conflicts_with = "template")]
    pub(crate) file: Option<PathBuf>,
    /// One of the four common strategies.
    #[arg(long, value_parser = ["china3", "china4", "china4-gas5", "no-road-transport"])]
    pub(crate) template: Option<String>,
    /// In force from then on; now without it.
    #[arg(long, value_name = "TIME", conflicts_with = "file")]
    pub(crate) from: Option<String>,
    /// In force until then; until it is ended without it.
    #[arg(long, value_name = "TIME", conflicts_with = "file")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VisitorArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(subcommand)]
    pub(crate) command: VisitorCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VisitorCommand {
    /// Who is expected, and who was.
    List,
    /// Expect a vehicle.
    Add {
        /// Its plate.
        #[arg(long)]
        plate: String,
        /// The plate's colour, by name or code; any without it.
        #[arg(long)]
        color: Option<String>,
        /// From then on; now without it.
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Until then; a day is meant whole.
        #[arg(long, value_name = "TIME")]
        until: String,
        /// So many entries a day.
        #[arg(long, value_name = "N", value_parser = records::typed::<u32>)]
        per_day: Option<u32>,
        /// Whom it visits.
        #[arg(long)]
        host: String,
        #[command(flatten)]
        by: ByArgs,
    },
    /// Expect a vehicle no longer.
    End {
        /// The beginning of the visitor's number.
        name: String,
        #[command(flatten)]
        by: ByArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct OverLimitArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(subcommand)]
    pub(crate) command: OverLimitCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OverLimitCommand {
    /// What platforms sent of vehicles over the limit, and what people said of it.
    List,
    /// It is so; the platform is told.
    Confirm(OverLimitSaid),
    /// It is not so; the platform is told why.
    Contest(OverLimitSaid),
}

#[derive(Debug, Args)]
pub(crate) struct OverLimitSaid {
    /// Number of the entry.
    pub(crate) entry: i64,
    /// A JPEG, PNG or PDF that proves it.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// What would be decided of a vehicle, and why.
    Explain {
        /// Its plate.
        plate: String,
        /// The plate's colour, by name or code; not known without it.
        #[arg(long)]
        color: Option<String>,
        /// In this lane; the first one without it.
        #[arg(long)]
        lane: Option<String>,
        /// At this time; now without it.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// What it carries.
        #[arg(long)]
        cargo: Option<String>,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Which passages the rules of now would have decided otherwise.
    Replay {
        /// From this day, month or time on.
        #[arg(long, value_name = "TIME")]
        from: String,
        /// Up to this day or month, included, or this time.
        #[arg(long, value_name = "TIME")]
        to: Option<String>,
        /// Only what this strategy would have changed, as if it had been in force all the time.
        #[arg(long, value_name = "FILE")]
        with: Option<PathBuf>,
    },
}

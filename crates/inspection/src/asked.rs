//! What can be asked for on a command line.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::civil::Date;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum InspectKind {
    /// Every freeze and draw that was ever made, with what the inspector said.
    List {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Freeze a span of days; its code is written down before a seed is chosen.
    Freeze {
        /// First day, such as 2026-05-01.
        #[arg(long, value_name = "DAY")]
        from: Date,
        /// Last day.
        #[arg(long, value_name = "DAY")]
        until: Date,
        /// Only this entrance; may be given several times.
        #[arg(long = "entrance", value_name = "CODE")]
        entrances: Vec<String>,
        /// Who freezes.
        #[arg(long, value_name = "NAME")]
        who: String,
    },
    /// Draw of what was frozen, once, by the inspector's seed.
    Draw {
        /// The number of the freeze.
        id: i64,
        /// What the inspector chose.
        #[arg(long, value_name = "TEXT")]
        seed: String,
        /// How many passages, 5 to 10.
        #[arg(long, value_name = "N", default_value_t = 10)]
        passages: usize,
        /// How many days, 3 to 5.
        #[arg(long, value_name = "N", default_value_t = 5)]
        days: usize,
        /// Who draws.
        #[arg(long, value_name = "NAME")]
        who: String,
    },
    /// The sheets of what was drawn: items, photos hashed anew, chain; then the days.
    Show {
        /// The number of the freeze.
        id: i64,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Say of one thing that was drawn whether it agrees.
    Mark {
        /// The number of the freeze.
        id: i64,
        /// Which kind: passage, vehicle, machine, day.
        #[arg(value_parser = coded::<ledger::DrawnKind>)]
        kind: ledger::DrawnKind,
        /// Which: a passage's number, a record's key, a day.
        subject: String,
        /// What: agrees, differs, unchecked.
        #[arg(value_parser = coded::<ledger::InspectionMark>)]
        mark: ledger::InspectionMark,
        /// In words; needed unless it agrees.
        #[arg(long, value_name = "TEXT", default_value = "")]
        remark: String,
        /// Who says so.
        #[arg(long, value_name = "NAME")]
        who: String,
    },
    /// Write the pack: form, records, photos, hashes, proof.
    Pack {
        /// The number of the freeze.
        id: i64,
        /// The file to write, a zip.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

fn coded<T: std::str::FromStr<Err = passage::UnknownCode>>(
    text: &str,
) -> Result<T, passage::UnknownCode> {
    text.parse()
}

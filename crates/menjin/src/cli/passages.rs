//! Options of `menjin passages`, `correct`, `cargo`, `enter` and `weighbridge`.

use std::path::PathBuf;

use clap::Args;
use config::ConfigArgs;
use guardwork::ByArgs;

#[derive(Debug, Args)]
pub(crate) struct PassagesArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// From this day or time on, by the site's clock.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Up to this day (included) or time.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// Plate or part of it, several with commas between; fewer than 3 characters need a range of 62 days at most.
    #[arg(long, value_name = "TEXT")]
    pub(crate) plate: Option<String>,
    /// Each plate is given whole.
    #[arg(long, requires = "plate")]
    pub(crate) whole: bool,
    /// Characters that look alike count as the same: 0 D O Q, 8 B, 5 S, 2 Z, 1 I T L, 6 G, U V.
    #[arg(long, requires = "plate")]
    pub(crate) similar: bool,
    /// Only vehicles whose plate nobody knows.
    #[arg(long)]
    pub(crate) unread: bool,
    /// Only vehicles whose plate is known.
    #[arg(long, conflicts_with = "unread")]
    pub(crate) read: bool,
    /// Entrance number.
    #[arg(long)]
    pub(crate) entrance: Option<String>,
    /// Lane name.
    #[arg(long)]
    pub(crate) lane: Option<String>,
    /// in or out, 进 or 出.
    #[arg(long)]
    pub(crate) direction: Option<String>,
    /// Plate colour, such as 黄 or yellow.
    #[arg(long)]
    pub(crate) color: Option<String>,
    /// Emission standard by code or name, such as 5 or 国五.
    #[arg(long)]
    pub(crate) emission: Option<String>,
    /// Fuel by code or name, such as B or 柴油.
    #[arg(long)]
    pub(crate) fuel: Option<String>,
    /// allow, deny or ask.
    #[arg(long)]
    pub(crate) decision: Option<String>,
    /// Code of the decision's reason.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// waiting, refused, acknowledged or none.
    #[arg(long)]
    pub(crate) upload: Option<String>,
    /// Oldest first.
    #[arg(long)]
    pub(crate) oldest_first: bool,
    /// Passages on a page.
    #[arg(long, default_value_t = 50, value_parser = records::typed::<usize>)]
    pub(crate) limit: usize,
    /// Where the previous page ended, as it said.
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write everything that is found to this file instead of a page.
    #[arg(long, value_name = "FILE", value_parser = records::csv_file)]
    pub(crate) csv: Option<PathBuf>,
    /// The same as a workbook.
    #[arg(long, value_name = "FILE", value_parser = records::xlsx_file)]
    pub(crate) xlsx: Option<PathBuf>,
    /// The same with the key photos, as a zip.
    #[arg(long, value_name = "FILE", value_parser = records::zip_file)]
    pub(crate) zip: Option<PathBuf>,
    /// Of these, what persons corrected, with the pictures: truth for `bench images`, as a zip.
    #[arg(long, value_name = "FILE", value_parser = records::zip_file)]
    pub(crate) truth: Option<PathBuf>,
    /// Entries with the exits that belong to them, within the time range.
    #[arg(long)]
    pub(crate) visits: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CorrectArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Number of the passage.
    #[arg(value_parser = records::typed::<i64>)]
    pub(crate) passage: i64,
    /// The plate that it has.
    #[arg(long)]
    pub(crate) plate: Option<String>,
    /// The plate's colour, such as 黄 or yellow.
    #[arg(long)]
    pub(crate) color: Option<String>,
    /// in or out, 进 or 出.
    #[arg(long)]
    pub(crate) direction: Option<String>,
    /// The plate is as given although it is not a known number, or not one of its colour.
    #[arg(long)]
    pub(crate) unusual_plate: bool,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CargoArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Number of the passage.
    #[arg(value_parser = records::typed::<i64>)]
    pub(crate) passage: i64,
    /// What it carried.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// How much, in tonnes unless --unit says otherwise.
    #[arg(long)]
    pub(crate) amount: Option<String>,
    #[command(flatten)]
    pub(crate) cargo: UnitArgs,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

#[derive(Debug, Args)]
pub(crate) struct UnitArgs {
    /// t or L.
    #[arg(long, alias = "cargo-unit")]
    pub(crate) unit: Option<String>,
    /// The amount is as given although no vehicle carries as much.
    #[arg(long)]
    pub(crate) large_amount: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EnterArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// When it passed, as the paper says, by the site's clock: 2026-03-01T08:30.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: String,
    /// Plate.
    #[arg(long)]
    pub(crate) plate: String,
    /// Plate colour, such as 黄 or yellow.
    #[arg(long)]
    pub(crate) color: String,
    /// The plate is as given although it is not a known number, or not one of its colour.
    #[arg(long)]
    pub(crate) unusual_plate: bool,
    /// in or out, 进 or 出.
    #[arg(long)]
    pub(crate) direction: String,
    /// Entrance number.
    #[arg(long)]
    pub(crate) entrance: String,
    /// Barrier number.
    #[arg(long)]
    pub(crate) barrier: String,
    /// Lane, if the paper tells.
    #[arg(long)]
    pub(crate) lane: Option<String>,
    /// What it carried.
    #[arg(long)]
    pub(crate) cargo_name: Option<String>,
    /// How much, in tonnes unless --unit says otherwise.
    #[arg(long)]
    pub(crate) cargo_amount: Option<String>,
    #[command(flatten)]
    pub(crate) cargo: UnitArgs,
    /// It came once more, although the ledger has a passage like it.
    #[arg(long)]
    pub(crate) again: bool,
    #[command(flatten)]
    pub(crate) by: ByArgs,
}

#[derive(Debug, Args)]
pub(crate) struct WeighbridgeArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// .xlsx or .csv with plate, time and masses; the unit stands in the heading, such as 毛重(kg).
    pub(crate) file: PathBuf,
    /// Which weighbridge.
    #[arg(long, default_value = "weighbridge")]
    pub(crate) source: String,
    /// How far from the passage a weighing may be.
    #[arg(long, default_value_t = 60, value_name = "MINUTES", value_parser = records::typed::<u64>)]
    pub(crate) window_minutes: u64,
    /// Who imports.
    #[arg(long)]
    pub(crate) who: String,
}

//! `menjin retention`: what would be removed and why, and a round at once.

use housekeeping::{Coming, Forecast, removed};
use jiff::Timestamp;
use ledger::Reader;
use orders::{Done, Order};

use crate::cli::keep::RetentionArgs;

use crate::exit::Outcome;
use crate::print::print;
use crate::store::submit;

pub(crate) fn main(args: &RetentionArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    if !args.dry_run
        && let Done::Removed(done) = submit(&config, Order::Retain)?
    {
        tracing::debug!(?done, "a round was done");
    }
    let reader = Reader::open(&config.data_folder)?;
    let (plan, data, zone) = (&config.retention, &config.data_folder, &config.site.zone);
    let now = Timestamp::now();
    let coming = Coming::look(plan, data, zone, &reader, now)?;
    let forecast = Forecast::of(data, plan, &reader, now)?;
    let standing = forecast.standing(plan, config.language);
    let all = reader.removals()?;
    let mut lines = coming.told(plan, config.language);
    lines.extend(removed(&all, config.language, zone));
    lines.extend(standing.fine);
    lines.extend(standing.wrong);
    print(&lines)
}

//! `menjin retention`: what would be removed and why, and a round at once.

use jiff::Timestamp;
use ledger::Reader;

use crate::backup::print;
use crate::cli::keep::RetentionArgs;
use crate::config;
use crate::control::{Done, Order, submit};
use crate::exit::{Failure, Outcome};
use crate::keeping::{Coming, Forecast, removed};

pub(crate) fn main(args: &RetentionArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    if !args.dry_run
        && let Done::Removed(done) = submit(&config, Order::Retain)?
    {
        tracing::debug!(?done, "a round was done");
    }
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let now = Timestamp::now();
    let coming = Coming::look(&config, &reader, now).map_err(|e| Failure::job(&e))?;
    let forecast = Forecast::of(&config, &reader, now).map_err(|e| Failure::job(&e))?;
    let standing = forecast.standing(&config);
    let all = reader.removals().map_err(|e| Failure::job(&e))?;
    let mut lines = coming.told(&config);
    lines.extend(removed(&all, config.language, &config.site.zone));
    lines.extend(standing.fine);
    lines.extend(standing.wrong);
    print(&lines)
}

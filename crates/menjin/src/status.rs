//! `menjin status`: what is in the ledger and how far it is uploaded.

use jiff::Timestamp;
use ledger::Reader;
use status::LedgerFigures;

use crate::cli::StatusArgs;
use crate::config;
use crate::exit::{Failure, Outcome};
use crate::print::print;

pub(crate) fn main(args: &StatusArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let figures = LedgerFigures::of(&reader).map_err(|e| Failure::job(&e))?;
    let mut lines = figures.lines();
    let now = Timestamp::now();
    for standing in [config.disk_standing(now), config.backup_standing(now)] {
        lines.extend(standing.fine.into_iter().chain(standing.wrong));
    }
    let data = &config.data_folder;
    lines.push(format!("ledger {}", data.join("ledger.sqlite3").display()));
    lines.push(format!("photos {}", data.join("photos").display()));
    print(&lines)?;
    if args.require_acknowledged && !figures.all_acknowledged() {
        return Err(Failure::Job(
            "not everything is finished and acknowledged".to_owned(),
        ));
    }
    Ok(())
}

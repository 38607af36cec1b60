//! `menjin status`: what is in the ledger and how far it is uploaded.

use jiff::Timestamp;
use ledger::Reader;
use status::{LedgerFigures, unqueued_standing};
use words::Key;

use crate::cli::StatusArgs;

use crate::exit::{Failure, Outcome};
use crate::print::print;
use crate::store;

pub(crate) fn main(args: &StatusArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let reader = Reader::open(&config.data_folder)?;
    let figures = LedgerFigures::of(&reader)?;
    let now = Timestamp::now();
    let sinks = store::sinks_of_passages(&config);
    let unqueued = unqueued_standing(&reader, &sinks, config.language, &config.site.zone);
    let unqueued = unqueued?;
    let arms = orders::arm_states(&config.data_folder);
    let (language, zone) = (config.language, &config.site.zone);
    let arms = status::arm_standing(&reader, &config.places(), &arms, language, zone)?;
    let standings = [
        arms,
        unqueued,
        config.disk_standing(now),
        config.backup_standing(now, true),
        config.video_standing(now),
    ];
    let lines = if args.json {
        vec![figures.json(&standings, &config.data_folder).to_string()]
    } else {
        figures.lines(standings, &config.data_folder, config.language)
    };
    print(&lines)?;
    if args.require_acknowledged && !figures.all_acknowledged() {
        return Err(Failure::Job(Key::ConsoleNotAcknowledged.into()));
    }
    Ok(())
}

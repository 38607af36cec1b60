//! `menjin status`: what is in the ledger and how far it is uploaded.

use std::io::Write;

use jiff::Timestamp;
use ledger::Reader;
use status::LedgerFigures;

use crate::cli::StatusArgs;
use crate::config;
use crate::exit::{Failure, Outcome};

pub(crate) fn main(args: &StatusArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let figures = LedgerFigures::of(&reader).map_err(|e| Failure::job(&e))?;
    let counts = &figures.counts;
    let mut text = format!(
        "passages {}  open {}  lost {}  photos {}\n",
        counts.passages, counts.open, counts.lost, counts.photos
    );
    for sink in &figures.sinks {
        text += &format!(
            "{}: generated {}  acknowledged {}  waiting {}  refused {}\n",
            sink.sink, sink.generated, sink.acknowledged, sink.waiting, sink.refused
        );
    }
    let now = Timestamp::now();
    for standing in [config.disk_standing(now), config.backup_standing(now)] {
        for line in standing.fine.iter().chain(&standing.wrong) {
            text += &format!("{line}\n");
        }
    }
    text += &format!(
        "ledger {}\nphotos {}\n",
        config.data_folder.join("ledger.sqlite3").display(),
        config.data_folder.join("photos").display()
    );
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .map_err(|e| Failure::job(&e))?;
    if args.require_acknowledged && !figures.all_acknowledged() {
        return Err(Failure::Job(
            "not everything is finished and acknowledged".to_owned(),
        ));
    }
    Ok(())
}

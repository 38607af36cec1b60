//! `menjin uploads`: what platforms refused, and sending it again.

use std::io::Write;

use jiff::Timestamp;
use ledger::{Reader, RefusedView};

use crate::cli::UploadsArgs;
use crate::config::{self, Config};
use crate::exit::{Failure, Outcome};
use crate::store;

/// More lines help nobody; the rest comes after these are settled.
const MOST: u32 = 200;

pub(crate) fn main(args: &UploadsArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let refused = reader.refused(MOST).map_err(|e| Failure::job(&e))?;
    drop(reader);
    match &args.resend {
        None => show(&refused),
        Some(which) => resend(&config, &refused, which),
    }
}

fn show(refused: &[RefusedView]) -> Outcome {
    let mut out = std::io::stdout().lock();
    for row in refused {
        let (id, sink, about) = (row.id, &row.sink, row.about);
        writeln!(
            out,
            "{id}  {sink}  {} {about}  {}  {}",
            row.kind, row.at, row.words
        )
        .map_err(|e| Failure::job(&e))?;
    }
    writeln!(out, "{} refused", refused.len()).map_err(|e| Failure::job(&e))
}

/// Puts rows back into the queue. The daemon delivers them after its next start: there is one writer.
fn resend(config: &Config, refused: &[RefusedView], which: &str) -> Outcome {
    let chosen: Vec<&RefusedView> = refused
        .iter()
        .filter(|row| which == "all" || row.id.to_string() == which)
        .collect();
    if chosen.is_empty() {
        return Err(Failure::usage(format!(
            "{which} is no refused row; menjin uploads lists them"
        )));
    }
    let mut writer = store::open(config).map_err(|e| Failure::job(&e))?;
    for row in &chosen {
        writer
            .requeue(row.id, Timestamp::now())
            .map_err(|e| Failure::job(&e))?;
    }
    writeln!(
        std::io::stdout().lock(),
        "{} sent again by the daemon",
        chosen.len()
    )
    .map_err(|e| Failure::job(&e))
}

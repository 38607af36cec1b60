//! `menjin correct`, `cargo` and `enter`: what people add to passages.

use std::path::Path;

use ledger::Reader;
use orders::{Corrections, Order, PaperEntry};
use passage::{PassageId, PassageView};
use records::{code, moment};

use crate::cli::passages::{CargoArgs, CorrectArgs, EnterArgs};
use crate::config::{self, Config};
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};
use crate::store::submit;

fn loaded(path: &Path) -> Result<Config, Failure> {
    config::load(path).map_err(|e| Failure::usage(e.to_string()))
}

fn passage(config: &Config, id: i64) -> Result<PassageView, Failure> {
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    orders::passage(&reader, PassageId(id)).map_err(|e| Failure::order(&e, config.language))
}

pub(crate) fn correct(args: &CorrectArgs) -> Outcome {
    let config = loaded(&args.config.config)?;
    let view = passage(&config, args.passage)?;
    let said = Corrections {
        plate: args.plate.as_deref(),
        color: args.color.as_deref(),
        direction: args.direction.as_deref(),
        is_unusual: args.unusual_plate,
    };
    let changes = said.changes(&view);
    let changes = changes.map_err(|e| Failure::order(&e, config.language))?;
    if changes.is_empty() {
        return Err(Failure::usage("give --plate, --color or --direction"));
    }
    let said = changes.iter();
    let said: Vec<_> = said
        .map(|change| orders::before_and_after(change, config.language))
        .collect();
    let order = Order::Correct {
        passage: view.id,
        changes,
        who: args.by.who.clone(),
        why: args.by.why.clone(),
    };
    let done = submit(&config, order)?;
    print(&said)?;
    say(&done.text(config.language))
}

pub(crate) fn cargo(args: &CargoArgs) -> Outcome {
    let config = loaded(&args.config.config)?;
    let view = passage(&config, args.passage)?;
    let cargo = orders::cargo(args.name.clone(), args.amount, &args.unit);
    let cargo = cargo.map_err(|e| Failure::order(&e, config.language))?;
    let change = orders::cargo_change(&view, &cargo).map_err(|e| Failure::job(&e))?;
    let order = Order::Correct {
        passage: view.id,
        changes: vec![change],
        who: args.by.who.clone(),
        why: args.by.why.clone(),
    };
    say(&submit(&config, order)?.text(config.language))
}

pub(crate) fn enter(args: &EnterArgs) -> Outcome {
    let config = loaded(&args.config.config)?;
    let entry = entry(args, &config).map_err(|e| Failure::order(&e, config.language))?;
    let done = submit(&config, Order::Paper(Box::new(entry)))?;
    say(&done.text(config.language))
}

fn entry(args: &EnterArgs, config: &Config) -> Result<PaperEntry, orders::Error> {
    let cargo = match (&args.cargo_name, args.cargo_amount) {
        (None, None) => None,
        (name, amount) => Some(orders::cargo(name.clone(), amount, &args.cargo_unit)?),
    };
    let color = orders::coded(&code::PLATE_COLOR, &args.color)?;
    Ok(PaperEntry {
        lane: args.lane.clone().unwrap_or_default(),
        entrance: args.entrance.clone(),
        barrier: args.barrier.clone(),
        direction: orders::coded(&code::DIRECTION, &args.direction)?,
        color,
        passed_at: moment(&args.at, &config.site.zone)?,
        plate: orders::plate(&args.plate, color, args.unusual_plate)?,
        cargo,
        who: args.by.who.clone(),
        why: args.by.why.clone(),
    })
}

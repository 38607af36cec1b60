//! `menjin correct`, `cargo` and `enter`: what people add to passages.

use jiff::Timestamp;
use ledger::Reader;
use orders::{CargoSaid, Corrections, Order, PaperSaid};
use passage::{PassageId, PassageView};
use words::Key;

use crate::cli::passages::{CargoArgs, CorrectArgs, EnterArgs, UnitArgs};
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};
use crate::store::{site, submit};
use config::Config;

fn passage(config: &Config, id: i64) -> Result<PassageView, Failure> {
    let reader = Reader::open(&config.data_folder)?;
    Ok(orders::passage(&reader, PassageId(id))?)
}

pub(crate) fn correct(args: &CorrectArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let view = passage(&config, args.passage)?;
    let said = Corrections {
        plate: args.plate.as_deref(),
        color: args.color.as_deref(),
        direction: args.direction.as_deref(),
        is_unusual: args.unusual_plate,
    };
    let changes = said.changes(&view);
    let changes = changes?;
    if changes.is_empty() {
        return Err(Failure::usage(Key::AskCorrection));
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
    let config = config::load(&args.config.config)?;
    let view = passage(&config, args.passage)?;
    let said = cargo_said(&args.cargo, args.name.as_deref(), args.amount.as_deref());
    let change = said.change(&view);
    let change = change?;
    let order = Order::Correct {
        passage: view.id,
        changes: vec![change],
        who: args.by.who.clone(),
        why: args.by.why.clone(),
    };
    say(&submit(&config, order)?.text(config.language))
}

fn cargo_said<'a>(
    args: &'a UnitArgs,
    name: Option<&'a str>,
    amount: Option<&'a str>,
) -> CargoSaid<'a> {
    CargoSaid {
        name,
        amount,
        unit: args.unit.as_deref(),
        is_large: args.large_amount,
    }
}

pub(crate) fn enter(args: &EnterArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let (name, amount) = (args.cargo_name.as_deref(), args.cargo_amount.as_deref());
    let said = PaperSaid {
        at: &args.at,
        plate: &args.plate,
        color: &args.color,
        is_unusual: args.unusual_plate,
        direction: &args.direction,
        entrance: &args.entrance,
        barrier: &args.barrier,
        lane: args.lane.as_deref(),
        cargo: cargo_said(&args.cargo, name, amount),
        who: &args.by.who,
        why: &args.by.why,
    };
    let entry = said.entry(&site(&config), Timestamp::now());
    let entry = Box::new(entry?);
    let again = args.again;
    let done = submit(&config, Order::Paper { entry, again })?;
    say(&done.text(config.language))
}

//! `menjin correct`, `cargo` and `enter`: what people add to passages.

use ledger::{
    Cargo, CargoSource, CargoUnit, Change, CorrectedItem, PassageId, PassageView, Reader,
};
use records::{Register, code};
use words::Key;

use crate::cli::passages::{CargoArgs, CorrectArgs, EnterArgs};
use crate::config::{self, Config};
use crate::control::{Done, Order, PaperWire, submit};
use crate::exit::{Failure, Outcome};
use crate::passages::moment;
use crate::register::{rules, say};

fn loaded(path: &std::path::Path) -> Result<Config, Failure> {
    config::load(path).map_err(|e| Failure::usage(e.to_string()))
}

fn passage(config: &Config, id: i64) -> Result<PassageView, Failure> {
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let found = reader
        .passage(PassageId(id))
        .map_err(|e| Failure::job(&e))?;
    found.ok_or_else(|| {
        let words = config
            .language
            .fill(Key::ConsoleNoPassage, &[("number", &id)]);
        Failure::Job(words)
    })
}

/// A plate as it is stored, or why it can't be one.
fn plate(config: &Config, text: &str) -> Result<String, Failure> {
    let Some(item) = Register::Vehicle.item("plateNo") else {
        return Ok(text.to_owned());
    };
    let parsed = records::parse(Register::Vehicle, item, text, &rules(config));
    let plate = parsed.map_err(|said| Failure::usage(said.text(config.language)))?;
    Ok(plate.as_str().unwrap_or_default().to_owned())
}

fn choice(config: &Config, table: &code::CodeTable, text: &str) -> Result<String, Failure> {
    table
        .find(text)
        .map(|code| code.code.to_owned())
        .ok_or_else(|| {
            let allowed = table.choices(config.language);
            let said = config
                .language
                .fill(Key::FindingNotACode, &[("allowed", &allowed)]);
            Failure::usage(format!("{text}: {said}"))
        })
}

pub(crate) fn correct(args: &CorrectArgs) -> Outcome {
    let config = loaded(&args.config.config)?;
    let view = passage(&config, args.passage)?;
    let mut changes = Vec::new();
    let mut change = |item, value| {
        changes.push(Change {
            item,
            replaces: view.holds(item),
            value,
        });
    };
    if let Some(text) = &args.plate {
        change(CorrectedItem::Plate, plate(&config, text)?);
    }
    if let Some(text) = &args.color {
        change(
            CorrectedItem::Color,
            choice(&config, &code::PLATE_COLOR, text)?,
        );
    }
    if let Some(text) = &args.direction {
        change(
            CorrectedItem::Direction,
            choice(&config, &code::DIRECTION, text)?,
        );
    }
    if changes.is_empty() {
        return Err(Failure::usage("give --plate, --color or --direction"));
    }
    let order = Order::Correct {
        passage: view.id,
        changes,
        who: args.by.who.clone(),
        why: args.by.why.clone(),
    };
    told(&config, submit(&config, order)?)
}

pub(crate) fn cargo(args: &CargoArgs) -> Outcome {
    let config = loaded(&args.config.config)?;
    let view = passage(&config, args.passage)?;
    let cargo = Cargo {
        name: args.name.clone(),
        ..typed(args.amount, &args.unit)?
    };
    let value = serde_json::to_string(&cargo).map_err(|e| Failure::job(&e))?;
    let order = Order::Correct {
        passage: view.id,
        changes: vec![Change {
            item: CorrectedItem::Cargo,
            replaces: view.holds(CorrectedItem::Cargo),
            value,
        }],
        who: args.by.who.clone(),
        why: args.by.why.clone(),
    };
    told(&config, submit(&config, order)?)
}

fn typed(amount: Option<f64>, unit: &str) -> Result<Cargo, Failure> {
    let unit: CargoUnit = unit
        .parse()
        .map_err(|_| Failure::usage(format!("{unit}: the unit is t or L")))?;
    if amount.is_some_and(|amount| !amount.is_finite() || amount < 0.0) {
        return Err(Failure::usage("the amount is no weight or volume"));
    }
    Ok(Cargo {
        name: None,
        amount,
        unit,
        source: CargoSource::Typed,
        gross_t: None,
        tare_t: None,
        net_t: None,
        ticket: None,
        weighed_at: None,
    })
}

pub(crate) fn enter(args: &EnterArgs) -> Outcome {
    let config = loaded(&args.config.config)?;
    let wrong = |e: &dyn std::error::Error| Failure::usage(e.to_string());
    let cargo = match (&args.cargo_name, args.cargo_amount) {
        (None, None) => None,
        (name, amount) => Some(Cargo {
            name: name.clone(),
            ..typed(amount, &args.cargo_unit)?
        }),
    };
    let direction = choice(&config, &code::DIRECTION, &args.direction)?;
    let color = choice(&config, &code::PLATE_COLOR, &args.color)?;
    let order = Order::Paper(Box::new(PaperWire {
        lane: args.lane.clone().unwrap_or_default(),
        entrance: args.entrance.clone(),
        barrier: args.barrier.clone(),
        direction: direction.parse().map_err(|e| wrong(&e))?,
        passed_at: moment(&args.at, &config.site.zone, false)?,
        plate: plate(&config, &args.plate)?,
        color: color.parse().map_err(|e| wrong(&e))?,
        cargo,
        who: args.by.who.clone(),
        why: args.by.why.clone(),
    }));
    told(&config, submit(&config, order)?)
}

fn told(config: &Config, done: Done) -> Outcome {
    let language = config.language;
    match done {
        Done::Corrected { revision, photo } => {
            let key = if photo {
                Key::ConsoleCorrectedWithPhoto
            } else {
                Key::ConsoleCorrected
            };
            say(&language.fill(key, &[("revision", &revision)]))
        }
        Done::Entered(id) => say(&language.fill(Key::ConsoleEntered, &[("number", &id)])),
        other => say(&format!("{other:?}")),
    }
}

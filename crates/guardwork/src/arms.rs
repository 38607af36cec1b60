//! Arms raised and held open by a person, and those that were.

use config::OrderTaker;
use jiff::Timestamp;
use ledger::Reader;
use orders::Order;
use records::range_start;
use words::Key;

use crate::Error;
use crate::asked::{HoldArgs, LiftArgs, LiftsArgs};

/// Lifts, and holds, that are shown at most.
const MOST: usize = 1000;

/// Raises the arm of a lane.
///
/// # Errors
/// When it was refused.
pub fn lift(args: &LiftArgs, submit: OrderTaker<'_>) -> Result<Vec<String>, Error> {
    let config = config::load(&args.config.config)?;
    let order = Order::Lift {
        lane: args.lane.clone(),
        who: args.by.who.clone(),
        why: args.by.why.clone(),
    };
    Ok(vec![submit(&config, order)?.text(config.language)])
}

/// Holds a lane open for a time, or ends that.
///
/// # Errors
/// When it was refused, or neither was asked for.
pub fn hold(args: &HoldArgs, submit: OrderTaker<'_>) -> Result<Vec<String>, Error> {
    let config = config::load(&args.config.config)?;
    let (lane, who) = (args.lane.clone(), args.by.who.clone());
    let why = args.by.why.clone();
    let order = match (args.minutes, args.end) {
        (Some(minutes), _) => Order::Hold {
            lane,
            minutes,
            who,
            why,
        },
        (None, true) => Order::EndHold { lane, who, why },
        (None, false) => return Err(Error::Asked(Key::HoldWhat.into())),
    };
    Ok(vec![submit(&config, order)?.text(config.language)])
}

/// Arms that persons raised or held open.
///
/// # Errors
/// When the ledger cannot be read.
pub fn lifts(args: &LiftsArgs) -> Result<Vec<String>, Error> {
    let config = config::load(&args.config.config)?;
    let (language, zone) = (config.language, &config.site.zone);
    let from = args.from.as_deref().unwrap_or("today");
    let from = range_start(from, zone, Timestamp::now()).map_err(|e| Error::Asked(e.said()))?;
    let reader = Reader::open(&config.data_folder)?;
    let (lifts, holds) = (reader.lifts(from, MOST)?, reader.holds(from, MOST)?);
    if args.json {
        let lifts = lifts.iter().map(serde_json::to_string);
        let lines = lifts.chain(holds.iter().map(serde_json::to_string));
        return Ok(lines.collect::<Result<_, _>>()?);
    }
    let mut lines = reports::hold_lines(&holds, language, zone);
    if lines.is_empty() || !lifts.is_empty() {
        lines.extend(reports::lift_lines(&lifts, language, zone));
    }
    Ok(lines)
}

//! What is wrong or was, who has seen it, and practising.

use config::OrderTaker;
use jiff::Timestamp;
use ledger::{AlarmFilter, Reader};
use orders::Order;
use records::range_start;

use crate::Error;
use crate::asked::{AlarmsArgs, AlarmsKind};

/// Alarms that are shown unless more are asked for.
const MOST: usize = 500;

/// Alarms, or one that a person has seen or practises with.
///
/// # Errors
/// When it was refused, or there is nothing to read.
pub fn alarms(args: &AlarmsArgs, submit: OrderTaker<'_>) -> Result<Vec<String>, Error> {
    let config = config::load(&args.config.config)?;
    let (language, zone) = (config.language, &config.site.zone);
    let order = match &args.command {
        Some(AlarmsKind::See(see)) => Order::SeeAlarm {
            alarm: see.alarm,
            who: see.by.who.clone(),
            why: see.by.why.clone(),
        },
        Some(AlarmsKind::Drill(drill)) => Order::Drill {
            kind: drill.kind,
            who: drill.who.clone(),
        },
        None => {
            let from = args.from.as_ref();
            let from = from.map(|from| range_start(from, zone, Timestamp::now()));
            let filter = AlarmFilter {
                open: args.open,
                from: from.transpose().map_err(|e| Error::Asked(e.said()))?,
                before: None,
            };
            let alarms = Reader::open(&config.data_folder)?.alarms(&filter, MOST)?;
            if args.json {
                return Ok(alarms.iter().map(|a| a.json().to_string()).collect());
            }
            return Ok(reports::alarm_lines(&alarms, language, zone));
        }
    };
    Ok(vec![submit(&config, order)?.text(language)])
}

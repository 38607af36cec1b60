//! `menjin uploads`: what platforms refused, and sending it again.

use jiff::Timestamp;
use ledger::{Reader, RefusedView};
use orders::Order;
use passage::OutboxId;
use records::{narrow, range_start};
use status::unqueued_standing;
use words::{Key, Said};

use crate::cli::UploadsArgs;
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};
use crate::store::{sinks_of_passages, submit};
use config::Config;

pub(crate) fn main(args: &UploadsArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let reader = Reader::open(&config.data_folder)?;
    let mut refused = reader.refused(u32::MAX)?;
    let mut sinks = sinks_of_passages(&config);
    if let Some(name) = &args.platform {
        let sink = format!("platform:{name}");
        refused.retain(|row| row.sink == sink || row.sink == *name);
        sinks.retain(|known| *known == sink || known == name);
    }
    let (language, zone) = (config.language, &config.site.zone);
    if let (Some(who), Some(why)) = (&args.who, &args.why) {
        if let Some(from) = &args.queue_from {
            let from = range_start(from, zone, Timestamp::now());
            let from = from.map_err(|e| Failure::usage(e.said()))?;
            let (who, why) = (who.clone(), why.clone());
            let order = Order::Backfill {
                sinks,
                from,
                who,
                why,
            };
            return say(&submit(&config, order)?.text(language));
        }
        if let Some(which) = &args.resend {
            return resend(&config, &refused, which, who, why);
        }
    }
    if args.json {
        return print(&reports::refused_json(&refused));
    }
    print(&reports::refused_lines(&refused, language, zone))?;
    let earlier = unqueued_standing(&reader, &sinks, language, zone);
    print(&earlier?.wrong)
}

/// Puts rows back into the queue, all or none.
fn resend(config: &Config, refused: &[RefusedView], which: &str, who: &str, why: &str) -> Outcome {
    let which = narrow(which);
    let rows: Vec<OutboxId> = refused
        .iter()
        .map(|row| row.id)
        .filter(|id| which == "all" || id.to_string() == which)
        .collect();
    if rows.is_empty() {
        let why = Said::with(Key::ConsoleNotRefused, "row", which);
        return Err(Failure::usage(why));
    }
    let order = Order::Resend {
        rows,
        who: who.to_owned(),
        why: why.to_owned(),
    };
    say(&submit(config, order)?.text(config.language))
}

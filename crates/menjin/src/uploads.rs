//! `menjin uploads`: what platforms refused, and sending it again.

use ledger::{Reader, RefusedView};
use orders::Order;
use passage::OutboxId;
use words::Key;

use crate::cli::UploadsArgs;
use crate::config::{self, Config};
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};
use crate::store::submit;

pub(crate) fn main(args: &UploadsArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let mut refused = reader.refused(u32::MAX).map_err(|e| Failure::job(&e))?;
    drop(reader);
    if let Some(name) = &args.platform {
        let sink = format!("platform:{name}");
        refused.retain(|row| row.sink == sink || row.sink == *name);
    }
    match (&args.resend, &args.who, &args.why) {
        (Some(which), Some(who), Some(why)) => resend(&config, &refused, which, who, why),
        _ if args.json => print(&reports::refused_json(&refused)),
        _ => {
            let zone = &config.site.zone;
            print(&reports::refused_lines(&refused, config.language, zone))
        }
    }
}

/// Puts rows back into the queue, all or none.
fn resend(config: &Config, refused: &[RefusedView], which: &str, who: &str, why: &str) -> Outcome {
    let rows: Vec<OutboxId> = refused
        .iter()
        .map(|row| row.id)
        .filter(|id| which == "all" || id.to_string() == which)
        .collect();
    let language = config.language;
    if rows.is_empty() {
        let words = language.fill(Key::ConsoleNotRefused, &[("row", &which)]);
        return Err(Failure::usage(words));
    }
    let order = Order::Resend {
        rows,
        who: who.to_owned(),
        why: why.to_owned(),
    };
    say(&submit(config, order)?.text(language))
}

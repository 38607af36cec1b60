//! `menjin uploads`: what platforms refused, and sending it again.

use std::io::Write;

use ledger::{OutboxId, Reader, RefusedView};
use words::Key;

use crate::cli::UploadsArgs;
use crate::config::{self, Config};
use crate::control::{Done, Order, submit};
use crate::exit::{Failure, Outcome};
use crate::register::say;

/// More lines help nobody; the rest comes after these are settled.
const MOST_SHOWN: usize = 200;

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
        _ => show(&config, &refused),
    }
}

fn show(config: &Config, refused: &[RefusedView]) -> Outcome {
    let language = config.language;
    let time = |at: jiff::Timestamp| {
        let local = at.to_zoned(config.site.zone.clone());
        local.strftime("%Y-%m-%d %H:%M:%S").to_string()
    };
    let mut out = std::io::stdout().lock();
    let mut line = |text: &str| writeln!(out, "{text}").map_err(|e| Failure::job(&e));
    for row in refused.iter().take(MOST_SHOWN) {
        let (id, sink, kind, about) = (row.id, &row.sink, row.kind, row.about);
        let resent = row.resent.as_ref().map(|(at, words)| {
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("time", &time(*at)), ("words", words)];
            format!("  {}", language.fill(Key::ConsoleResentBefore, &values))
        });
        line(&format!(
            "{id}  {sink}  {kind} {about}  {}  {}{}",
            time(row.at),
            row.words,
            resent.unwrap_or_default()
        ))?;
    }
    if refused.len() > MOST_SHOWN {
        line(&language.fill(Key::ConsoleMoreRefused, &[("count", &MOST_SHOWN)]))?;
    }
    line(&language.fill(Key::ConsoleRefusedRows, &[("count", &refused.len())]))
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
    match submit(config, order)? {
        Done::Resent(count) => say(&language.fill(Key::ConsoleResent, &[("count", &count)])),
        other => say(&format!("{other:?}")),
    }
}

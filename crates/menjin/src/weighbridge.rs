//! `menjin weighbridge import`: a weighbridge's records as a table.

use orders::{Order, register, weighing};
use words::{Key, Said};

use crate::cli::passages::WeighbridgeArgs;

use crate::exit::{Failure, Outcome};
use crate::print::say;
use crate::register::{format, table_failure};
use crate::store::submit;

pub(crate) fn main(args: &WeighbridgeArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let language = config.language;
    let table = register::table(&args.file, format(&args.file)?)
        .map_err(|e| table_failure(&args.file, e))?;
    let weighings = weighing::from_table(&table, &config.site.zone).map_err(|mistakes| {
        let count = mistakes.0.len();
        let none = Said::with(Key::ConsoleNothingImported, "count", count);
        Failure::Job(Said::in_each(|language| {
            let (file, none) = (args.file.display(), none.text(language));
            format!("{file}\n{}\n{none}", mistakes.text(language))
        }))
    })?;
    let order = Order::Weighings {
        weighings,
        source: args.source.clone(),
        window_s: args.window_minutes.saturating_mul(60),
        who: args.who.clone(),
    };
    say(&submit(&config, order)?.text(language))
}

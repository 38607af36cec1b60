//! `menjin report`: transmission rate and completeness by day, sink and kind.

use jiff::Timestamp;
use ledger::Reader;
use reports::delivery;
use words::Key;

use crate::cli::ReportArgs;

use crate::exit::Outcome;
use crate::print::{print, say};

pub(crate) fn main(args: &ReportArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let (zone, language) = (&config.site.zone, config.language);
    let now = Timestamp::now();
    let reader = Reader::open(&config.data_folder)?;
    let asked = args.day.as_deref().or(args.month.as_deref());
    let days = delivery::days_asked(asked, zone, now)?;
    if let Some(path) = &args.xlsx {
        reports::whole_file(path, |mut out| {
            reports::workbook(&reader, &days, zone, now, &mut out)?;
            Ok((out, ()))
        })?;
        let file = path.display();
        return say(&language.fill(Key::ReportWritten, &[("file", &file)]));
    }
    let lines = if args.csv {
        delivery::csv(&reader, &days, zone)
    } else if args.json {
        delivery::json(&reader, &days, zone)
    } else {
        delivery::text(&reader, &days, zone, now, language)
    };
    print(&lines?)
}

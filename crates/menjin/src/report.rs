//! `menjin report`: transmission rate and completeness by day, sink and kind.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::Reader;
use reports::delivery;
use words::Key;

use crate::cli::ReportArgs;
use crate::config;
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};

pub(crate) fn main(args: &ReportArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let (zone, language) = (&config.site.zone, config.language);
    let now = Timestamp::now();
    let days = days(args, zone)?;
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let failed = |e: reports::Error| Failure::report(&e, language);
    if let Some(path) = &args.xlsx {
        reports::whole_file(path, |mut out| {
            reports::workbook(&reader, &days, zone, now, &mut out)?;
            Ok((out, ()))
        })
        .map_err(failed)?;
        let file = path.display();
        return say(&language.fill(Key::ReportWritten, &[("file", &file)]));
    }
    let lines = if args.csv {
        delivery::csv(&reader, &days, zone)
    } else if args.json {
        delivery::json(&reader, &days, zone)
    } else {
        delivery::text(&reader, &days, zone, now)
    };
    print(&lines.map_err(failed)?)
}

/// The day or the days of the month that were asked for; today without either.
fn days(args: &ReportArgs, zone: &TimeZone) -> Result<Vec<Date>, Failure> {
    if let Some(month) = &args.month {
        let first: Date = format!("{month}-01")
            .parse()
            .map_err(|_| Failure::usage(format!("--month {month}: write it like 2026-05")))?;
        return Ok(delivery::days_of_month(first));
    }
    let Some(day) = &args.day else {
        return Ok(vec![Timestamp::now().to_zoned(zone.clone()).date()]);
    };
    let day = day
        .parse()
        .map_err(|_| Failure::usage(format!("--day {day}: write it like 2026-05-01")))?;
    Ok(vec![day])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(day: Option<&str>, month: Option<&str>) -> Result<Vec<Date>, Failure> {
        let args = ReportArgs {
            config: crate::cli::ConfigArgs { config: "x".into() },
            day: day.map(str::to_owned),
            month: month.map(str::to_owned),
            csv: false,
            json: false,
            xlsx: None,
        };
        days(&args, &TimeZone::UTC)
    }

    #[test]
    fn a_month_has_all_its_days_and_nonsense_is_told() {
        assert_eq!(asked(None, Some("2028-02")).expect("leap year").len(), 29);
        let day = asked(Some("2026-05-01"), None).expect("a day");
        assert_eq!(day, [Date::constant(2026, 5, 1)]);
        for (day, month) in [(Some("yesterday"), None), (None, Some("2026-13"))] {
            assert!(asked(day, month).is_err());
        }
    }
}

//! `menjin report`: transmission rate and completeness by day, sink and kind.

use std::io::Write;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ledger::{Delivered, Reader};

use words::Key;

use crate::cli::ReportArgs;
use crate::config;
use crate::exit::{Failure, Outcome};
use crate::register::say;

pub(crate) mod workbook;

pub(crate) fn main(args: &ReportArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let days = days(args, &config.site.zone)?;
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    if let Some(path) = &args.xlsx {
        workbook::write(&reader, &days, &config.site.zone, path)?;
        let file = path.display();
        return say(&config.language.fill(Key::ReportWritten, &[("file", &file)]));
    }
    let mut lines = vec![head(args.csv)];
    for day in days {
        let (from, until) = bounds(day, &config.site.zone)?;
        let delivered = reader
            .delivered(from, until)
            .map_err(|e| Failure::job(&e))?;
        lines.extend(delivered.iter().map(|d| line(day, d, args.csv)));
    }
    let now = Timestamp::now().to_zoned(config.site.zone);
    let as_of = now.strftime("%Y-%m-%d %H:%M:%S");
    if !args.csv {
        lines.push(format!("截至 as of {as_of}"));
    }
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}").map_err(|e| Failure::job(&e))?;
    }
    Ok(())
}

/// The day or the days of the month that were asked for; today without either.
fn days(args: &ReportArgs, zone: &TimeZone) -> Result<Vec<Date>, Failure> {
    if let Some(month) = &args.month {
        let first: Date = format!("{month}-01")
            .parse()
            .map_err(|_| Failure::usage(format!("--month {month}: write it like 2026-05")))?;
        return Ok(days_of_month(first));
    }
    let Some(day) = &args.day else {
        return Ok(vec![Timestamp::now().to_zoned(zone.clone()).date()]);
    };
    let day = day
        .parse()
        .map_err(|_| Failure::usage(format!("--day {day}: write it like 2026-05-01")))?;
    Ok(vec![day])
}

/// Every day of the month that `day` is in.
pub(crate) fn days_of_month(day: Date) -> Vec<Date> {
    let days = usize::from(day.days_in_month().unsigned_abs());
    day.first_of_month().series(1.day()).take(days).collect()
}

fn bounds(day: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), Failure> {
    let start = |day: Date| day.to_zoned(zone.clone()).map(|z| z.timestamp());
    let next = day.tomorrow().map_err(|e| Failure::job(&e))?;
    let bounds = start(day).and_then(|from| Ok((from, start(next)?)));
    bounds.map_err(|e| Failure::job(&e))
}

fn head(csv: bool) -> String {
    if csv {
        return "day,sink,kind,generated,acknowledged,refused,rate,completeness".to_owned();
    }
    format!(
        "{:<10}  {:<24} {:<18} {:>9} {:>12} {:>8} {:>8} {:>12}",
        "day", "sink", "kind", "generated", "acknowledged", "refused", "rate", "completeness"
    )
}

fn line(day: Date, d: &Delivered, csv: bool) -> String {
    if csv {
        let share = |share: Option<f64>| share.map_or_else(String::new, |s| format!("{s:.4}"));
        return format!(
            "{day},{},{},{},{},{},{},{}",
            d.sink,
            d.kind,
            d.generated,
            d.acknowledged,
            d.refused,
            share(d.rate()),
            share(d.completeness())
        );
    }
    // Rounded down: 94.96 % is not 95 %.
    let percent = |share: Option<f64>| {
        share.map_or_else(
            || "-".to_owned(),
            |s| format!("{:.1} %", (s * 1000.0).floor() / 10.0),
        )
    };
    format!(
        "{day}  {:<24} {:<18} {:>9} {:>12} {:>8} {:>8} {:>12}",
        d.sink,
        d.kind.as_str(),
        d.generated,
        d.acknowledged,
        d.refused,
        percent(d.rate()),
        percent(d.completeness())
    )
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

    #[test]
    fn a_rate_is_never_rounded_up_to_its_limit() {
        let d = Delivered {
            sink: "p".to_owned(),
            kind: ledger::OutboxKind::Passage,
            generated: 10_000,
            acknowledged: 9499,
            refused: 1,
            items_present: 0,
            items_expected: 0,
        };
        let day = Date::constant(2026, 5, 1);
        assert!(line(day, &d, false).contains("94.9 %"));
        assert_eq!(
            line(day, &d, true),
            "2026-05-01,p,passage,10000,9499,1,0.9499,"
        );
    }
}

//! Transmission rate and completeness by day, sink and kind, as text or CSV.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ledger::{Delivered, Reader};
use serde_json::json;
use words::padded;

use crate::{Error, local};

/// The rates of these days, one line for each sink and kind, as of `now`.
///
/// # Errors
/// When the ledger can't be read.
pub fn text(
    reader: &Reader,
    days: &[Date],
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Vec<String>, Error> {
    let mut lines = vec![head()];
    each(reader, days, zone, |day, d| lines.push(line(day, d)))?;
    lines.push(format!("截至 as of {}", local(now, zone)));
    Ok(lines)
}

/// The same as CSV.
///
/// # Errors
/// When the ledger can't be read.
pub fn csv(reader: &Reader, days: &[Date], zone: &TimeZone) -> Result<Vec<String>, Error> {
    let head = "day,sink,kind,generated,acknowledged,refused,rate,completeness";
    let mut lines = vec![head.to_owned()];
    each(reader, days, zone, |day, d| lines.push(csv_line(day, d)))?;
    Ok(lines)
}

/// The same as JSON objects, one a line.
///
/// # Errors
/// When the ledger can't be read.
pub fn json(reader: &Reader, days: &[Date], zone: &TimeZone) -> Result<Vec<String>, Error> {
    let mut lines = Vec::new();
    each(reader, days, zone, |day, d| lines.push(json_line(day, d)))?;
    Ok(lines)
}

fn each(
    reader: &Reader,
    days: &[Date],
    zone: &TimeZone,
    mut take: impl FnMut(Date, &Delivered),
) -> Result<(), Error> {
    for &day in days {
        let (from, until) = bounds(day, zone)?;
        let delivered = reader.delivered(from, until)?;
        delivered.iter().for_each(|d| take(day, d));
    }
    Ok(())
}

/// Every day of the month that `day` is in.
#[must_use]
pub fn days_of_month(day: Date) -> Vec<Date> {
    let days = usize::from(day.days_in_month().unsigned_abs());
    day.first_of_month().series(1.day()).take(days).collect()
}

/// When a day begins and the next one does.
pub(crate) fn bounds(day: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), Error> {
    let start = |day: Date| day.to_zoned(zone.clone()).map(|z| z.timestamp());
    Ok((start(day)?, start(day.tomorrow()?)?))
}

fn head() -> String {
    format!(
        "{:<10}  {:<24} {:<18} {:>9} {:>12} {:>8} {:>8} {:>12}",
        "day", "sink", "kind", "generated", "acknowledged", "refused", "rate", "completeness"
    )
}

fn line(day: Date, d: &Delivered) -> String {
    // Rounded down: 94.96 % is not 95 %.
    let percent = |share: Option<f64>| {
        share.map_or_else(
            || "-".to_owned(),
            |s| format!("{:.1} %", (s * 1000.0).floor() / 10.0),
        )
    };
    format!(
        "{day}  {} {} {:>9} {:>12} {:>8} {:>8} {:>12}",
        padded(&d.sink, 24),
        padded(d.kind.as_str(), 18),
        d.generated,
        d.acknowledged,
        d.refused,
        percent(d.rate()),
        percent(d.completeness())
    )
}

fn csv_line(day: Date, d: &Delivered) -> String {
    let share = |share: Option<f64>| share.map_or_else(String::new, |s| format!("{s:.4}"));
    format!(
        "{day},{},{},{},{},{},{},{}",
        d.sink,
        d.kind,
        d.generated,
        d.acknowledged,
        d.refused,
        share(d.rate()),
        share(d.completeness())
    )
}

fn json_line(day: Date, d: &Delivered) -> String {
    json!({
        "day": day,
        "sink": d.sink,
        "kind": d.kind,
        "generated": d.generated,
        "acknowledged": d.acknowledged,
        "refused": d.refused,
        "rate": d.rate(),
        "completeness": d.completeness(),
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivered(sink: &str) -> Delivered {
        Delivered {
            sink: sink.to_owned(),
            kind: passage::OutboxKind::Passage,
            generated: 10_000,
            acknowledged: 9499,
            refused: 1,
            items_present: 0,
            items_expected: 0,
        }
    }

    #[test]
    fn a_month_has_all_its_days() {
        let february = days_of_month(Date::constant(2028, 2, 17));
        assert_eq!(february.len(), 29);
        assert_eq!(february.first(), Some(&Date::constant(2028, 2, 1)));
    }

    #[test]
    fn a_rate_is_never_rounded_up_to_its_limit() {
        let (day, d) = (Date::constant(2026, 5, 1), delivered("p"));
        assert!(line(day, &d).contains("94.9 %"));
        assert_eq!(
            csv_line(day, &d),
            "2026-05-01,p,passage,10000,9499,1,0.9499,"
        );
        let json: serde_json::Value = serde_json::from_str(&json_line(day, &d)).expect("JSON");
        assert_eq!(
            (&json["day"], &json["rate"]),
            (&json!("2026-05-01"), &json!(0.9499))
        );
        assert!(json["completeness"].is_null(), "nothing was expected");
    }

    #[test]
    fn columns_stand_below_their_heads_whatever_language_a_sink_is_named_in() {
        let day = Date::constant(2026, 5, 1);
        let [latin, chinese] = ["platform:p", "platform:市平台"].map(|sink| {
            let line = line(day, &delivered(sink));
            let before = line.split("passage").next().unwrap_or_default().to_owned();
            before
                .chars()
                .map(|c| if c.is_ascii() { 1 } else { 2 })
                .sum::<usize>()
        });
        assert_eq!(latin, chinese);
    }
}

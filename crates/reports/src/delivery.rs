//! Transmission rate and completeness by day, sink and kind, as text or CSV.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ledger::{Delivered, Reader};
use records::{Cell, TableError};
use serde_json::json;
use words::{Group, Key, Language, padded, right, to_second};

use crate::Error;

/// The rates of these days, one line for each sink and kind, as of `now`.
///
/// # Errors
/// When the ledger can't be read.
pub fn text(
    reader: &Reader,
    days: &[Date],
    zone: &TimeZone,
    now: Timestamp,
    language: Language,
) -> Result<Vec<String>, Error> {
    let mut lines = vec![head(language)];
    each(reader, days, zone, |day, d| {
        lines.push(line(day, d, language));
    })?;
    lines.push(language.fill(Key::RateAsOf, &[("time", &to_second(now, zone))]));
    Ok(lines)
}

/// The same as CSV.
///
/// # Errors
/// When the ledger can't be read.
pub fn csv(reader: &Reader, days: &[Date], zone: &TimeZone) -> Result<Vec<String>, Error> {
    let head = "day,sink,kind,generated,acknowledged,refused,rate,completeness";
    let mut lines = vec![head.to_owned()];
    let mut failed = None;
    each(reader, days, zone, |day, d| match csv_line(day, d) {
        Ok(line) => lines.push(line),
        Err(error) => failed = Some(error),
    })?;
    failed.map_or(Ok(lines), |error| Err(error.into()))
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

/// The days that `asked` means (a day, a month, `昨天`, `last month`) on the clock of `zone`; the one
/// of `now` when nothing was asked.
///
/// # Errors
/// When it is no day and no month.
pub fn days_asked(
    asked: Option<&str>,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Vec<Date>, Error> {
    let (first, last) = match asked {
        Some(text) => records::days(text, zone, now)?,
        None => {
            let today = now.to_zoned(zone.clone()).date();
            (today, today)
        }
    };
    Ok(first
        .series(1.day())
        .take_while(|day| *day <= last)
        .collect())
}

/// When a day begins and the next one does.
pub(crate) fn bounds(day: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), Error> {
    let start = |day: Date| day.to_zoned(zone.clone()).map(|z| z.timestamp());
    Ok((start(day)?, start(day.tomorrow()?)?))
}

fn head(language: Language) -> String {
    let text = |key| language.text(key);
    format!(
        "{}  {} {} {} {} {} {} {}",
        padded(text(Key::RateDay), 10),
        padded(text(Key::RateSink), 24),
        padded(text(Key::RateKind), 18),
        right(text(Key::RateGenerated), 9),
        right(text(Key::RateAcknowledged), 12),
        right(text(Key::RateRefused), 8),
        right(text(Key::RateRate), 8),
        right(text(Key::RateCompleteness), 12)
    )
}

fn line(day: Date, d: &Delivered, language: Language) -> String {
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
        padded(language.named(Group::Kind, d.kind.as_str()), 18),
        d.generated,
        d.acknowledged,
        d.refused,
        percent(d.rate()),
        percent(d.completeness())
    )
}

fn csv_line(day: Date, d: &Delivered) -> Result<String, TableError> {
    let share = |share: Option<f64>| Cell::text(share.map(|s| format!("{s:.4}")));
    let text = |text: &dyn std::fmt::Display| Cell::Text(text.to_string());
    records::csv_line(&[
        Cell::Day(day),
        text(&d.sink),
        text(&d.kind),
        text(&d.generated),
        text(&d.acknowledged),
        text(&d.refused),
        share(d.rate()),
        share(d.completeness()),
    ])
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
    fn days_are_asked_for_by_day_month_or_name_and_nonsense_is_told() {
        let now: Timestamp = "2028-03-01T00:30:00Z".parse().expect("a time");
        let asked = |text| days_asked(text, &TimeZone::UTC, now);
        let days = |text| asked(Some(text)).expect("days").len();
        assert_eq!(asked(None).expect("today"), [Date::constant(2028, 3, 1)]);
        assert_eq!(days("2028-02"), 29);
        assert_eq!(days("上月"), 29);
        assert_eq!(days("2026-05-01"), 1);
        assert_eq!(
            asked(Some("yesterday")).expect("a day"),
            [Date::constant(2028, 2, 29)]
        );
        for nonsense in ["neulich", "2026-13", "2026-05-01 08:30"] {
            let error = asked(Some(nonsense)).expect_err(nonsense);
            assert_eq!(error.kind(), crate::ErrorKind::Asked);
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
        assert!(line(day, &d, Language::Zh).contains("94.9 %"));
        assert_eq!(
            csv_line(day, &d).expect("a line"),
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
    fn a_sink_s_name_is_no_formula_and_no_further_column_of_the_csv() {
        let line = csv_line(Date::constant(2026, 5, 1), &delivered("=1+1,x")).expect("a line");
        assert!(
            line.starts_with("2026-05-01,\"'=1+1,x\",passage,"),
            "{line}"
        );
    }

    #[test]
    fn columns_stand_below_their_heads_whatever_language_a_sink_is_named_in() {
        let day = Date::constant(2026, 5, 1);
        let [latin, chinese] = ["platform:p", "platform:市平台"].map(|sink| {
            let line = line(day, &delivered(sink), Language::En);
            let before = line.split("passage").next().unwrap_or_default().to_owned();
            before
                .chars()
                .map(|c| if c.is_ascii() { 1 } else { 2 })
                .sum::<usize>()
        });
        assert_eq!(latin, chinese);
    }
}

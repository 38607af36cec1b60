//! Days and times in figures, in any of the ways that people and Excel write them. What reads them here
//! is in ordinary width already, with `-` between the parts of a day and `t` before the time.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

/// Before this year nobody here has anything to say; a smaller one is a slip of the keyboard.
const FIRST_YEAR: i16 = 1900;
/// The same as a moment, 1900-01-01 in UTC.
pub(super) const FIRST: Timestamp = Timestamp::constant(-2_208_988_800, 0);

/// When what was said begins and ends; a time ends where it begins.
pub(super) type Span = (DateTime, DateTime);

pub(super) fn whole(first: Date, last: Date) -> Option<Span> {
    Some((first.into(), last.tomorrow().ok()?.into()))
}

pub(super) fn at(day: Date, time: Time) -> Option<Span> {
    let at = day.to_datetime(time);
    Some((at, at))
}

/// A day, alone or with a time, in figures.
pub(super) fn written(plain: &str) -> Option<Span> {
    let plain = plain.trim_end_matches('t');
    if let Some(at) = serial(plain) {
        return Some(at);
    }
    let end = plain.find([' ', 't']).unwrap_or(plain.len());
    let (date, rest) = plain.split_at(end);
    let day = figures(date)?;
    match rest.trim_start_matches([' ', 't']) {
        "" => whole(day, day),
        rest => at(day, time(rest)?),
    }
}

fn figures(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = if digits {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        text.split(['-', '.']).collect()
    };
    let [year, month, day] = parts[..] else {
        return None;
    };
    let plain = |part: &str| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    let (year, month, day) = parts
        .iter()
        .all(|part| plain(part))
        .then(|| (year.parse(), month.parse(), day.parse()))?;
    date(year.ok()?, month.ok()?, day.ok()?)
}

fn date(year: i16, month: i8, day: i8) -> Option<Date> {
    let date = Date::new(year, month, day).ok();
    date.filter(|date| date.year() >= FIRST_YEAR)
}

/// `8:30`, `08:30:00`, `8:30:00.250`.
pub(super) fn time(text: &str) -> Option<Time> {
    let text = text.trim_end_matches(':');
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let mut next = || {
        let part = parts.next()?;
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<i8>().ok())?
    };
    let (hour, minute) = (next()?, next().or_else(|| is_hour(text).then_some(0))?);
    let second = if clock.matches(':').count() > 1 {
        next()?
    } else {
        0
    };
    if parts.next().is_some() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9}");
    let nanoseconds = nanoseconds.get(..9)?.parse().ok()?;
    Time::new(hour, minute, second, nanoseconds).ok()
}

/// `8点` has become `8:`, and its sign is gone.
fn is_hour(text: &str) -> bool {
    !text.contains(':') && text.len() <= 2
}

/// A month in figures: `2026-03`, `2026年3月`.
pub(super) fn month(plain: &str) -> Option<Span> {
    let mut parts = plain.trim_end_matches('-').split(['-', '.']);
    let (year, month) = (parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || year.len() != 4 || !digits(year) || !digits(month) {
        return None;
    }
    let first = date(year.parse().ok()?, month.parse().ok()?, 1)?;
    whole(first, first.last_of_month())
}

/// A day as Excel counts it when a cell has lost its format: days since 30 December 1899, with the
/// time as a fraction. Only those from 1954 to 2119 are believed to be one.
fn serial(plain: &str) -> Option<Span> {
    let (days, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if days.len() != 5 || !is_digits(days) || !is_digits(fraction) {
        return None;
    }
    let days: i32 = days.parse().ok().filter(|days| *days >= 20_000)?;
    let day = Date::constant(1899, 12, 30)
        .checked_add(days.days())
        .ok()
        .filter(|day| day.year() < 2120)?;
    let share: f64 = format!("0.{fraction}0").parse().ok()?;
    if share == 0.0 {
        return whole(day, day);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a day has 86,400 seconds")]
    let seconds = (share * 86_400.0).round() as i64;
    let start: DateTime = day.into();
    let at = start.checked_add(SignedDuration::from_secs(seconds)).ok()?;
    Some((at, at))
}

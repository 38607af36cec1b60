//! Times as people write them.

mod figures;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use words::{Key, Said};

use self::figures::{Span, at, month, time, whole, written};
use crate::typed::narrow;

/// A text that is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub struct NotATime(String);

impl NotATime {
    /// For a person, with what would be one.
    #[must_use]
    pub fn said(&self) -> Said {
        Said::with(Key::FindingNotATime, "text", &self.0)
    }
}

/// A time as people and Excel write it, on the clock of `zone`: `2026-03-01`, `2026-03-01T08:30`,
/// `2026/3/1 8:30`, `2026年3月1日8时30分`, in either width; a day means its beginning. With an offset
/// behind it, as programs write it, it is the same moment on every clock.
///
/// # Errors
/// When the text is not a time.
pub fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    with_offset(text).map_or_else(|| on(in_figures(text)?.0, text, zone), Ok)
}

/// The same where something ends: a day means its end.
///
/// # Errors
/// When the text is not a time.
pub fn moment_end(text: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    with_offset(text).map_or_else(|| on(in_figures(text)?.1, text, zone), Ok)
}

/// The same, or what somebody who speaks at `now` calls a day: `今天 8:30`, `yesterday`.
///
/// # Errors
/// When the text is not a time.
pub fn said_moment(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, NotATime> {
    with_offset(text).map_or_else(|| on(spoken(text, zone, now)?.0, text, zone), Ok)
}

/// Where a range begins that somebody who speaks at `now` names: also `2026-03`, `本月`,
/// `last month`.
///
/// # Errors
/// When the text is not a time.
pub fn range_start(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, NotATime> {
    said_moment(text, zone, now)
}

/// The same where a range ends: a day means its end, a month the end of its last day.
///
/// # Errors
/// When the text is not a time.
pub fn range_end(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, NotATime> {
    with_offset(text).map_or_else(|| on(spoken(text, zone, now)?.1, text, zone), Ok)
}

/// The days that a text means, the first and the last one: a day, a month, `昨天`, `this month`.
///
/// # Errors
/// When the text is neither.
pub fn days(text: &str, zone: &TimeZone, now: Timestamp) -> Result<(Date, Date), NotATime> {
    let (first, end) = spoken(text, zone, now)?;
    let whole = first.time() == Time::midnight() && end.time() == Time::midnight();
    let last = end.date().yesterday().ok();
    last.filter(|last| whole && first.date() <= *last)
        .map(|last| (first.date(), last))
        .ok_or_else(|| NotATime(text.to_owned()))
}

/// A day as people and Excel write it; a time behind it says nothing more.
pub(crate) fn day(text: &str) -> Option<Date> {
    written(&plain(text)).map(|(first, _)| first.date())
}

fn on(at: DateTime, text: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    let zoned = at.to_zoned(zone.clone());
    zoned
        .map(|at| at.timestamp())
        .map_err(|_| NotATime(text.to_owned()))
}

/// `2026-03-01T08:30:00+08:00`, `2026-03-01T00:30:00Z`.
fn with_offset(text: &str) -> Option<Timestamp> {
    let at: Timestamp = narrow(text).trim().parse().ok()?;
    (at >= figures::FIRST).then_some(at)
}

fn in_figures(text: &str) -> Result<Span, NotATime> {
    written(&plain(text)).ok_or_else(|| NotATime(text.to_owned()))
}

fn spoken(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Span, NotATime> {
    let today = now.to_zoned(zone.clone()).date();
    let plain = plain(text);
    let span = named(&plain, today).or_else(|| written(&plain));
    span.or_else(|| month(&plain))
        .ok_or_else(|| NotATime(text.to_owned()))
}

/// In ordinary width, with one sign between the parts of a day and `T` before the time.
fn plain(text: &str) -> String {
    let text = narrow(text).trim().to_lowercase();
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '年' | '月' | '/' => plain.push('-'),
            '日' | '号' => plain.push('t'),
            '时' | '点' | '分' => plain.push(':'),
            '秒' => {}
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

/// `今天`, `昨天 8:30`, `last month`: what a day, a week, a month or a year is called on a day.
fn named(plain: &str, today: Date) -> Option<Span> {
    const DAYS: [(&str, i32); 8] = [
        ("今天", 0),
        ("今t", 0),
        ("today", 0),
        ("昨天", -1),
        ("昨t", -1),
        ("yesterday", -1),
        ("前天", -2),
        ("明天", 1),
    ];
    for (name, days) in DAYS {
        let Some(rest) = plain.strip_prefix(name) else {
            continue;
        };
        let day = today.checked_add(days.days()).ok()?;
        return match rest.trim_start_matches([' ', 't']) {
            "" => whole(day, day),
            rest => at(day, time(rest)?),
        };
    }
    let first = today.first_of_month();
    let monday = i32::from(today.weekday().to_monday_zero_offset());
    let monday = today.checked_sub(monday.days()).ok()?;
    let year = |year: i16| whole(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?);
    // The month's sign has become a dash.
    match plain {
        "本-" | "这个-" | "当-" | "this month" => whole(first, today.last_of_month()),
        "上-" | "上个-" | "last month" => {
            let last = first.yesterday().ok()?;
            whole(last.first_of_month(), last)
        }
        "本周" | "这周" | "this week" => whole(monday, monday.checked_add(6.days()).ok()?),
        "上周" | "last week" => {
            whole(monday.checked_sub(7.days()).ok()?, monday.yesterday().ok()?)
        }
        "今-" | "本-度" | "this year" => year(today.year()),
        "去-" | "last year" => year(today.year() - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

//! Times as people write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use words::{Key, Said};

use crate::typed::narrow;

/// Before this year nobody here has anything to say; a smaller one is a slip of the keyboard.
const FIRST_YEAR: i16 = 1900;

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
/// `2026/3/1 8:30`, `2026年3月1日8时30分`, in either width; a day means its beginning.
///
/// # Errors
/// When the text is not a time.
pub fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    let (first, _) = written(&plain(text)).ok_or_else(|| NotATime(text.to_owned()))?;
    on(first, text, zone)
}

/// The same, or what somebody who speaks at `now` calls a day: `今天 8:30`, `yesterday`.
///
/// # Errors
/// When the text is not a time.
pub fn said_moment(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, NotATime> {
    on(spoken(text, zone, now)?.0, text, zone)
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
    on(spoken(text, zone, now)?.1, text, zone)
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

/// When what was said begins and ends; a time ends where it begins.
type Span = (DateTime, DateTime);

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

fn whole(first: Date, last: Date) -> Option<Span> {
    Some((first.into(), last.tomorrow().ok()?.into()))
}

fn at(day: Date, time: Time) -> Option<Span> {
    let at = day.to_datetime(time);
    Some((at, at))
}

/// A day, alone or with a time, in figures.
fn written(plain: &str) -> Option<Span> {
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
fn time(text: &str) -> Option<Time> {
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
fn month(plain: &str) -> Option<Span> {
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

#[cfg(test)]
mod tests {
    use words::Language;

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").expect("known")
    }

    /// A Sunday, 23:30 at the site.
    fn now() -> Timestamp {
        "2026-03-01T15:30:00Z".parse().expect("a time")
    }

    #[test]
    fn a_time_is_on_the_site_s_clock_and_a_day_ends_with_its_last_moment() {
        let at = |text| moment(text, &zone()).expect("a time").to_string();
        let end = |text| range_end(text, &zone(), now()).expect("a time").to_string();
        for day in [
            "2026-03-01",
            "2026/3/1",
            "2026.3.1",
            "20260301",
            "2026年3月1日",
            "２０２６－０３－０１",
            "46082",
        ] {
            assert_eq!(at(day), "2026-02-28T16:00:00Z", "{day}");
            assert_eq!(end(day), "2026-03-01T16:00:00Z", "{day}");
        }
        for text in [
            "2026-03-01T08:30",
            "2026-03-01 08:30:00",
            "2026-03-01 08:30:00.000",
            "2026/3/1 8:30",
            "2026/3/1 8:30:00",
            "2026年3月1日8时30分",
            "2026年3月1日 8点30分00秒",
            "２０２６／３／１　８：３０",
            "46082.354166666664",
        ] {
            assert_eq!(at(text), "2026-03-01T00:30:00Z", "{text}");
            assert_eq!(end(text), "2026-03-01T00:30:00Z", "{text}");
        }
        assert_eq!(at("2026-03-01T08:30:00.25"), "2026-03-01T00:30:00.25Z");
        for text in [
            "tomorrow?",
            "2026-03-01T25:00",
            "2026-03-01 8:3a",
            "2026-13-01",
            "2026-03-01-02",
            "1.5",
            "12345",
            "",
        ] {
            assert!(moment(text, &zone()).is_err(), "{text}");
        }
    }

    #[test]
    fn days_weeks_and_months_are_called_by_their_names_in_either_language() {
        let span = |text| {
            let from = range_start(text, &zone(), now()).expect(text);
            let until = range_end(text, &zone(), now()).expect(text);
            let local = |at: Timestamp| at.to_zoned(zone()).strftime("%m-%d %H:%M").to_string();
            (local(from), local(until))
        };
        for (names, from, until) in [
            (
                &["今天", "今日", "today", "Today", " 今天 "][..],
                "03-01 00:00",
                "03-02 00:00",
            ),
            (&["昨天", "昨日", "yesterday"], "02-28 00:00", "03-01 00:00"),
            (&["前天"], "02-27 00:00", "02-28 00:00"),
            (&["本周", "this week"], "02-23 00:00", "03-02 00:00"),
            (&["上周", "last week"], "02-16 00:00", "02-23 00:00"),
            (
                &["本月", "这个月", "this month", "2026-03", "2026年3月"],
                "03-01 00:00",
                "04-01 00:00",
            ),
            (
                &["上月", "上个月", "last month"],
                "02-01 00:00",
                "03-01 00:00",
            ),
            (&["今年", "this year"], "01-01 00:00", "01-01 00:00"),
            (
                &["今天 8:30", "今天8点30分", "today 8:30"],
                "03-01 08:30",
                "03-01 08:30",
            ),
            (&["昨天8点"], "02-28 08:00", "02-28 08:00"),
        ] {
            for name in names {
                assert_eq!(span(name), (from.to_owned(), until.to_owned()), "{name}");
            }
        }
    }

    #[test]
    fn days_of_a_report_are_whole_days() {
        let of = |text| days(text, &zone(), now());
        let day = |month, day| Date::constant(2026, month, day);
        assert_eq!(of("昨天"), Ok((day(2, 28), day(2, 28))));
        assert_eq!(of("2026年2月"), Ok((day(2, 1), day(2, 28))));
        assert!(of("今天 8:30").is_err());
        assert!(of("neulich").is_err());
        assert!(of("1160-1").is_err() && of("1900-1").is_ok());
    }

    #[test]
    fn what_is_no_time_is_answered_in_the_reader_s_language_with_what_would_be_one() {
        let error = range_start("neulich", &zone(), now()).expect_err("no time");
        assert!(
            error.said().text(Language::Zh).contains("请写成"),
            "{error:?}"
        );
        for language in Language::ALL {
            let text = error.said().text(language);
            assert!(
                text.contains("neulich") && text.contains("2026-03-01"),
                "{text}"
            );
        }
    }
}

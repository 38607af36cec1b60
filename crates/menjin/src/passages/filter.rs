//! From options to a filter.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use ledger::{Filter, PlatePart};
use records::code;

use crate::cli::passages::PassagesArgs;
use crate::exit::Failure;

/// A time as people write it, on the site's clock: `2026-03-01`, `2026-03-01T08:30`; a day means its
/// beginning, or its end where a range ends.
pub(crate) fn moment(text: &str, zone: &TimeZone, is_end: bool) -> Result<Timestamp, Failure> {
    let given = text;
    let wrong = || Failure::usage(format!("{given}: write 2026-03-01 or 2026-03-01T08:30"));
    let text = text.trim().replace(' ', "T");
    // A day alone; asked for a day, a parser would drop the time behind it.
    if !text.contains('T') {
        let day: Date = text.parse().map_err(|_| wrong())?;
        let day = if is_end {
            day.tomorrow().map_err(|_| wrong())?
        } else {
            day
        };
        return day
            .to_zoned(zone.clone())
            .map(|z| z.timestamp())
            .map_err(|_| wrong());
    }
    let at: DateTime = text.parse().map_err(|_| wrong())?;
    at.to_zoned(zone.clone())
        .map(|z| z.timestamp())
        .map_err(|_| wrong())
}

/// A code by its code or its name in either language.
fn code_of(table: &code::CodeTable, text: Option<&String>) -> Result<Option<String>, Failure> {
    text.map(|text| {
        table
            .find(text)
            .map(|code| code.code.to_owned())
            .ok_or_else(|| {
                let choices = table.choices(words::Language::Zh);
                Failure::usage(format!("{text}: {choices}"))
            })
    })
    .transpose()
}

pub(super) fn of(args: &PassagesArgs, zone: &TimeZone) -> Result<Filter, Failure> {
    let color = code_of(&code::PLATE_COLOR, args.color.as_ref())?;
    let direction = code_of(&code::DIRECTION, args.direction.as_ref())?;
    let wrong = |e: &dyn std::error::Error| Failure::usage(e.to_string());
    let time =
        |text: Option<&String>, is_end| text.map(|text| moment(text, zone, is_end)).transpose();
    Ok(Filter {
        from: time(args.from.as_ref(), false)?,
        until: time(args.until.as_ref(), true)?,
        plate: args.plate.as_ref().map(|text| PlatePart {
            text: text.to_uppercase(),
            whole: args.whole,
            similar: args.similar,
        }),
        unknown: args.unread.then_some(true),
        entrance: args.entrance.clone(),
        lane: args.lane.clone(),
        direction: direction
            .map(|d| d.parse())
            .transpose()
            .map_err(|e| wrong(&e))?,
        color: color
            .map(|c| c.parse())
            .transpose()
            .map_err(|e| wrong(&e))?,
        emission: code_of(&code::EMISSION, args.emission.as_ref())?,
        fuel: code_of(&code::FUEL, args.fuel.as_ref())?,
        decision: args
            .decision
            .as_ref()
            .map(|d| d.parse())
            .transpose()
            .map_err(|e| wrong(&e))?,
        reason: args.reason.clone(),
        upload: args
            .upload
            .as_ref()
            .map(|u| u.parse())
            .transpose()
            .map_err(|e| wrong(&e))?,
        oldest_first: args.oldest_first,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_on_the_site_s_clock_and_a_day_ends_with_its_last_moment() {
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        let at = |text, is_end| {
            let at = moment(text, &zone, is_end).expect("a time");
            at.to_string()
        };
        assert_eq!(at("2026-03-01", false), "2026-02-28T16:00:00Z");
        assert_eq!(at("2026-03-01", true), "2026-03-01T16:00:00Z");
        for text in ["2026-03-01T08:30", "2026-03-01 08:30:00"] {
            assert_eq!(at(text, false), "2026-03-01T00:30:00Z");
            assert_eq!(at(text, true), "2026-03-01T00:30:00Z");
        }
        for text in ["yesterday", "2026-03-01T25:00", "2026-13-01", ""] {
            assert!(moment(text, &zone, false).is_err(), "{text}");
        }
    }
}

//! The drawn days: the ledger beside what each platform acknowledged, and what was not watched.

use alarm::CauseKind;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::{DayDelivered, Reader, Silence};
use serde::Serialize;
use words::{Key, Language, Said, to_second};

use crate::{Drawn, Error, Freeze, LATE_MS};

/// Alarms of a day that are looked at.
const MOST_ALARMS: usize = 2000;

/// One drawn day.
#[derive(Debug, Serialize)]
pub struct ComparedDay {
    /// Which.
    pub day: Date,
    /// Passages in the ledger.
    pub passages: u64,
    /// Each platform and broker.
    pub sinks: Vec<DayDelivered>,
    /// Passages that were queued for nobody; all where there is no platform.
    pub unqueued: u64,
    /// What was not watched, as far as the ledger knows.
    pub gaps: Vec<DayGap>,
    /// The longest time without a passage at any entrance.
    pub silence: Option<Silence>,
}

/// A time in which something was not watched, or not recorded.
#[derive(Debug, Clone, Serialize)]
pub struct DayGap {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end; null when it is not over.
    pub until: Option<Timestamp>,
    /// What was not watched, in Chinese and English.
    pub what: [String; 2],
}

/// What makes the ledger of a day doubtful.
const NOT_WATCHED: [CauseKind; 7] = [
    CauseKind::CameraDown,
    CauseKind::CameraDark,
    CauseKind::CameraFrozen,
    CauseKind::LedgerRefuses,
    CauseKind::ClockUntrusted,
    CauseKind::ClockStep,
    CauseKind::Unwatched,
];

/// Each drawn day, as of now.
///
/// # Errors
/// When the ledger can't be read.
pub fn compare(reader: &Reader, freeze: &Freeze, drawn: &Drawn) -> Result<Vec<ComparedDay>, Error> {
    let days = drawn.days.iter().filter_map(|day| freeze.day(*day));
    days.map(|day| {
        let population = freeze.population(day);
        let sinks = reader.day_delivered(&population, LATE_MS)?;
        let queued = sinks.iter().map(|sink| sink.queued).max().unwrap_or(0);
        Ok(ComparedDay {
            day: day.day,
            passages: day.passages,
            unqueued: day.passages.saturating_sub(queued),
            sinks,
            gaps: gaps(reader, day.from_ms, day.until_ms)?,
            silence: reader.longest_silence(day.from_ms, day.until_ms)?,
        })
    })
    .collect()
}

fn gaps(reader: &Reader, from_ms: i64, until_ms: i64) -> Result<Vec<DayGap>, Error> {
    let (from, until) = (
        Timestamp::from_millisecond(from_ms)?,
        Timestamp::from_millisecond(until_ms)?,
    );
    let mut gaps = Vec::new();
    for alarm in reader.alarms_during(from, until, MOST_ALARMS)? {
        if alarm.drill || !NOT_WATCHED.contains(&alarm.cause.kind) {
            continue;
        }
        let (from, until) = match alarm.cause.kind {
            // It is told when it is over.
            CauseKind::Unwatched => {
                let seconds = alarm.cause.detail.parse().unwrap_or(0);
                let length = SignedDuration::from_secs(seconds);
                (alarm.raised_at - length, Some(alarm.raised_at))
            }
            _ => (alarm.raised_at, alarm.cleared().map(|step| step.at)),
        };
        gaps.push(DayGap {
            from,
            until,
            what: Language::ALL.map(|language| alarm.what(language)),
        });
    }
    for lost in reader.lost(from, until)? {
        let said = Said::with(Key::InspectLost, "lane", &lost.lane).and("reason", &lost.reason);
        gaps.push(DayGap {
            from: lost.at,
            until: Some(lost.at),
            what: Language::ALL.map(|language| said.text(language)),
        });
    }
    for gap in reader.restores()? {
        if gap.made_at < until && gap.restored_at >= from {
            gaps.push(DayGap {
                from: gap.made_at,
                until: Some(gap.restored_at),
                what: Language::ALL.map(|language| language.text(Key::InspectRestored).to_owned()),
            });
        }
    }
    gaps.sort_by_key(|gap| gap.from);
    Ok(gaps)
}

impl ComparedDay {
    /// For a terminal.
    #[must_use]
    pub fn lines(&self, language: Language, zone: &TimeZone) -> Vec<String> {
        let day = Said::with(Key::InspectDay, "day", self.day).and("passages", self.passages);
        let mut lines = vec![day.and("unqueued", self.unqueued).text(language)];
        for sink in &self.sinks {
            let name = sink.sink.trim_start_matches("platform:");
            let said = Said::with(Key::InspectDaySink, "sink", name)
                .and("queued", sink.queued)
                .and("acknowledged", sink.acknowledged)
                .and("late", sink.late)
                .and("refused", sink.refused)
                .and("missing", missing(sink));
            lines.push(format!("  {}", said.text(language)));
        }
        let gap = |from, until: Option<Timestamp>, what: &str| {
            let until = match until {
                Some(until) => to_second(until, zone),
                None => language.text(Key::InspectStill).to_owned(),
            };
            let said = Said::with(Key::InspectDayGap, "from", to_second(from, zone));
            format!(
                "  {}",
                said.and("until", until).and("what", what).text(language)
            )
        };
        for one in &self.gaps {
            let what = &one.what[usize::from(language != Language::Zh)];
            lines.push(gap(one.from, one.until, what));
        }
        if let Some(silence) = self.silence {
            let what = language.text(Key::InspectSilence);
            lines.push(gap(silence.from, Some(silence.until), what));
        }
        lines
    }
}

/// Passages that a sink has not acknowledged.
pub(crate) fn missing(sink: &DayDelivered) -> u64 {
    sink.queued.saturating_sub(sink.acknowledged)
}

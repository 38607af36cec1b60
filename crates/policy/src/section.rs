//! `[gate]`: who may pass, read and shown.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::Verdict;
use plate::{Color, PlateNumber};
use records::{NotATime, moment, moment_end};
use settings::{Printer, Section};
use words::{Key, Said};

use crate::{Entry, Rulebook, RulebookSettings};

const VERDICTS: [(&str, Verdict); 3] = [
    ("allow", Verdict::Allow),
    ("deny", Verdict::Deny),
    ("ask", Verdict::Ask),
];

impl RulebookSettings {
    /// Reads `[gate]`. Times without an offset are on the clock of `zone`.
    #[must_use]
    pub fn read(section: &Section, zone: &TimeZone) -> Self {
        let read_entry = |entry: &Section| read_entry(entry, zone);
        let defaults = Self::default();
        let hours = defaults.stale_after_hours;
        let settings = Self {
            read: section.one_of("read", &VERDICTS, defaults.read),
            unread: section.one_of("unread", &VERDICTS, defaults.unread),
            stale_after_hours: section.integer("stale_after_hours", hours, 0..=u32::MAX),
            allow: section.tables("allow", read_entry),
            deny: section.tables("deny", read_entry),
        };
        for problem in Rulebook::new(settings.clone()).err().unwrap_or_default() {
            section.problem(&problem.key, problem.problem.said());
        }
        settings
    }

    /// Shows what [`RulebookSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.word("read", &VERDICTS, &self.read);
        printer.word("unread", &VERDICTS, &self.unread);
        printer.value("stale_after_hours", self.stale_after_hours);
        for (list, entries) in [("allow", &self.allow), ("deny", &self.deny)] {
            for entry in entries {
                printer.one_of_tables(list, |p| show_entry(entry, p));
            }
        }
    }
}

/// An entry is there even where its plate is missing: its list counts on from it.
fn read_entry(section: &Section, zone: &TimeZone) -> Option<Entry> {
    Some(Entry {
        plate: PlateNumber::normalise(&section.text_or("plate", "")),
        color: section.parsed::<Color>("color", Key::MistakeNotAColor),
        reason: section.text_or("reason", ""),
        from: read_time(section, "from", |text| moment(text, zone)),
        until: read_time(section, "until", |text| moment_end(text, zone)),
        emergency: section.flag("emergency", false),
    })
}

/// A day by itself is meant whole: from its beginning, until its end.
fn read_time(
    section: &Section,
    key: &str,
    read: impl FnOnce(&str) -> Result<Timestamp, NotATime>,
) -> Option<Timestamp> {
    let text = section.time_text(key)?;
    let read = read(&text).ok();
    if read.is_none() {
        section.problem(key, Said::with(Key::MistakeNotAnInstant, "text", text));
    }
    read
}

fn show_entry(entry: &Entry, printer: &mut Printer) {
    printer.value("plate", entry.plate.as_str());
    printer.maybe("color", entry.color.map(Color::as_str));
    printer.value("reason", entry.reason.as_str());
    printer.maybe("from", entry.from.map(|at| at.to_string()));
    printer.maybe("until", entry.until.map(|at| at.to_string()));
    printer.value("emergency", entry.emergency);
}

//! `[gate]`: who may pass, read and shown.

use jiff::Timestamp;
use passage::Verdict;
use plate::{Color, PlateNumber};
use settings::{Printer, Section};
use words::Key;

use crate::{Entry, Rulebook, RulebookSettings};

const VERDICTS: [(&str, Verdict); 3] = [
    ("allow", Verdict::Allow),
    ("deny", Verdict::Deny),
    ("ask", Verdict::Ask),
];

impl RulebookSettings {
    /// Reads `[gate]`.
    #[must_use]
    pub fn read(section: &Section) -> Self {
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
fn read_entry(section: &Section) -> Option<Entry> {
    Some(Entry {
        plate: PlateNumber::normalise(&section.text_or("plate", "")),
        color: section.parsed::<Color>("color", Key::MistakeNotAColor),
        reason: section.text_or("reason", ""),
        from: section.parsed::<Timestamp>("from", Key::MistakeNotAnInstant),
        until: section.parsed::<Timestamp>("until", Key::MistakeNotAnInstant),
        emergency: section.flag("emergency", false),
    })
}

fn show_entry(entry: &Entry, printer: &mut Printer) {
    printer.value("plate", entry.plate.as_str());
    printer.maybe("color", entry.color.map(Color::as_str));
    printer.value("reason", entry.reason.as_str());
    printer.maybe("from", entry.from.map(|at| at.to_string()));
    printer.maybe("until", entry.until.map(|at| at.to_string()));
    printer.value("emergency", entry.emergency);
}

//! `[gate]`: who may pass, read and shown.

use gate::{Entry, Policy, Settings, Verdict};
use jiff::Timestamp;
use plate::{Color, PlateNumber};
use settings::{Printer, Section};

const VERDICTS: [(&str, Verdict); 3] = [
    ("allow", Verdict::Allow),
    ("deny", Verdict::Deny),
    ("ask", Verdict::Ask),
];

pub(super) fn read(section: &Section) -> Settings {
    let defaults = Settings::default();
    let hours = defaults.stale_after_hours;
    let settings = Settings {
        read: section.one_of("read", &VERDICTS, defaults.read),
        unread: section.one_of("unread", &VERDICTS, defaults.unread),
        stale_after_hours: section.integer("stale_after_hours", hours, 0..=u32::MAX),
        allow: section.tables("allow", read_entry),
        deny: section.tables("deny", read_entry),
    };
    for problem in Policy::new(settings.clone()).err().unwrap_or_default() {
        section.problem(&problem.key, problem.problem.to_string());
    }
    settings
}

pub(super) fn show(settings: &Settings, printer: &mut Printer) {
    printer.word("read", &VERDICTS, &settings.read);
    printer.word("unread", &VERDICTS, &settings.unread);
    printer.value("stale_after_hours", settings.stale_after_hours);
    for (list, entries) in [("allow", &settings.allow), ("deny", &settings.deny)] {
        for entry in entries {
            printer.one_of_tables(list, |p| show_entry(entry, p));
        }
    }
}

/// An entry is there even where its plate is missing: its list counts on from it.
fn read_entry(section: &Section) -> Option<Entry> {
    Some(Entry {
        plate: PlateNumber::normalise(&section.text_or("plate", "")),
        color: section.parsed::<Color>("color"),
        reason: section.text_or("reason", ""),
        from: section.parsed::<Timestamp>("from"),
        until: section.parsed::<Timestamp>("until"),
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

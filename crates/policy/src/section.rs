//! `[gate]`: who may pass, read and shown.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::Verdict;
use plate::{Color, PlateNumber};
use records::{NotATime, moment, moment_end};
use settings::{Printer, Section};
use words::{Key, Said};

use crate::site::{Defaults, LaneDefaults};
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
            defaults: defaults.defaults.with(&read_lane(section)),
            lanes: section
                .tables("lane", read_named_lane)
                .into_iter()
                .collect(),
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
        show_defaults(&self.defaults.into(), printer);
        printer.value("stale_after_hours", self.stale_after_hours);
        for (name, lane) in &self.lanes {
            printer.one_of_tables("lane", |p| {
                p.value("name", name.as_str());
                show_defaults(lane, p);
            });
        }
        for (list, entries) in [("allow", &self.allow), ("deny", &self.deny)] {
            for entry in entries {
                printer.one_of_tables(list, |p| show_entry(entry, p));
            }
        }
    }
}

fn read_named_lane(section: &Section) -> Option<(String, LaneDefaults)> {
    let name = section.name("name", "north-in");
    Some((name, read_lane(section)))
}

fn read_lane(section: &Section) -> LaneDefaults {
    let verdict = |key: &str| {
        let words = VERDICTS.map(|(word, verdict)| (word, Some(verdict)));
        section.one_of(key, &words, None)
    };
    LaneDefaults {
        read: verdict("read"),
        unread: verdict("unread"),
        unregistered: verdict("unregistered"),
        unclear: verdict("unclear"),
        stale: verdict("stale"),
    }
}

fn show_defaults(defaults: &LaneDefaults, printer: &mut Printer) {
    let all = [
        ("read", defaults.read),
        ("unread", defaults.unread),
        ("unregistered", defaults.unregistered),
        ("unclear", defaults.unclear),
        ("stale", defaults.stale),
    ];
    for (key, verdict) in all {
        if let Some(verdict) = verdict {
            printer.word(key, &VERDICTS, &verdict);
        }
    }
}

impl From<Defaults> for LaneDefaults {
    fn from(defaults: Defaults) -> Self {
        Self {
            read: Some(defaults.read),
            unread: Some(defaults.unread),
            unregistered: defaults.unregistered,
            unclear: Some(defaults.unclear),
            stale: Some(defaults.stale),
        }
    }
}

/// An entry is there even where its plate is missing: its list counts on from it.
fn read_entry(section: &Section, zone: &TimeZone) -> Option<Entry> {
    Some(Entry {
        plate: PlateNumber::normalise(&section.text_or("plate", "")),
        vin: None,
        color: section.parsed::<Color>("color", Key::MistakeNotAColor),
        reason: section.text_or("reason", ""),
        from: read_time(section, "from", |text| moment(text, zone)),
        until: read_time(section, "until", |text| moment_end(text, zone)),
        emergency: section.flag("emergency", false),
    })
}

/// A day by itself is meant whole: from its beginning, until its end.
pub(crate) fn read_time(
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

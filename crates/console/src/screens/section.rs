//! `[console.screens]`: what screens show to anybody, read and shown.

use std::time::Duration;

use settings::{Printer, Section};

/// A driver has read it by then.
const KEEP: Duration = Duration::from_secs(20);
const LONGEST_KEEP: Duration = Duration::from_secs(600);
/// Levels of warnings, as the state's plans for heavy pollution name them.
pub(super) const LEVELS: [&str; 3] = ["yellow", "orange", "red"];

/// What screens show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenSettings {
    /// Whether anybody may look at them, without signing in.
    pub public: bool,
    /// How long a decision stands.
    pub(super) keep: Duration,
    /// More lines for the board: persons and their telephones.
    pub(super) persons: Vec<String>,
    /// What holds at each level for vehicles and for machinery, by the site's own plan.
    pub(super) measures: [Measures; 3],
}

/// What holds at one level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Measures {
    pub(super) vehicles: String,
    pub(super) machinery: String,
}

impl Default for ScreenSettings {
    fn default() -> Self {
        Self {
            public: false,
            keep: KEEP,
            persons: Vec::new(),
            measures: Default::default(),
        }
    }
}

impl ScreenSettings {
    pub(crate) fn read(section: &Section) -> Self {
        let persons: Option<Vec<String>> = section.typed("persons", "[\"…\"]");
        Self {
            public: section.flag("public", false),
            keep: section.length_up_to("keep", KEEP, LONGEST_KEEP),
            persons: persons.unwrap_or_default(),
            measures: LEVELS.map(|level| {
                section.table(level, |level| Measures {
                    vehicles: level.text_or("vehicles", ""),
                    machinery: level.text_or("machinery", ""),
                })
            }),
        }
    }

    pub(crate) fn show(&self, printer: &mut Printer) {
        printer.value("public", self.public);
        printer.length("keep", self.keep);
        printer.value("persons", self.persons.clone());
        for (level, measures) in LEVELS.iter().zip(&self.measures) {
            if *measures != Measures::default() {
                printer.table(level, |p| {
                    p.value("vehicles", measures.vehicles.as_str());
                    p.value("machinery", measures.machinery.as_str());
                });
            }
        }
    }
}

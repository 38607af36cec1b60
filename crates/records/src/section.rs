//! `[registers]`: where a platform differs in what it asks for, read and shown.

use std::collections::{BTreeMap, BTreeSet};

use settings::{Printer, Section};
use words::{Key, Said};

use crate::Rules;

/// Longer texts no platform takes.
const MOST_CHARS: u32 = u16::MAX as u32;

impl Rules {
    /// Reads `[registers]`. The day is for the caller to set.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let max_chars: BTreeMap<String, u16> = section.table("max_chars", |section| {
            let names = section.keys().into_iter();
            let chars = |name: &String| section.integer(name, 0, 0..=MOST_CHARS) as u16;
            names.map(|name| (name.clone(), chars(&name))).collect()
        });
        let names = |key: &str| -> BTreeSet<String> {
            section
                .typed(key, "[\"vehicle.fleetName\", \"machine.envCode\"]")
                .unwrap_or_default()
        };
        let rules = Self {
            max_chars,
            optional: names("optional"),
            mandatory: names("mandatory"),
            ..Self::on(jiff::civil::Date::ZERO)
        };
        for name in rules.unknown_names() {
            section.problem("", Said::with(Key::MistakeNotAnItem, "name", name));
        }
        rules
    }

    /// Shows what [`Rules::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        let list = |names: &BTreeSet<String>| -> Vec<String> { names.iter().cloned().collect() };
        printer.value("optional", list(&self.optional));
        printer.value("mandatory", list(&self.mandatory));
        printer.table("max_chars", |printer| {
            for (name, chars) in &self.max_chars {
                printer.value(name, u32::from(*chars));
            }
        });
    }
}

//! What a site sets for an indicator, read and shown.

use std::time::Duration;

use line::LineSettings;
use settings::{Printer, Section};
use words::Key;

use crate::{DeckSettings, IndicatorFormat, IndicatorSettings, Unit};

const UNITS: [(&str, Unit); 2] = [("kg", Unit::Kilogram), ("t", Unit::Tonne)];
/// Which of them an indicator sends nobody can guess: some frames of one could be read as another.
const FORMATS: [(&str, IndicatorFormat); 4] = [
    ("xk3190", IndicatorFormat::Xk3190(Unit::Kilogram)),
    ("xk3190_text", IndicatorFormat::Xk3190Text),
    ("toledo", IndicatorFormat::Toledo { checksum: false }),
    (
        "toledo_checksum",
        IndicatorFormat::Toledo { checksum: true },
    ),
];

impl IndicatorSettings {
    /// Reads the keys of a `[[weighbridge.scale]]` that are about the indicator itself.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let name = section.name("name", "south");
        let line = LineSettings::read(section);
        let format = format(section);
        let deck = DeckSettings::read(section);
        let silent_after = section.length("silent_after", Duration::from_secs(30));
        Some(Self {
            name,
            line: line?,
            format: format?,
            deck,
            silent_after,
        })
    }

    /// Shows what [`IndicatorSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("name", self.name.as_str());
        self.line.show(printer);
        let (format, unit) = match self.format {
            IndicatorFormat::Xk3190(unit) => (IndicatorFormat::Xk3190(Unit::Kilogram), Some(unit)),
            other => (other, None),
        };
        printer.word("format", &FORMATS, &format);
        if let Some(unit) = unit {
            printer.word("unit", &UNITS, &unit);
        }
        self.deck.show(printer);
        printer.length("silent_after", self.silent_after);
    }
}

impl DeckSettings {
    fn read(section: &Section) -> Self {
        let (default, most) = (Duration::from_secs(3), Duration::from_secs(60));
        Self {
            minimum_kg: section.integer("minimum_kg", 1000, 100..=50_000).into(),
            stable_for: section.length_up_to("stable_for", default, most),
            tolerance_kg: section.integer("tolerance_kg", 20, 0..=1000).into(),
        }
    }

    fn show(&self, printer: &mut Printer) {
        printer.value("minimum_kg", self.minimum_kg);
        printer.length("stable_for", self.stable_for);
        printer.value("tolerance_kg", self.tolerance_kg);
    }
}

fn format(section: &Section) -> Option<IndicatorFormat> {
    let given = section.required("format", "xk3190");
    let known = FORMATS.map(|(word, format)| (word, Some(format)));
    let format = (!given.is_empty()).then(|| section.one_of("format", &known, None));
    match format.flatten() {
        Some(IndicatorFormat::Xk3190(_)) => unit(section).map(IndicatorFormat::Xk3190),
        other => {
            if section.text("unit").is_some() {
                section.problem("unit", Key::MistakeUnitIsSent);
            }
            other
        }
    }
}

/// The frame does not name it.
fn unit(section: &Section) -> Option<Unit> {
    let given = section.required("unit", "kg");
    let known = UNITS.map(|(word, unit)| (word, Some(unit)));
    (!given.is_empty())
        .then(|| section.one_of("unit", &known, None))
        .flatten()
}

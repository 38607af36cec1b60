//! `[weighbridge]`: records of the weighing software, and indicators beside the gate.

use std::collections::BTreeSet;

use controller::{LaneSetup, ScaleSetup};
use jiff::tz::TimeZone;
use orders::weighing::Intake;
use settings::{Printer, Section};
use words::{Key, Said};

use crate::Config;

/// Records by HTTP, indicators, and the least load in kilograms.
pub(crate) fn read(
    section: &Section,
    lanes: &[LaneSetup],
    zone: &TimeZone,
) -> (Option<Intake>, Vec<ScaleSetup>, u32) {
    let (mut names, mut ports) = (BTreeSet::new(), BTreeSet::new());
    let scales = section.tables("scale", |section| {
        let scale = ScaleSetup::read(section, lanes)?;
        let name = &scale.settings.name;
        if !names.insert(name.clone()) {
            section.problem("name", Said::with(Key::MistakeUsedTwice, "name", name));
        }
        if !ports.insert(scale.settings.line.port.to_string()) {
            section.problem("port", Key::MistakeLineTwice);
        }
        Some(scale)
    });
    let least_load_kg = section.integer("least_load_kg", 200, 1..=20_000);
    // Beside serial lines, records by HTTP are there only where one of their settings is.
    let by_http = !section.has("scale") || Intake::is_set(section);
    let intake = (section.is_there() && by_http)
        .then(|| Intake::read(section, zone))
        .flatten();
    (intake, scales, least_load_kg)
}

pub(crate) fn show(config: &Config, printer: &mut Printer) {
    if config.weighbridge.is_none() && config.scales.is_empty() {
        return;
    }
    printer.table("weighbridge", |printer| {
        if let Some(weighbridge) = &config.weighbridge {
            weighbridge.show(printer);
        }
        printer.value("least_load_kg", config.least_load_kg);
        for scale in &config.scales {
            printer.one_of_tables("scale", |printer| scale.show(printer));
        }
    });
}

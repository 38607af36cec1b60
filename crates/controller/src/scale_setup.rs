//! `[[weighbridge.scale]]`: an indicator beside the gate and its lanes, read and shown.

use ledger::ScaleRule;
use settings::{Printer, Section};
use words::{Key, Said};

use crate::LaneSetup;

/// An indicator beside the gate that sends what it shows.
#[derive(Debug, Clone)]
pub struct ScaleSetup {
    /// Where and how it is heard.
    pub settings: scale::IndicatorSettings,
    /// Lanes whose vehicles stand on its platform.
    pub lanes: Vec<String>,
    /// How its weighings find their passages.
    pub rule: ScaleRule,
}

impl ScaleSetup {
    /// Reads one table of a site with these lanes.
    #[must_use]
    pub fn read(section: &Section, lanes: &[LaneSetup]) -> Option<Self> {
        let on_it = lanes_of(section, lanes);
        let settings = scale::IndicatorSettings::read(section);
        let rule = ScaleRule::read(section);
        Some(Self {
            settings: settings?,
            lanes: on_it,
            rule,
        })
    }

    /// Shows what [`ScaleSetup::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        self.settings.show(printer);
        printer.value("lanes", self.lanes.clone());
        self.rule.show(printer);
    }
}

fn lanes_of(section: &Section, lanes: &[LaneSetup]) -> Vec<String> {
    let shape = "[\"north-in\", \"north-out\"]";
    let named: Vec<String> = section.typed("lanes", shape).unwrap_or_default();
    if named.is_empty() {
        let said = Said::with(Key::MistakeLanesOfScale, "shape", shape);
        section.problem("lanes", said);
    }
    for name in &named {
        if !lanes.iter().any(|lane| lane.name == *name) {
            section.problem("lanes", Said::with(Key::MistakeNoLane, "name", name));
        }
    }
    named
}

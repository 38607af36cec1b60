//! What all relays with a contact have in common, read and shown.

use std::time::Duration;

use settings::{Printer, Section};

use super::contact::Pulse;

/// A barrier's controller takes a closing of half a second for a press of its button.
const PULSE: Duration = Duration::from_millis(500);
const LONGEST_PULSE: Duration = Duration::from_secs(10);
/// No vehicle and no guard should wait longer for an order.
const TOTAL: Duration = Duration::from_millis(1500);
const LONGEST_TOTAL: Duration = Duration::from_secs(2);

pub(super) fn read_pulse(section: &Section) -> Pulse {
    let length = section.length_or_zero("pulse", PULSE).min(LONGEST_PULSE);
    Pulse {
        length: (!length.is_zero()).then_some(length),
        repeatable: section.flag("repeatable", false),
        total: section.length_up_to("total", TOTAL, LONGEST_TOTAL),
    }
}

pub(super) fn show_pulse(pulse: Pulse, printer: &mut Printer) {
    printer.length("pulse", pulse.length.unwrap_or_default());
    printer.value("repeatable", pulse.repeatable);
    printer.length("total", pulse.total);
}

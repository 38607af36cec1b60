//! `[lane.relay]` with `driver = "modbus"`: a relay on a Modbus line, read and shown.

use settings::{Printer, Section};

use crate::barrier::contact::Pulse;
use crate::barrier::section::{read_pulse, show_pulse};
use crate::modbus::DeviceSettings;

/// What is written to raise the arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    /// A coil, which is set (function 5).
    Coil { number: u16 },
    /// A register, which is given a value (function 6).
    Register { number: u16, on: u16, off: u16 },
}

/// What a site sets for a relay on a Modbus line.
#[derive(Debug, Clone)]
pub(super) struct ModbusRelaySettings {
    pub(super) device: DeviceSettings,
    pub(super) output: Output,
    pub(super) pulse: Pulse,
}

impl ModbusRelaySettings {
    pub(super) fn read(section: &Section) -> Option<Self> {
        let device = DeviceSettings::read(section);
        let output = Output::read(section);
        let pulse = read_pulse(section);
        Some(Self {
            device: device?,
            output,
            pulse,
        })
    }

    pub(super) fn print(&self, printer: &mut Printer) {
        self.device.show(printer);
        self.output.show(printer);
        show_pulse(self.pulse, printer);
    }
}

impl Output {
    fn read(section: &Section) -> Self {
        let words = [("coil", false), ("register", true)];
        let is_register = section.one_of("write", &words, false);
        let word = |key, default| {
            let read = section.integer(key, default, 0..=65_535);
            u16::try_from(read).unwrap_or_default()
        };
        let number = word("number", 0);
        match is_register {
            true => Self::Register {
                number,
                on: word("on", 1),
                off: word("off", 0),
            },
            false => Self::Coil { number },
        }
    }

    fn show(self, printer: &mut Printer) {
        match self {
            Self::Coil { number } => {
                printer.value("write", "coil");
                printer.value("number", i64::from(number));
            }
            Self::Register { number, on, off } => {
                printer.value("write", "register");
                printer.value("number", i64::from(number));
                printer.value("on", i64::from(on));
                printer.value("off", i64::from(off));
            }
        }
    }
}

//! What a site sets for a line, read and shown.

use settings::{Printer, Section};
use words::Key;

use crate::{LineSettings, Parity, Port, SerialSettings};

/// Settings of a serial line of this computer; a converter has its own.
const SERIAL_KEYS: [&str; 4] = ["baud", "data_bits", "parity", "stop_bits"];
const PARITIES: [(&str, Parity); 3] = [
    ("none", Parity::None),
    ("even", Parity::Even),
    ("odd", Parity::Odd),
];

impl LineSettings {
    /// Reads `port` and how bits go over it, from among the keys of a device.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let given = section.required("port", "/dev/ttyUSB0");
        let port =
            (!given.is_empty()).then(|| section.parsed::<Port>("port", Key::MistakeNotAPort));
        let port = port.flatten();
        if let Some(Port::Tcp(..)) = port {
            for key in SERIAL_KEYS.iter().filter(|key| section.has(key)) {
                section.problem(key, Key::MistakeOfConverter);
            }
        }
        let serial = SerialSettings::read(section);
        Some(Self {
            port: port?,
            serial,
        })
    }

    /// Shows what [`LineSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("port", self.port.to_string());
        if let Port::Serial(_) = self.port {
            self.serial.show(printer);
        }
    }
}

impl SerialSettings {
    fn read(section: &Section) -> Self {
        Self {
            baud: section.integer("baud", 9600, 300..=921_600),
            seven_bits: section.integer("data_bits", 8, 7..=8) == 7,
            parity: section.one_of("parity", &PARITIES, Parity::None),
            two_stop_bits: section.integer("stop_bits", 1, 1..=2) == 2,
        }
    }

    fn show(&self, printer: &mut Printer) {
        printer.value("baud", self.baud);
        printer.value("data_bits", if self.seven_bits { 7 } else { 8 });
        printer.word("parity", &PARITIES, &self.parity);
        printer.value("stop_bits", if self.two_stop_bits { 2 } else { 1 });
    }
}

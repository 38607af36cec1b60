//! Where a Modbus device is, read and shown.

use std::time::Duration;

use line::{LineSettings, Port};
use settings::{Printer, Section};

/// How requests are framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Modbus TCP.
    Tcp,
    /// Modbus RTU, on serial lines and behind converters that only hand on bytes.
    Rtu,
}

const FRAMINGS: [(&str, Framing); 2] = [("tcp", Framing::Tcp), ("rtu", Framing::Rtu)];
/// A board answers within a few hundredths of a second; a slow converter needs some more.
const TIMEOUT: Duration = Duration::from_millis(300);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(2);

/// Where a Modbus device is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeviceSettings {
    /// The line to it.
    pub(crate) line: LineSettings,
    /// How requests are framed.
    pub(crate) framing: Framing,
    /// Its address on the line.
    pub(crate) unit: u8,
    /// Longest wait for one answer.
    pub(crate) timeout: Duration,
}

impl DeviceSettings {
    pub(crate) fn read(section: &Section) -> Option<Self> {
        let line = LineSettings::read(section);
        let usual = match line.as_ref().map(|line| &line.port) {
            Some(Port::Serial(_)) => Framing::Rtu,
            _ => Framing::Tcp,
        };
        let framing = section.one_of("framing", &FRAMINGS, usual);
        let unit = section.integer("unit", 1, 0..=247);
        let timeout = section.length_up_to("timeout", TIMEOUT, LONGEST_TIMEOUT);
        Some(Self {
            line: line?,
            framing,
            unit: u8::try_from(unit).unwrap_or(1),
            timeout,
        })
    }

    pub(crate) fn show(&self, printer: &mut Printer) {
        self.line.show(printer);
        printer.word("framing", &FRAMINGS, &self.framing);
        printer.value("unit", i64::from(self.unit));
        printer.length("timeout", self.timeout);
    }

    /// Host and port, where it is on the network.
    pub(crate) fn address(&self) -> Option<(String, u16)> {
        match &self.line.port {
            Port::Tcp(host, port) => Some((host.clone(), *port)),
            Port::Serial(_) => None,
        }
    }
}

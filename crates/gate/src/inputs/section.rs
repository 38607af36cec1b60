//! `[lane.inputs]`: what is wired beside a barrier, read and shown.

use std::time::Duration;

use settings::{Printer, Section};
use words::{Key, Said};

use super::Input;
use super::camera::CameraInputs;
use crate::modbus::DeviceSettings;

/// Who looks at an arm that takes two seconds sees it rise.
const POLL: Duration = Duration::from_millis(200);
const SLOWEST_POLL: Duration = Duration::from_secs(5);
/// Barriers for trucks take up to six seconds.
const RISES_WITHIN: Duration = Duration::from_secs(8);
const LONGEST_RISE: Duration = Duration::from_secs(60);
/// All are read at once.
const WIDEST: u16 = 64;

/// What a site sets for the inputs beside one barrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputsSettings {
    pub(super) source: Source,
    pub(super) rises_within: Duration,
}

/// Who tells what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Modbus(ModbusInputs),
    Camera(CameraInputs),
}

/// Inputs that are read again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ModbusInputs {
    pub(super) device: DeviceSettings,
    /// Read as coils (function 1) instead of discrete inputs (function 2).
    pub(super) coils: bool,
    pub(super) wired: Vec<Wired>,
    pub(super) poll: Duration,
}

/// One input and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wired {
    pub(super) input: Input,
    pub(super) number: u16,
    /// Its contact is closed while what it tells is *not* so.
    pub(super) normally_closed: bool,
}

impl InputsSettings {
    /// Reads the table of a barrier's inputs.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let is_camera = section.one_of("driver", &[("modbus", false), ("onvif", true)], false);
        let closed = read_closed(section);
        let source = match is_camera {
            true => CameraInputs::read(section, &closed).map(Source::Camera),
            false => ModbusInputs::read(section, &closed).map(Source::Modbus),
        };
        let rises_within = section.length_up_to("rises_within", RISES_WITHIN, LONGEST_RISE);
        Some(Self {
            source: source?,
            rises_within,
        })
    }

    /// Shows what [`InputsSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        let closed = match &self.source {
            Source::Modbus(modbus) => modbus.print(printer),
            Source::Camera(camera) => {
                camera.print(printer);
                camera.closed()
            }
        };
        if !closed.is_empty() {
            let closed: Vec<_> = closed.into_iter().map(Input::code).collect();
            printer.value("normally_closed", closed);
        }
        printer.length("rises_within", self.rises_within);
    }

    /// Host and port of their device, where it is on the network.
    #[must_use]
    pub fn address(&self) -> Option<(String, u16)> {
        match &self.source {
            Source::Modbus(modbus) => modbus.device.address(),
            Source::Camera(camera) => Some(camera.address()),
        }
    }
}

impl ModbusInputs {
    fn read(section: &Section, closed: &[Input]) -> Option<Self> {
        let device = DeviceSettings::read(section);
        let coils = section.one_of("read", &[("inputs", false), ("coils", true)], false);
        let wired = read_wired(section, closed);
        let poll = section.length_up_to("poll", POLL, SLOWEST_POLL);
        Some(Self {
            device: device?,
            coils,
            wired,
            poll,
        })
    }

    /// Shows it, and gives the inputs that rest closed.
    fn print(&self, printer: &mut Printer) -> Vec<Input> {
        self.device.show(printer);
        printer.value("read", if self.coils { "coils" } else { "inputs" });
        for wired in &self.wired {
            printer.value(wired.input.code(), i64::from(wired.number));
        }
        printer.length("poll", self.poll);
        let closed = self.wired.iter().filter(|wired| wired.normally_closed);
        closed.map(|wired| wired.input).collect()
    }

    /// The first number that is read, and how many.
    pub(super) fn span(&self) -> (u16, u16) {
        let numbers = self.wired.iter().map(|wired| wired.number);
        let first = numbers.clone().min().unwrap_or_default();
        (first, numbers.max().unwrap_or_default() - first + 1)
    }
}

fn read_closed(section: &Section) -> Vec<Input> {
    let shape = "[\"loop\"]";
    let closed: Vec<String> = section.typed("normally_closed", shape).unwrap_or_default();
    let known = Input::ALL.map(Input::code);
    if let Some(other) = closed.iter().find(|name| !known.contains(&name.as_str())) {
        let said = Said::with(Key::MistakeNotOneOf, "text", other);
        section.problem("normally_closed", said.and("known", known.join(", ")));
    }
    let is_closed = |input: &Input| closed.iter().any(|name| name == input.code());
    Input::ALL.into_iter().filter(is_closed).collect()
}

fn read_wired(section: &Section, closed: &[Input]) -> Vec<Wired> {
    let known = Input::ALL.map(Input::code);
    let wired: Vec<_> = Input::ALL
        .into_iter()
        .filter(|input| section.has(input.code()))
        .map(|input| {
            let number = section.integer(input.code(), 0, 0..=65_535);
            Wired {
                input,
                number: u16::try_from(number).unwrap_or_default(),
                normally_closed: closed.contains(&input),
            }
        })
        .collect();
    if wired.is_empty() {
        let said = Said::with(Key::MistakeNoInput, "known", known.join(", "));
        section.problem("", said);
    }
    let numbers = wired.iter().map(|wired| wired.number);
    if let (Some(low), Some(high)) = (numbers.clone().min(), numbers.max())
        && high - low >= WIDEST
    {
        let said = Said::with(Key::MistakeInputsApart, "most", WIDEST);
        section.problem("", said);
    }
    wired
}

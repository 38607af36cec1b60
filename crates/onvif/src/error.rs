//! What can go wrong with a device, told with its address, the step and what to do next.

use std::fmt;

use words::{Key, Said};

use crate::bounds::Excess;

/// What was asked of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DeviceStep {
    Connect,
    Clock,
    Describe,
    Profiles,
    Image,
    Overlay,
    SetOverlay,
    SetClock,
    Contacts,
    Contact,
    Inputs,
    Search,
}

impl DeviceStep {
    const fn key(self) -> Key {
        match self {
            Self::Connect => Key::OnvifStepConnect,
            Self::Clock => Key::OnvifStepClock,
            Self::Describe => Key::OnvifStepDescribe,
            Self::Profiles => Key::OnvifStepProfiles,
            Self::Image => Key::OnvifStepImage,
            Self::Overlay => Key::OnvifStepOverlay,
            Self::SetOverlay => Key::OnvifStepSetOverlay,
            Self::SetClock => Key::OnvifStepSetClock,
            Self::Contacts => Key::OnvifStepContacts,
            Self::Contact => Key::OnvifStepContact,
            Self::Inputs => Key::OnvifStepInputs,
            Self::Search => Key::OnvifStepSearch,
        }
    }
}

/// Why it came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceFault {
    /// The address cannot be used.
    Address(Said),
    /// No connection came about: nothing was sent.
    Unreachable(String),
    /// No whole answer in time: it may have been carried out.
    TimedOut,
    /// The line closed without an answer: it may have been carried out.
    Unanswered(String),
    /// User or password were refused. With how many seconds the device's clock is ahead of ours, where
    /// that is known: log-ins are dated, and a device that is far off refuses good ones.
    #[allow(missing_docs)]
    Unauthorized { clock_ahead_s: Option<i64> },
    /// The device asks for a password in clear text.
    ClearPassword,
    /// The device does not have this.
    Unsupported,
    /// The device said no, in its own words.
    Refused(String),
    /// Whoever answers is no ONVIF device, or not at this address.
    NoDevice(String),
    /// An answer that does harm to whoever reads it.
    Hostile(Said),
    /// The device says that it did it, and shows otherwise.
    NotKept(Said),
}

impl DeviceFault {
    pub(crate) fn hostile(excess: Excess) -> Self {
        let key = match excess {
            Excess::Bytes => Key::OnvifHostileBytes,
            Excess::Depth => Key::OnvifHostileDepth,
            Excess::Elements => Key::OnvifHostileElements,
            Excess::DocumentType => Key::OnvifHostileEntities,
        };
        Self::Hostile(key.into())
    }

    fn said(&self) -> Said {
        let words = |key, words: &String| Said::with(key, "words", words);
        match self {
            Self::Address(why) => why.clone(),
            Self::Unreachable(why) => words(Key::OnvifUnreachable, why),
            Self::TimedOut => Key::OnvifTimedOut.into(),
            Self::Unanswered(why) => words(Key::OnvifUnanswered, why),
            Self::Unauthorized { clock_ahead_s } => match clock_ahead_s {
                Some(seconds) if seconds.abs() > CLOCK_TO_TELL_S => {
                    Said::with(Key::OnvifUnauthorizedClock, "seconds", seconds)
                }
                _ => Key::OnvifUnauthorized.into(),
            },
            Self::ClearPassword => Key::OnvifClearPassword.into(),
            Self::Unsupported => Key::OnvifUnsupported.into(),
            Self::Refused(why) => words(Key::OnvifRefused, why),
            Self::NoDevice(why) => words(Key::OnvifNoDevice, why),
            Self::Hostile(why) => Said::plain(Key::OnvifHostile).and_said("why", why.clone()),
            Self::NotKept(why) => Said::plain(Key::OnvifNotKept).and_said("why", why.clone()),
        }
    }
}

/// A device refuses log-ins that are dated further off: 300 s at ipycam and in most firmware.
const CLOCK_TO_TELL_S: i64 = 60;

/// A failed step, with the device that it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    address: String,
    step: DeviceStep,
    fault: DeviceFault,
}

impl Error {
    pub(crate) fn new(address: impl fmt::Display, step: DeviceStep, fault: DeviceFault) -> Self {
        Self {
            address: address.to_string(),
            step,
            fault,
        }
    }

    /// At which step.
    #[must_use]
    pub fn step(&self) -> DeviceStep {
        self.step
    }

    /// Why.
    #[must_use]
    pub fn fault(&self) -> &DeviceFault {
        &self.fault
    }

    /// For a person: whose camera, what, why and what to do.
    #[must_use]
    pub fn said(&self) -> Said {
        if self.address.is_empty() {
            return self.fault.said();
        }
        Said::with(Key::OnvifFailed, "address", &self.address)
            .and_said("step", self.step.key())
            .and_said("why", self.fault.said())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for Error {}

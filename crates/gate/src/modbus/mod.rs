//! Modbus: where a device is, and the line to it.
//!
//! One line carries one request at a time, whoever asks: several lanes may have their relays and inputs on
//! one bus. What an answer, or none, says about the device is told apart in [`BusError`], for only what was
//! surely not carried out may be said again.

mod bus;
mod section;

pub(crate) use bus::{Bus, BusError};
pub(crate) use section::{DeviceSettings, Framing};

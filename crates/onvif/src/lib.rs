//! Cameras as ONVIF devices: found on the network, described, set, and their contacts.
//!
//! [`find`] asks the network who is there. A [`Device`] is one that answers: it [describes
//! itself](Device::describe), its clock and its overlay are [set](Device::set_clock) and
//! [read back](Device::set_overlay), its inputs are [listened to](DeviceInputs). An [`OutputContact`]
//! is one relay output, for whoever raises a barrier with it.
//!
//! # What a device may do to us
//!
//! Nothing it says is trusted. A call has a time limit, an answer a size; XML is counted before it
//! is read (depth, elements) and no document type, and so no entity, is taken. Whatever address it
//! names, only its own is called, so that no account goes elsewhere. Basic authentication, which
//! shows the password, is refused. Texts lose their control characters and their tails.
//!
//! It knows no lane and no barrier, and writes nothing.

mod address;
mod bounds;
mod clock;
mod contact;
mod describe;
mod device;
mod discover;
mod error;
mod inputs;
mod overlay;
mod streams;
mod tell;
mod text;
mod wire;

pub use address::{Account, DeviceAddress};
pub use clock::{ClockSetting, DeviceClock};
pub use contact::OutputContact;
pub use describe::{Description, ImageSettings, InputPort, OutputPort};
pub use device::Device;
pub use discover::{FoundDevice, Search, find};
pub use error::{DeviceFault, DeviceStep, Error};
pub use inputs::{DeviceInputs, InputChange};
pub use overlay::{Overlay, OverlayText};
pub use streams::StreamProfile;

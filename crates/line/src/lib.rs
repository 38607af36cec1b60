//! Lines to devices beside the gate: serial lines of this computer, and TCP connections to devices
//! or to converters from serial to Ethernet.
//!
//! [`LineSettings`] say where a line is and how bits go over it; [`LineSettings::open`] gives a
//! [`Line`] to read from and write to. Whoever keeps a line open for good asks a [`Dialer`], which
//! makes the pauses between tries grow. [`Backoff`] is how pauses grow anywhere in this workspace.
//!
//! It knows no device: what the bytes mean, others know.

mod backoff;
mod dialer;
mod open;
mod port;
mod reach;
mod section;
mod serial;

pub use backoff::{Backoff, Retry};
pub use dialer::Dialer;
pub use open::{Line, LineSettings};
pub use port::{Port, PortError};
pub use reach::{Unreached, reach};
pub use serial::{Parity, SerialSettings};

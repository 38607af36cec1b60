//! What an installer does at a gate, asked for on a command line: cameras found, shown as a lane to paste,
//! set by ONVIF, and checked.
//!
//! Each piece of work gives a [`Report`] of lines to print. It opens no ledger and moves no barrier.

mod asked;
mod camera;
mod desk;
mod onvif;
mod report;

pub use asked::{CameraArgs, OnvifArgs};
pub use camera::camera;
pub use desk::FieldDesk;
pub use onvif::onvif;
pub use report::{Error, Report};

//! Pixels in, readings out.
//!
//! A [`Models`] folder is checked against its manifest and loaded once. Each worker thread asks it
//! for a pair of [`Eyes`]: own ONNX Runtime sessions, one thread each, so that results do not
//! depend on how many lanes run. `Eyes` find plates with their four corners, look at each of them
//! a second time from nearby, rectify them from the native-resolution frame and read them.
//! [`Motion`] tells how much of a lane is occupied, plate or not.
//!
//! It knows no camera, no clock and writes nothing to disk.

mod contrast;
mod detector;
mod error;
mod eyes;
mod fitted;
mod manifest;
mod motion;
mod pixels;
mod processor;
mod reader;
mod runtime;

pub use contrast::Part;
pub use detector::{Candidate, Detector};
pub use error::{Error, ErrorKind};
pub use eyes::{Eyes, Models, Reading, Timing};
pub use manifest::{DetectorSpec, Manifest, ReaderSpec, SecondLook, ShareXY, Size};
pub use motion::{Motion, Presence};
pub use pixels::{rectify, sharpness};
pub use processor::{process_cpu, thread_cpu};
pub use reader::Reader;
pub use runtime::Runtime;

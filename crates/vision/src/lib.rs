//! Pixels in, readings out.
//!
//! A [`Models`] folder is checked against its manifest and loaded once. Each worker thread asks it
//! for a [`Recognizer`] with ONNX Runtime sessions of its own, one thread each, so that results do
//! not depend on how many lanes run. It finds plates with their four corners, looks at each of
//! them a second time from nearby, rectifies them from the native-resolution frame and reads them.
//! [`MotionDetector`] tells how much of a lane is occupied, plate or not.
//!
//! It knows no camera, no clock and writes nothing to disk.

mod contrast;
mod detector;
mod error;
mod fitted;
mod manifest;
mod models;
mod motion;
mod pixels;
mod processor;
mod reader;
mod recognizer;
mod runtime;
mod stacked;
mod still;

pub use contrast::Part;
pub use detector::{Candidate, PlateDetector};
pub use error::{Error, ErrorKind};
pub use manifest::{DetectorSpec, ModelManifest, ReaderSpec, SecondLook, ShareXY, Size};
pub use models::Models;
pub use motion::{Glance, MotionDetector, RegionShares};
pub use pixels::{rectify, sharpness};
pub use processor::{process_cpu, thread_cpu};
pub use reader::PlateReader;
pub use recognizer::{PlateReading, Recognizer, Timing};
pub use runtime::Runtime;

//! One picture, when it was taken, and the geometry on it.
//!
//! This is the ground floor: cameras make [`Frame`]s, vision finds plates on them, lanes keep the
//! ones worth keeping and photos are cut from them. It does no I/O and depends on no codec.
//!
//! Pixels are always 8-bit RGB, rows top to bottom without padding. Coordinates are pixels of
//! that picture, `x` to the right and `y` down, with the centre of the first pixel at (0.5, 0.5).

mod geometry;
mod picture;
mod region;
mod time;

pub use geometry::{Point, Quad, Rect};
pub use picture::{Picture, PictureError};
pub use region::{Region, RegionError};
pub use time::{ClockSource, MonoTime};

/// One decoded picture of a camera.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The pixels. Cloning shares them.
    pub picture: Picture,
    /// Wall time of the exposure, in UTC, as well as it is known.
    pub captured: jiff::Timestamp,
    /// Which clock `captured` came from.
    pub clock: ClockSource,
    /// Monotonic time: orders frames and measures durations, never shown to a person.
    pub at: MonoTime,
    /// Counts frames of this source from 0; gaps are frames that were skipped on purpose or lost.
    pub sequence: u64,
}

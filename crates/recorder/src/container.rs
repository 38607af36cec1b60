//! What a file of video is: ISO base media (MP4) in fragments, as every player, browser and NVR reads it.
//!
//! ```text
//! ftyp moov | prft moof mdat | prft moof mdat | …
//! ```
//!
//! `moov` says how pictures are coded and holds none of them. Each fragment is whole by itself: `prft` says
//! when its first picture was taken and by which clock, `moof` lists its pictures, `mdat` holds them. So a file
//! that breaks off is whole up to its last whole fragment, and proves its time without any index.

mod coding;
mod fragment;
mod header;
mod nal;
mod time;
mod walk;

pub use coding::Coding;
pub(crate) use fragment::{Group, Place, retimed};
pub(crate) use header::{coded_alike, header, ticks_hz};
pub use walk::{FragmentPlace, Walked, walk};

/// Ticks of a second where a coding says none: those of RTP video.
const TICKS_HZ: u32 = 90_000;

/// The only track of a file.
const TRACK: u32 = 1;

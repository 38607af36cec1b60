//! Frames with capture times from RTSP cameras and from recorded files.
//!
//! Two ways in: [`spawn`] runs a [`Source`] for as long as it is wanted and keeps it connected;
//! [`FileFrames`] reads a file as an iterator, without a runtime.
//!
//! A live camera always gives its newest picture: whoever is slow misses pictures and never falls
//! behind. Everything is decoded, in software, on one thread for each camera, unless its [`Attention`]
//! lets it rest; only the pictures to be analysed are converted to RGB. A camera never fails for good:
//! it is in a [`State`].
//!
//! Its compressed [`Stream`] can be read beside the pictures, from the same connection.
//!
//! Deliberately absent: plates, disk (other than reading files), and a queue of frames.

mod address;
mod attention;
mod camera;
mod clock;
mod color;
mod connect;
mod container;
mod contrast_map;
mod decoder;
mod doze;
mod error;
mod file;
mod folder;
#[cfg(fuzzing)]
pub mod fuzzing;
mod judge;
mod packets;
mod pick;
mod picture_file;
mod play;
mod probe;
mod receive;
mod recent;
mod reporter;
mod sample_tables;
mod section;
mod session;
mod slot;
mod source;
mod state;
mod status;
mod stir;
mod supervisor;
mod transcode;
#[cfg(feature = "trial")]
pub mod trial;
mod video_file;
mod view;

pub use address::{Address, Login};
pub use attention::Attention;
pub use camera::{Camera, CameraHandle, spawn};
pub use clock::mono_now;
pub use error::{Error, ErrorKind};
pub use file::{FileFrames, FileOptions};
pub use packets::{AccessUnit, Format, Packet, Packets, Stream};
pub use pick::Rate;
pub use picture_file::{FileKind, kind_of, picture_in, read_picture};
pub use probe::{Probe, probe};
pub use secret::Secret;
pub use section::Watching;
pub use slot::Frames;
pub use source::{Options, Playback, Source};
pub use state::{Codec, State, Video};
pub use status::CameraStatus;
pub use transcode::as_h264;
pub use view::{ViewLook, ViewWatch};

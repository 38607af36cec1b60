//! The cameras' video, kept as it comes: not coded anew, by camera and day, in files of about a minute that any player
//! plays, with an index by time.
//!
//! [`Recorder`] writes, from the streams that `camera` hands out; [`repair`] closes what a loss of power left open;
//! [`VideoIndex`] tells what there is and what is missing, and why. What a file is, [`walk`] reads.
//!
//! It knows no plate, no passage and no ledger.

mod clip;
mod container;
mod cut;
mod disks;
mod error;
mod export;
mod forecast;
mod gap;
mod index;
mod plan;
mod progress;
mod recorder;
mod repair;
mod seal;
mod section;
mod service;
#[cfg(test)]
mod tests;
#[cfg(feature = "trial")]
pub mod trial;
mod video_file;
mod writer;

pub use clip::{CLIPS, ClipSpan, CutClip, CutFile, clip_files, remove_clip};
pub use container::{Coding, FragmentPlace, Walked, walk};
pub use disks::{VideoDisks, VideoRoom};
pub use error::Error;
pub use export::{ExportedVideo, export};
pub use forecast::{VideoFindings, VideoForecast, findings};
pub use gap::{Gap, GapReason, uncovered};
pub use index::{INDEX_FILE, NewVideo, VideoIndex, VideoRow, VideoSpan, VideoTotal};
pub use plan::{RemovedVideo, VideoPlan};
pub use progress::{ClipsState, VideoMeter, VideoProgress};
pub use recorder::{RecordedCamera, Recorder};
pub use repair::{RepairScope, Repaired, repair, video_files, video_hash};
pub use seal::{SealedFile, SealedHour, VideoLedger};
pub use service::{Recording, RecordingParts, RecordingState};
pub use video_file::start_in;

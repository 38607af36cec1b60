//! Lanes at work: pictures in, barriers raised, passages into the ledger.
//!
//! One thread for each lane takes the newest picture, has it watched, judges who comes by the
//! rulebook in force and orders the barrier. What it decided goes to the lane's passage writer, a second
//! thread that makes the photos and hands the passage to the ledger, so that the lane itself never
//! waits for a disk. Under overload the lane looks at fewer pictures, in stated steps.
//!
//! What was decided is shown and said at the entrance by [`Signs`].
//!
//! What a person holds open is kept open by [`keep_holds`].
//!
//! What [`Scales`] weigh goes to the ledger too, and finds its passage there.
//!
//! It is handed what it works with ([`LaneParts`]) and how each lane is set up ([`LaneSetup`]), and
//! knows no configuration file and no other service.

mod body;
mod evidence;
mod holds;
mod lane;
mod lane_alarms;
mod lanes;
mod pace;
mod parts;
mod passage_writer;
mod recording;
mod scale_setup;
mod scales;
mod sentinel;
mod setup;
mod signs;

pub use holds::{HoldParts, keep_holds};
pub use lanes::{Error, Lanes};
pub use pace::DetectionRate;
pub use parts::LaneParts;
pub use recording::LaneRecording;
pub use scale_setup::ScaleSetup;
pub use scales::{ScaleParts, Scales};
pub use setup::LaneSetup;
pub use signs::{SignParts, Signs};

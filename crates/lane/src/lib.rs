//! One lane's state machine: readings over time become exactly one passage per vehicle.
//!
//! It knows nothing of disk, network or wall clock: frames bring their time with them, and
//! [`Lane::tick`] brings the time that passes without frames.
//!
//! ```text
//!              sighting                   enough votes, and it moved
//!   (nothing) ─────────▶ candidate ──────────────────────────────────▶ vehicle: Entered
//!                          │   ▲                                            │
//!       never moved for    │   │ moves                     at the front:    │ leaves, or
//!       fixed_after        ▼   │                  surely read and standing, │ stream ends
//!                      fixed thing                or near; or patience over │
//!                   (sign, parked car)                      │               │
//!                                                           ▼               ▼
//!   lane occupied: drove in, large,            Decided ◀────┴──────────── Decided
//!   no plate seen ──▶ vehicle: Entered ──▶        │                         │
//!   (stands for plateless_patience, or leaves)        ▼ not seen, lane clear    ▼
//!                                              Finished (passed, backed out, timed out)
//!                                                 │
//!                                                 ▼
//!                                              gone: a glimpse of it is an echo
//!                                              until it comes from the start again
//! ```
//!
//! # Rules
//!
//! * **Vote first, filter after.** Every legible frame of a track votes; acceptance looks at the
//!   weakest character of the vote. A plate at rest votes 40 times and then only with better
//!   pictures, so that ten minutes of glare do not outvote the approach.
//! * **Which vehicle a sighting belongs to** is a matter of place and size while a plate is
//!   followed, and of its text once it was lost for more than 0.7 s. Fleet neighbours that differ
//!   in one character stay two vehicles, because a vehicle does not jump back in the lane.
//! * **Only the front vehicle is decided**, because the barrier opens on it. Of a queue, each
//!   vehicle is decided when the one before it has gone.
//! * **A vehicle that has left is remembered.** Its plate seen again is the same visit unless,
//!   [`LaneSettings::rearm_after`] later, it comes from the start of the lane, or along a lane that
//!   was clear since it was seen to leave; or after [`LaneSettings::forget_after`] of watched time.
//! * **The reading decides, not geometry alone.** What was read whole and surely at several places
//!   has moved, however its box grew, and is a fixed thing only where the same was read before.
//!   Whatever was followed and is not counted is told as [`LaneEvent::NotCounted`]; which rule may
//!   swallow what is written in `docs/design/lane.md`.
//! * **Nothing is concluded from not looking.** While no frames come, no vehicle "is not seen".
//! * **What never moved is no vehicle**, however well it reads, unless something large drove into
//!   the lane with it. So a truck that stands before the camera when the process starts is no
//!   passage until it moves on (20 % of its plate's width is enough); with
//!   [`Lane::resume`] it is recognised at once.
//! * **A trailer's plate (…挂) belongs to the vehicle that pulls it.** From the front, that is the
//!   vehicle at the barrier as long as the lane has not been clear. From the rear, the tractor's
//!   plate is hidden and the trailer's stands in its place.
//! * **Memory is bounded**: 6 vehicles with at most 5 frames each, 12 candidates with 2, one frame
//!   for the lane's fullness; fixed things and vehicles that have left keep none.

mod confirm;
mod decide;
mod event;
mod fixed;
mod follow;
mod lane;
mod leave;
mod likeness;
mod look;
mod not_counted;
mod occupancy;
mod path;
mod plate_owner;
mod quiet;
mod section;
mod settings;
mod track;
mod vehicle;

pub use crate::settings::{LaneSettings, View};
pub use event::{
    Better, DecidedBecause, Heading, KeyFrame, LaneEvent, LostWhy, Moment, Observation,
    OpenPassage, Presence, Sighting, VehicleDecided, VehicleFinished, VehicleId,
};
pub use lane::Lane;
pub use not_counted::{NotCounted, NotCountedRule};
pub use section::region;

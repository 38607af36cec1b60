//! Clips: video of what the rule or a person wants kept (lifts, alarms, denied and forced passages), cut from the recording
//! and kept apart from it.
//!
//! Which ones are wanted, the ledger tells by its own rows; where the recording is and how it is cut, `recorder` knows. Here
//! the two meet: a clip is cut once its end is recorded, one at a time and never while passages wait for the disk; it is
//! kept in the chain, or that there is none and why; and it goes when its passage's photos have gone.

mod cut;
mod keep;
mod name;
mod service;

pub use service::{Clips, ClipsParts};

//! What a guard does, asked for on a command line: an arm raised or held open, those that were, alarms seen or
//! practised, notes and tags of vehicles.
//!
//! Each piece of work gives lines to print. It writes nothing itself: orders go to whoever is handed to it.

mod alarms;
mod arms;
mod asked;
mod error;
mod remarks;

pub use alarms::alarms;
pub use arms::{hold, lift, lifts};
pub use asked::{AlarmsArgs, ByArgs, HoldArgs, LiftArgs, LiftsArgs, NoteArgs};
pub use error::Error;
pub use remarks::note;

//! One lane's state machine: readings over time become exactly one passage per vehicle.

mod confirm;
mod decide;
mod event;
mod fixed;
mod follow;
mod lane;
mod likeness;
mod path;
mod settings;
mod span;
mod track;
mod vehicle;

pub use event::{
    Better, Decided, DecidedBecause, Event, Finished, KeyFrame, LostWhy, Moment, Observation,
    OpenPassage, Outcome, Presence, Seen, Sighting, VehicleId,
};
pub use lane::Lane;
pub use settings::{Direction, Settings, View};

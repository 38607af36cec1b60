//! One lane's state machine: readings over time become exactly one passage per vehicle.

mod event;
mod lane;
mod settings;

pub use event::{
    Better, Decided, DecidedBecause, Event, Finished, KeyFrame, LostWhy, Moment, Observation,
    OpenPassage, Outcome, Presence, Seen, Sighting, VehicleId,
};
pub use lane::Lane;
pub use settings::{Direction, Settings, View};

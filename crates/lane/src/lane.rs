//! The lane itself.

use crate::{Event, Moment, Observation, OpenPassage, Settings, VehicleId};

/// One lane. Feed it every analysed frame; act on what it returns.
#[derive(Debug)]
pub struct Lane {
    _settings: Settings,
}

impl Lane {
    /// An empty lane.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            _settings: settings,
        }
    }

    /// Takes one analysed frame. Frames older than the newest one are ignored.
    pub fn observe(&mut self, _seen: &Observation) -> Vec<Event> {
        Vec::new()
    }

    /// Time passes without frames (the camera is away). Call it about once a second.
    pub fn tick(&mut self, _now: Moment) -> Vec<Event> {
        Vec::new()
    }

    /// The stream is over: every open vehicle is decided and finished.
    pub fn close(&mut self, _now: Moment) -> Vec<Event> {
        Vec::new()
    }

    /// The process stops: vehicles with enough evidence are decided and stay open for
    /// [`Lane::resume`], the others are lost.
    pub fn suspend(&mut self, _now: Moment) -> Vec<Event> {
        Vec::new()
    }

    /// Takes over an open passage after a restart, before the first frame. A vehicle with that
    /// plate is matched to it; only `Finished` follows, under the id returned.
    pub fn resume(&mut self, _open: &OpenPassage) -> VehicleId {
        VehicleId(0)
    }
}

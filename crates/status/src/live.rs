//! How all is, for those who follow it live.

use std::sync::Arc;

use passage::LanePlace;
use sync::{LiveState, LiveStates};

use crate::Status;

/// Looks at the status whenever it is asked: a camera, a barrier, its arm and who holds it open of each lane, and
/// uploads.
#[must_use]
pub fn live_states(lanes: Vec<LanePlace>, status: Arc<Status>) -> LiveStates {
    Arc::new(move || of(&lanes, &status))
}

fn of(places: &[LanePlace], status: &Status) -> Vec<LiveState> {
    let (lanes, cameras) = (status.lanes(), status.cameras());
    let late = status.late();
    let mut states = Vec::new();
    for place in places {
        let state = |of, says| LiveState {
            of,
            lane: Some(place.lane.clone()),
            says,
        };
        let camera = cameras.iter().find(|camera| camera.name == place.lane);
        let wrong = camera.and_then(|camera| {
            let now = camera.state.borrow().status;
            (now != camera::CameraStatus::Connecting).then_some(now.is_fault())
        });
        states.push(state("camera", LiveState::on(wrong)));
        let lane = lanes.iter().find(|lane| lane.name == place.lane);
        let obeyed = lane.and_then(|lane| lane.barrier_obeyed());
        let wrong = obeyed.map(|obeyed| !obeyed);
        states.push(state("barrier", LiveState::on(wrong)));
        let held = lane.map(|lane| lane.hold().is_some());
        states.push(state("hold", LiveState::on(held)));
        let arm = lane.map(|lane| lane.arm()).unwrap_or_default();
        states.push(state("arm", arm.code()));
    }
    let is_wrong = |sink: &sync::SinkStatus| {
        let late = late.get(&sink.sink).copied().unwrap_or_default();
        late.waits || late.below || sink.refused > 0
    };
    states.push(LiveState {
        of: "uploads",
        lane: None,
        says: LiveState::on(Some(status.sinks().iter().any(is_wrong))),
    });
    states
}

//! How gates and cameras are, for the heartbeats to platforms.

use std::collections::BTreeMap;
use std::sync::Arc;

use passage::LanePlace;
use sync::{GateState, GateStates};

use crate::Status;

/// Looks at the status whenever it is asked how gates are.
#[must_use]
pub fn gate_states(lanes: Vec<LanePlace>, status: Arc<Status>) -> GateStates {
    Arc::new(move || of(&lanes, &status))
}

/// One entry for each barrier; several lanes may share one.
fn of(places: &[LanePlace], status: &Status) -> Vec<GateState> {
    let (lanes, cameras) = (status.lanes(), status.cameras());
    let mut gates = BTreeMap::new();
    for place in places {
        let lane = lanes.iter().find(|known| known.name == place.lane);
        let barrier = lane.and_then(|lane| lane.barrier_obeyed());
        let body = format!("{}-body", place.lane);
        let own = cameras
            .iter()
            .filter(|camera| camera.name == place.lane || camera.name == body);
        let seen: Vec<Option<bool>> = own
            .map(|camera| works(camera.state.borrow().status))
            .collect();
        let gate = gates
            .entry((place.entrance.clone(), place.barrier.clone()))
            .or_insert_with(Vec::new);
        gate.push((barrier, seen));
    }
    let gates = gates.into_iter().map(|((entrance, barrier), lanes)| {
        let orders = lanes.iter().map(|(barrier, _)| *barrier);
        // A lane whose barrier was never ordered says nothing about it.
        let ordered: Vec<_> = orders.filter(Option::is_some).collect();
        let cameras: Vec<_> = lanes.iter().flat_map(|(_, seen)| seen.clone()).collect();
        GateState {
            entrance,
            barrier,
            barrier_works: all(&ordered),
            cameras_work: all(&cameras),
        }
    });
    gates.collect()
}

/// False when one fails, else unknown when one is or there is none.
fn all(works: &[Option<bool>]) -> Option<bool> {
    if works.contains(&Some(false)) {
        return Some(false);
    }
    (!works.is_empty() && !works.contains(&None)).then_some(true)
}

fn works(camera: camera::CameraStatus) -> Option<bool> {
    match camera {
        camera::CameraStatus::Connecting => None,
        camera::CameraStatus::Live => Some(true),
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_stays_so_and_one_failure_is_one() {
        assert_eq!(all(&[]), None);
        assert_eq!(all(&[Some(true), None]), None);
        assert_eq!(all(&[Some(true), None, Some(false)]), Some(false));
        assert_eq!(all(&[Some(true), Some(true)]), Some(true));
    }

    #[test]
    fn a_gate_is_told_as_its_cameras_and_its_last_order_are() {
        let place = LanePlace {
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            sees_rear: false,
        };
        let status = Status::default();
        let lane = crate::LaneCounters::new(&place.lane);
        status.add_lane(Arc::clone(&lane));
        let now = || of(std::slice::from_ref(&place), &status).remove(0);
        assert_eq!(now().barrier, "01");
        assert_eq!((now().barrier_works, now().cameras_work), (None, None));
        lane.set_barrier_obeyed(false);
        assert_eq!(now().barrier_works, Some(false));
        lane.set_barrier_obeyed(true);
        assert_eq!(now().barrier_works, Some(true));
    }
}

//! How gates and cameras are, for the heartbeats to platforms.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use camera::Status;
use sync::{GateState, GateStates};

use super::board::Board;
use crate::config::Config;

/// Looks at the board whenever it is asked.
pub(crate) fn states(config: Arc<Config>, board: Arc<Board>) -> GateStates {
    Arc::new(move || of(&config, &board))
}

/// One entry for each barrier; several lanes may share one.
fn of(config: &Config, board: &Board) -> Vec<GateState> {
    let (lanes, cameras) = (board.lanes(), board.cameras());
    let mut gates = BTreeMap::new();
    for lane in &config.lanes {
        let obeyed = lanes.iter().find(|known| known.name == lane.name);
        let barrier = match obeyed.map_or(0, |lane| lane.barrier_obeyed.load(Ordering::Relaxed)) {
            1 => Some(true),
            2 => Some(false),
            _ => None,
        };
        let body = format!("{}-body", lane.name);
        let own = cameras
            .iter()
            .filter(|camera| camera.name == lane.name || camera.name == body);
        let seen: Vec<Option<bool>> = own
            .map(|camera| works(camera.state.borrow().status))
            .collect();
        let gate = gates
            .entry((lane.entrance.clone(), lane.barrier.clone()))
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

fn works(status: Status) -> Option<bool> {
    match status {
        Status::Connecting => None,
        Status::Live => Some(true),
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
        let reference = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/menjin.toml");
        let config = crate::config::load(std::path::Path::new(reference)).expect("the reference");
        let board = Board::default();
        let lane = super::super::board::LaneBoard::new(&config.lanes[0].name);
        board.add_lane(Arc::clone(&lane));
        let before = of(&config, &board);
        assert_eq!(before[0].barrier, config.lanes[0].barrier);
        assert_eq!(
            (before[0].barrier_works, before[0].cameras_work),
            (None, None)
        );
        lane.barrier_obeyed.store(2, Ordering::Relaxed);
        assert_eq!(of(&config, &board)[0].barrier_works, Some(false));
        lane.barrier_obeyed.store(1, Ordering::Relaxed);
        assert_eq!(of(&config, &board)[0].barrier_works, Some(true));
    }
}

//! Before a camera that rests while nothing is in the lane. Only where it looks down on the lane: beside it, or at
//! the height of plates, two of 200 vehicles are lost so, which is why cameras rest only where somebody says so.

use crate::sim::{Gate, Rest};
use crate::traffic::traffic;

#[test]
fn hours_of_mixed_traffic_before_a_camera_that_rests_give_one_passage_for_each_vehicle() {
    // A look every second, two seconds and four.
    for (seed, every) in [(21, 10), (22, 20), (23, 40)] {
        let mut gate = Gate::front(seed);
        gate.rest = Some(Rest::looking_every(every));
        traffic(gate, 200, true);
    }
    let mut gate = Gate::rear(24);
    gate.rest = Some(Rest::looking_every(10));
    traffic(gate, 100, true);
}

//! Before a camera that rests while nothing is in the lane. Looks are 2.5 s apart at most: with 4 s two of 200 were
//! lost, small vehicles without a legible plate that drove through between two looks.

use crate::sim::{Gate, Rest};
use crate::traffic::traffic;

#[test]
fn hours_of_mixed_traffic_before_a_camera_that_rests_give_one_passage_for_each_vehicle() {
    // A look every second, two seconds and two and a half.
    for (seed, every) in [(21, 10), (22, 20), (23, 25)] {
        let mut gate = Gate::front(seed);
        gate.rest = Some(Rest::looking_every(every));
        traffic(gate, 200, true);
    }
    let mut gate = Gate::rear(24);
    gate.rest = Some(Rest::looking_every(10));
    traffic(gate, 100, true);
}

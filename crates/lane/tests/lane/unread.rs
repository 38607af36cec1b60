//! Vehicles whose plate is missing, unreadable or covered.

use lane::DecidedBecause;
use passage::Outcome;

use crate::cars::{Car, Manner};
use crate::cases::stops;
use crate::passages::{assert_plates, ended};
use crate::seeing::thing;
use crate::sim::Gate;

#[test]
fn a_truck_without_a_plate_is_one_passage_for_the_guard() {
    for manner in [Manner::Stops(2.0), Manner::Stops(20.0), Manner::Through] {
        let mut gate = Gate::front(4);
        gate.run(3.0);
        gate.arrive(Car::new("", manner));
        gate.drain(8.0);
        let all = assert_plates(&gate.events, &[""]);
        let decided = all[0].decided.as_ref().expect("decided");
        assert!(!decided.accepted && decided.read.is_none() && decided.head.is_some());
        let waits = manner == Manner::Stops(20.0);
        assert_eq!(decided.because == DecidedBecause::Waited, waits);
    }
}

#[test]
fn a_truck_without_a_plate_before_one_with_a_plate_is_a_passage_of_its_own() {
    for seed in 0..20 {
        let mut gate = Gate::front(seed);
        gate.run(3.0);
        gate.arrive(Car::new("", Manner::Stops(2.0)));
        gate.run(9.0);
        gate.arrive(stops("新A86420"));
        gate.drain(8.0);
        assert_plates(&gate.events, &["", "新A86420"]);
    }
}

#[test]
fn a_plate_covered_in_mud_is_one_passage_that_is_not_accepted() {
    for presence in [true, false] {
        let mut gate = Gate::front(5);
        gate.presence = presence;
        gate.run(3.0);
        let mut car = stops("宁A24680");
        (car.clean, car.legible) = (0.4, 0.15);
        gate.arrive(car);
        gate.drain(30.0);
        let all = ended(&gate.events);
        assert_eq!(all.len(), 1);
        assert!(!all[0].accepted());
    }
}

#[test]
fn a_plate_covered_for_seconds_while_it_stands_is_the_same_vehicle() {
    for seed in 0..20 {
        for presence in [true, false] {
            let mut gate = Gate::front(seed);
            gate.presence = presence;
            gate.run(3.0);
            let mut car = Car::new("桂A97531", Manner::Stops(20.0));
            car.covered = (1.0, 11.0);
            gate.arrive(car);
            gate.drain(20.0);
            assert_plates(&gate.events, &["桂A97531"]);
        }
    }
}

#[test]
fn a_truck_without_a_plate_in_a_queue_is_a_passage_of_its_own() {
    for seed in 0..20 {
        let mut gate = Gate::front(seed);
        gate.run(3.0);
        for plate in ["冀A12345", "", "新A86420"] {
            gate.arrive(stops(plate));
            gate.run(9.0);
            assert!(!gate.cars.is_empty(), "the lane is never empty");
        }
        gate.drain(8.0);
        assert_plates(&gate.events, &["冀A12345", "", "新A86420"]);
    }
}

#[test]
fn what_light_or_water_leaves_on_the_road_hides_no_truck_without_a_plate() {
    for (seed, left) in [0.08, 0.11, 0.15, 0.3].into_iter().enumerate() {
        let mut gate = Gate::front(seed as u64);
        gate.run(3.0);
        gate.arrive(stops("冀A12345"));
        gate.run(4.0);
        // It comes with the first truck and stays.
        gate.disturbance = (left, 0.0);
        gate.drain(6.0);
        gate.arrive(Car::new("", Manner::Stops(2.0)));
        gate.drain(6.0);
        gate.arrive(stops("新A86420"));
        gate.drain(8.0);
        assert_plates(&gate.events, &["冀A12345", "", "新A86420"]);
    }
}

#[test]
fn a_lamp_that_goes_on_and_stays_on_hides_no_truck_without_a_plate() {
    let mut gate = Gate::front(8);
    gate.run(3.0);
    gate.disturbance = (0.3, 0.8);
    gate.frame();
    gate.disturbance = (0.3, 0.0);
    gate.run(8.0);
    gate.arrive(Car::new("", Manner::Stops(2.0)));
    gate.drain(8.0);
    assert_plates(&gate.events, &[""]);
}

#[test]
fn a_sign_that_it_half_covers_is_not_the_plate_of_a_truck_in_mud() {
    let mut gate = Gate::front(9);
    gate.run(2.0);
    let mut car = stops("冀A12345");
    (car.clean, car.legible) = (0.4, 0.15);
    gate.arrive(car);
    for frame in 0..130 {
        // What is left of the sign seems to stand further aside.
        let x = if (20..90).contains(&frame) {
            1_485.0
        } else {
            1_468.0
        };
        gate.extras = vec![thing("鲁N88046", x, 221.0, 80.0, 0.2, 0.16)];
        gate.frame();
    }
    gate.extras.clear();
    gate.drain(8.0);
    let all = ended(&gate.events);
    assert_eq!(all.len(), 1);
    let finished = all[0].finished.as_ref().expect("finished");
    assert_eq!(finished.outcome, Outcome::Passed);
    assert!(finished.growth > 1.5, "{}", finished.growth);
}

//! Nothing that is followed like a plate ends in silence.

use lane::{NotCounted, NotCountedRule};

use crate::camera::Camera;
use crate::cars::{Car, Manner};
use crate::cases::stops;
use crate::passages::assert_plates;
use crate::seeing::thing;
use crate::sim::Gate;

fn told(gate: &Gate, plate: &str) -> Vec<(NotCountedRule, u32)> {
    let of_it = |not: &&NotCounted| not.read.as_ref().is_some_and(|r| r.plate == plate);
    let told = gate.not_counted.iter().filter(of_it);
    told.map(|not| (not.rule, not.sightings)).collect()
}

#[test]
fn a_fixed_thing_is_told_when_it_is_learned_and_each_time_it_was_in_sight_again() {
    let mut gate = Gate::front(1);
    let sign = thing("冀A18630", 300.0, 400.0, 140.0, 0.95, 0.95);
    gate.extras = vec![sign.clone()];
    gate.run(12.0);
    gate.extras.clear();
    gate.run(5.0);
    gate.extras = vec![sign];
    gate.run(2.0);
    gate.extras.clear();
    gate.run(5.0);
    let told = told(&gate, "冀A18630");
    let rules: Vec<NotCountedRule> = told.iter().map(|t| t.0).collect();
    assert_eq!(rules, [NotCountedRule::Fixed; 3], "{told:?}");
    assert!(told[2].1 >= 15, "{told:?}");
}

#[test]
fn what_is_still_followed_when_the_stream_ends_is_told() {
    let mut gate = Gate::front(2);
    gate.extras = vec![thing("冀A18630", 300.0, 400.0, 140.0, 0.95, 0.95)];
    gate.run(4.0);
    gate.close();
    let told = told(&gate, "冀A18630");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, NotCountedRule::Glimpse);
    assert!(gate.events.is_empty());
}

#[test]
fn what_is_followed_when_the_camera_goes_away_for_minutes_is_told() {
    let mut gate = Gate::front(3);
    gate.extras = vec![thing("冀A18630", 300.0, 400.0, 140.0, 0.95, 0.95)];
    gate.run(4.0);
    gate.run_blind(300.0, true);
    assert_eq!(told(&gate, "冀A18630").len(), 1);
}

#[test]
fn a_vehicle_among_more_doubtful_things_than_are_followed_is_one_passage() {
    for seed in 0..10 {
        let mut gate = Gate::front(seed);
        gate.arrive(stops("冀A12345"));
        while !gate.cars.is_empty() {
            // A wall of letters, elsewhere each time: rain on a lit board.
            let x = 20.0 * gate.dice.between(0.0, 5.0);
            let wall = (0..14).map(|i| {
                let (column, row) = ((i % 7) as f32, (i / 7) as f32);
                thing("", x + 250.0 * column, 30.0 + 60.0 * row, 60.0, 0.1, 0.05)
            });
            gate.extras = wall.collect();
            gate.frame();
        }
        gate.extras.clear();
        gate.drain(8.0);
        assert_plates(&gate.events, &["冀A12345"]);
        let crowd = |not: &&NotCounted| not.rule == NotCountedRule::Crowd;
        assert!(gate.not_counted.iter().filter(crowd).count() > 10, "{seed}");
    }
}

#[test]
fn a_vehicle_whose_plate_stays_small_at_the_line_waits_there_as_one_passage() {
    for seed in 0..10 {
        let mut gate = Gate::front(seed);
        gate.camera = Camera {
            focal_px: 90.0 / 0.44 * 8.0,
            ..Camera::ABOVE
        };
        gate.run(3.0);
        gate.arrive(Car::new("冀A12345", Manner::Stops(20.0)));
        gate.drain(8.0);
        assert_plates(&gate.events, &["冀A12345"]);
    }
}

//! One test for each thing that is no vehicle, and for what cameras and restarts do.

use lane::{LaneEvent, LaneSettings};
use passage::Outcome;

use crate::cars::{Car, Manner};
use crate::cases::stops;
use crate::passages::{assert_plates, collect, ended};
use crate::seeing::thing;
use crate::sim::Gate;

#[test]
fn a_sign_that_reads_like_a_plate_is_never_a_passage() {
    for presence in [true, false] {
        let mut gate = Gate::front(1);
        gate.presence = presence;
        gate.extras = vec![
            thing("冀A18630", 300.0, 400.0, 140.0, 0.95, 0.95),
            thing("京A88123", 1500.0, 300.0, 90.0, 0.4, 0.2),
        ];
        gate.run(60.0);
        for plate in ["冀A12345", "豫B67890"] {
            gate.arrive(stops(plate));
            gate.drain(20.0);
        }
        gate.close();
        assert_plates(&gate.events, &["冀A12345", "豫B67890"]);
    }
}

#[test]
fn a_sign_seen_first_while_a_truck_arrives_is_no_passage() {
    let mut gate = Gate::front(2);
    gate.extras = vec![thing("冀A18630", 300.0, 400.0, 140.0, 0.95, 0.95)];
    gate.arrive(stops("冀A12345"));
    gate.drain(20.0);
    assert_plates(&gate.events, &["冀A12345"]);
}

#[test]
fn a_sign_that_a_truck_uncovers_as_it_leaves_is_no_passage() {
    let mut gate = Gate::front(3);
    gate.run(2.0);
    gate.arrive(Car::new("冀A12345", Manner::Stops(5.0)));
    gate.run(12.0);
    gate.extras = vec![thing("冀A18630", 300.0, 400.0, 140.0, 0.95, 0.95)];
    gate.drain(30.0);
    assert_plates(&gate.events, &["冀A12345"]);
}

#[test]
fn a_date_overlay_outside_the_region_is_no_passage() {
    let corners = vec![[0.0, 0.1], [1.0, 0.1], [1.0, 1.0], [0.0, 1.0]];
    let settings = LaneSettings {
        region: frame::Region::new(corners).expect("inside"),
        ..LaneSettings::default()
    };
    let mut gate = Gate::new(settings, 4);
    gate.run(2.0);
    for i in 0..600 {
        let x = 100.0 + i as f32;
        gate.extras = vec![thing("京A20261", x, 20.0, 200.0, 0.9, 0.9)];
        gate.frame();
    }
    gate.close();
    assert!(gate.events.is_empty());
}

#[test]
fn a_fragment_seen_on_one_or_two_frames_is_no_passage() {
    let mut gate = Gate::front(5);
    for i in 0..300 {
        let x = 200.0 + 37.0 * (i % 40) as f32;
        gate.extras = vec![thing("冀A1B345", x, 500.0, 120.0, 0.97, 0.9)];
        gate.run(0.2);
        gate.extras.clear();
        gate.run(5.0);
    }
    gate.close();
    assert!(gate.events.is_empty());
}

#[test]
fn persons_rain_shadows_and_lights_are_no_passages() {
    let mut gate = Gate::front(6);
    for round in 0..50 {
        // A person walks through.
        gate.disturbance = (0.07, 0.05);
        gate.run(8.0);
        gate.disturbance = (0.0, 0.0);
        gate.run(3.0);
        // Rain, heavier and lighter.
        for _ in 0..40 {
            gate.disturbance = (gate.dice.between(0.0, 0.18), gate.dice.between(0.0, 0.15));
            gate.run(0.2);
        }
        gate.disturbance = (0.0, 0.0);
        gate.run(3.0);
        // The lamps go on, and fade from what the detector remembers.
        let mut level = 0.8;
        gate.disturbance = (level, 0.8);
        gate.frame();
        while level > 0.02 {
            level *= 0.97;
            gate.disturbance = (level, 0.0);
            gate.frame();
        }
        // A cloud: slow, large, no motion.
        for i in 0..200 {
            let share = (i as f32 / 200.0 * std::f32::consts::PI).sin();
            gate.disturbance = (0.5 * share, 0.005);
            gate.frame();
        }
        gate.disturbance = (0.0, 0.0);
        gate.run(3.0);
        assert!(gate.events.is_empty(), "round {round}: {:?}", gate.events);
    }
}

#[test]
fn a_truck_that_stood_there_before_the_start_is_a_passage_once_it_moves() {
    let mut gate = Gate::front(7);
    gate.presence = false;
    gate.arrive(Car::new("冀A12345", Manner::Stops(40.0)));
    gate.run_blind(12.0, false);
    gate.run(20.0);
    assert!(gate.events.is_empty());
    gate.drain(20.0);
    assert_plates(&gate.events, &["冀A12345"]);
}

#[test]
fn after_a_restart_a_vehicle_still_standing_continues_its_open_passage() {
    for seed in 0..20 {
        let mut gate = Gate::front(seed);
        gate.arrive(Car::new("冀A12345", Manner::Stops(40.0)));
        gate.run_blind(12.0, false);
        let id = gate.resume("冀A12345");
        gate.drain(10.0);
        assert_eq!(gate.events.len(), 1);
        let LaneEvent::Finished(finished) = &gate.events[0] else {
            panic!("{:?}", gate.events);
        };
        assert_eq!((finished.vehicle, finished.outcome), (id, Outcome::Passed));
    }
}

#[test]
fn an_open_passage_whose_vehicle_is_gone_is_timed_out() {
    let mut gate = Gate::front(8);
    let id = gate.resume("冀A12345");
    gate.run(20.0);
    assert!(gate.events.is_empty());
    gate.arrive(stops("豫B67890"));
    gate.drain(10.0);
    let all = collect(&gate.events);
    assert_eq!(all.len(), 2);
    let outcome = all[&id].finished.as_ref().map(|f| f.outcome);
    assert_eq!(outcome, Some(Outcome::TimedOut));
    assert!(ended(&gate.events).iter().any(|p| p.plate() == "豫B67890"));
}

#[test]
fn a_camera_away_for_half_a_minute_splits_no_passage() {
    for seed in 0..20 {
        for presence in [true, false] {
            let mut gate = Gate::front(seed);
            gate.presence = presence;
            gate.run(3.0);
            gate.arrive(Car::new("冀A12345", Manner::Stops(60.0)));
            gate.run(8.0);
            gate.run_blind(30.0, true);
            gate.drain(20.0);
            assert_plates(&gate.events, &["冀A12345"]);
        }
    }
}

#[test]
fn two_vehicles_before_and_after_a_gap_are_two_passages() {
    for seed in 0..20 {
        let mut gate = Gate::front(seed);
        gate.run(3.0);
        gate.arrive(Car::new("冀A12345", Manner::Stops(4.0)));
        gate.arrive(Car::new("豫B67890", Manner::Stops(60.0)));
        gate.run(9.0);
        gate.run_blind(30.0, true);
        gate.drain(20.0);
        assert_plates(&gate.events, &["冀A12345", "豫B67890"]);
    }
}

#[test]
fn a_camera_that_stays_away_times_its_vehicle_out() {
    let mut gate = Gate::front(9);
    gate.run(3.0);
    gate.arrive(Car::new("冀A12345", Manner::Stops(900.0)));
    gate.run(15.0);
    gate.run_blind(300.0, true);
    let all = assert_plates(&gate.events, &["冀A12345"]);
    let finished = all[0].finished.as_ref().expect("finished");
    assert_eq!(finished.outcome, Outcome::TimedOut);
}

#[test]
fn a_truck_still_there_when_the_camera_returns_after_minutes_is_not_counted_twice() {
    for presence in [true, false] {
        let mut gate = Gate::front(11);
        gate.presence = presence;
        gate.run(3.0);
        gate.arrive(Car::new("冀A12345", Manner::Stops(400.0)));
        gate.run(15.0);
        gate.run_blind(300.0, true);
        gate.drain(20.0);
        assert_plates(&gate.events, &["冀A12345"]);
    }
}

#[test]
fn frames_out_of_order_change_nothing() {
    let mut gate = Gate::front(10);
    gate.run(3.0);
    gate.arrive(stops("冀A12345"));
    let mut old = Vec::new();
    for i in 0..300 {
        let mut seen = gate.look();
        gate.frame();
        if i % 7 == 3 {
            seen.frame.at = gate.moment().at;
            old.push(seen);
        }
        if i % 20 == 10 {
            for late in old.drain(..) {
                assert!(gate.lane.observe(&late).is_empty());
            }
        }
    }
    assert_plates(&gate.events, &["冀A12345"]);
}

#[test]
fn one_that_had_driven_off_when_the_stream_ended_has_passed_and_one_that_had_not_is_timed_out() {
    for seed in 0..10 {
        for presence in [true, false] {
            for (away, left_s, outcome) in [
                (false, 4.0_f32, Outcome::Passed),
                (true, 4.0, Outcome::Passed),
                (false, -1.0, Outcome::TimedOut),
                (true, -1.0, Outcome::TimedOut),
            ] {
                let mut gate = Gate::front(seed);
                gate.presence = presence;
                gate.run(3.0);
                let mut truck = Car::new("冀A12345", Manner::Stops(4.0));
                truck.length = 16.0;
                gate.arrive(truck);
                while !gate.cars[0].leaving && gate.cars[0].stood < 4.0 + left_s.min(0.0) {
                    gate.frame();
                }
                gate.run(left_s.max(0.0));
                let over = |event: &LaneEvent| matches!(event, LaneEvent::Finished(_));
                assert!(!gate.events.iter().any(over), "its body fills the lane");
                if away {
                    gate.run_blind(300.0, true);
                } else {
                    gate.close();
                }
                let all = assert_plates(&gate.events, &["冀A12345"]);
                let finished = all[0].finished.as_ref().expect("finished");
                assert_eq!(finished.outcome, outcome, "{seed} {presence} {away}");
            }
        }
    }
}

//! One test for each thing that vehicles do at a gate.

use lane::{DecidedBecause, Heading, LaneEvent};
use passage::{Direction, Outcome};

use crate::cars::{Car, Manner};
use crate::passages::{assert_plates, collect, ended};
use crate::sim::Gate;

pub(crate) fn stops(plate: &str) -> Car {
    Car::new(plate, Manner::Stops(3.0))
}

#[test]
fn a_truck_that_stops_and_goes_is_one_passage() {
    let mut gate = Gate::front(1);
    gate.run(5.0);
    gate.arrive(stops("冀A12345"));
    gate.drain(8.0);
    let all = assert_plates(&gate.events, &["冀A12345"]);
    let decided = all[0].decided.as_ref().expect("decided");
    let finished = all[0].finished.as_ref().expect("finished");
    assert!(decided.accepted);
    assert_eq!(decided.because, DecidedBecause::Sure);
    assert_eq!(finished.outcome, Outcome::Passed);
    assert_eq!(finished.heading, Heading::Went(Direction::In));
    assert!(finished.growth > 2.0);
    let head = decided.head.as_ref().expect("a head photo");
    let on_photo = head.read.as_ref().map(|r| r.plate.as_str());
    assert_eq!(on_photo, Some("冀A12345"));
    assert!(finished.body.is_some());
}

#[test]
fn it_is_decided_while_it_stands_so_that_the_barrier_can_open() {
    for seed in 0..20 {
        let mut gate = Gate::front(seed);
        gate.run(3.0);
        gate.arrive(Car::new("冀A12345", Manner::Stops(30.0)));
        gate.run(15.0);
        let decided = |e: &LaneEvent| matches!(e, LaneEvent::Decided(d) if d.accepted);
        assert!(gate.events.iter().any(decided), "seed {seed}");
    }
}

#[test]
fn one_that_drives_through_without_stopping_is_one_passage() {
    for seed in 0..20 {
        let mut gate = Gate::front(seed);
        gate.run(3.0);
        gate.arrive(Car::new("豫B67890", Manner::Through));
        gate.drain(8.0);
        assert_plates(&gate.events, &["豫B67890"]);
    }
}

#[test]
fn one_that_waits_ten_minutes_is_one_passage_and_never_times_out() {
    let mut gate = Gate::front(2);
    gate.run(3.0);
    gate.arrive(Car::new("晋D24680", Manner::Stops(600.0)));
    gate.drain(8.0);
    let all = assert_plates(&gate.events, &["晋D24680"]);
    let finished = all[0].finished.as_ref().expect("finished");
    assert_eq!(finished.outcome, Outcome::Passed);
}

#[test]
fn one_that_backs_out_is_one_passage_that_did_not_pass() {
    for presence in [true, false] {
        let mut gate = Gate::front(3);
        gate.presence = presence;
        gate.run(3.0);
        gate.arrive(Car::new("鲁E13579", Manner::BacksOut(3.0)));
        gate.drain(30.0);
        let all = assert_plates(&gate.events, &["鲁E13579"]);
        let finished = all[0].finished.as_ref().expect("finished");
        assert_eq!(finished.outcome, Outcome::BackedOut);
    }
}

#[test]
fn two_that_follow_closely_are_two_passages_each_decided_at_the_front() {
    for seed in 0..20 {
        let mut gate = Gate::front(seed);
        gate.run(3.0);
        gate.arrive(stops("冀A11111"));
        gate.arrive(stops("豫B22222"));
        gate.drain(8.0);
        let all = assert_plates(&gate.events, &["冀A11111", "豫B22222"]);
        let second = all[1].decided.as_ref().expect("decided").decided;
        let first = all[0].decided.as_ref().expect("decided").decided;
        assert!(second.at.since(first.at).as_secs() >= 2);
    }
}

#[test]
fn neighbour_numbers_of_one_fleet_that_follow_closely_are_two_passages() {
    for seed in 0..20 {
        for presence in [true, false] {
            let mut gate = Gate::front(seed);
            gate.presence = presence;
            gate.run(3.0);
            gate.arrive(stops("冀A12345"));
            gate.arrive(stops("冀A12346"));
            gate.drain(20.0);
            assert_plates(&gate.events, &["冀A12345", "冀A12346"]);
        }
    }
}

#[test]
fn a_queue_of_five_is_five_passages_in_order() {
    let plates = ["冀A11111", "豫B22222", "晋D33333", "鲁E44444", "京A55555"];
    for seed in 0..10 {
        for presence in [true, false] {
            let mut gate = Gate::front(seed);
            gate.presence = presence;
            gate.run(3.0);
            for plate in plates {
                gate.arrive(Car::new(plate, Manner::Stops(8.0)));
            }
            gate.drain(20.0);
            assert_plates(&gate.events, &plates);
        }
    }
}

#[test]
fn a_tractor_and_its_trailer_are_one_passage_with_both_plates() {
    for seed in 0..20 {
        for presence in [true, false] {
            let mut gate = Gate::front(seed);
            gate.presence = presence;
            gate.run(3.0);
            let mut car = stops("新A13579");
            (car.length, car.trailer) = (14.0, Some("新A1357挂".to_owned()));
            gate.arrive(car);
            gate.drain(20.0);
            let all = assert_plates(&gate.events, &["新A13579"]);
            let finished = all[0].finished.as_ref().expect("finished");
            let trailer = finished.trailer.as_ref().map(|t| t.plate.as_str());
            assert_eq!(trailer, Some("新A1357挂"), "seed {seed}, {presence}");
        }
    }
}

#[test]
fn seen_from_the_rear_plates_shrink_and_each_vehicle_is_one_passage() {
    for seed in 0..20 {
        for presence in [true, false] {
            let mut gate = Gate::rear(seed);
            gate.presence = presence;
            gate.run(3.0);
            gate.arrive(stops("皖A11223"));
            gate.arrive(Car::new("闽B33445", Manner::Through));
            gate.arrive(stops("赣C5566挂"));
            gate.drain(20.0);
            let all = assert_plates(&gate.events, &["皖A11223", "闽B33445", "赣C5566挂"]);
            for passage in &all {
                let finished = passage.finished.as_ref().expect("finished");
                assert_eq!(finished.outcome, Outcome::Passed);
                assert_eq!(finished.heading, Heading::Went(Direction::Out));
                assert!(finished.growth < 0.8, "{seed} {presence} {finished:?}");
                let body = finished
                    .body
                    .as_ref()
                    .and_then(|b| b.quad)
                    .expect("its body");
                let head = passage.decided.as_ref().and_then(|d| d.head.clone());
                let nearest = head.and_then(|h| h.quad).expect("its head").width();
                let share = body.width() / nearest;
                assert!((0.4..1.1).contains(&share), "{seed} {presence}: {share}");
            }
            let last = all[2].finished.as_ref().expect("finished");
            assert!(last.trailer.is_some());
        }
    }
}

#[test]
fn a_number_painted_large_on_the_body_is_no_second_vehicle() {
    for seed in 0..20 {
        for presence in [true, false] {
            let mut gate = Gate::rear(seed);
            gate.presence = presence;
            gate.run(3.0);
            let mut car = stops("湘A24680");
            car.painted = true;
            gate.arrive(car);
            gate.drain(20.0);
            assert_plates(&gate.events, &["湘A24680"]);
        }
    }
}

#[test]
fn a_grille_that_reads_like_a_plate_is_no_second_vehicle() {
    for seed in 0..20 {
        for presence in [true, false] {
            let mut gate = Gate::front(seed);
            gate.presence = presence;
            gate.run(3.0);
            let mut car = stops("新L19547");
            car.barred = true;
            gate.arrive(car);
            gate.arrive(stops("湘A24680"));
            gate.drain(20.0);
            assert_plates(&gate.events, &["新L19547", "湘A24680"]);
        }
    }
}

#[test]
fn the_same_truck_that_comes_again_is_a_new_passage() {
    for presence in [true, false] {
        let mut gate = Gate::front(6);
        gate.presence = presence;
        for _ in 0..3 {
            gate.run(10.0);
            gate.arrive(stops("冀A12345"));
            gate.drain(0.0);
        }
        gate.run(10.0);
        assert_plates(&gate.events, &["冀A12345", "冀A12345", "冀A12345"]);
    }
}

#[test]
fn one_that_backed_out_and_comes_again_is_two_passages() {
    let mut gate = Gate::front(7);
    gate.run(3.0);
    gate.arrive(Car::new("甘A86420", Manner::BacksOut(3.0)));
    gate.drain(6.0);
    gate.arrive(stops("甘A86420"));
    gate.drain(8.0);
    assert_plates(&gate.events, &["甘A86420", "甘A86420"]);
}

#[test]
fn a_truck_in_mud_that_comes_from_where_one_backed_out_to_is_a_passage_of_its_own() {
    for seed in 0..20 {
        for presence in [true, false] {
            let mut gate = Gate::front(seed);
            gate.presence = presence;
            gate.run(3.0);
            gate.arrive(Car::new("甘A86420", Manner::BacksOut(3.0)));
            gate.drain(0.0);
            let mut muddy = stops("宁A24680");
            (muddy.clean, muddy.legible) = (0.3, 0.15);
            gate.arrive(muddy);
            gate.cars[0].gap = 20.0;
            gate.drain(30.0);
            let all = ended(&gate.events);
            assert_eq!(all.len(), 2, "{seed} {presence}");
            let finished = all[0].finished.as_ref().expect("finished");
            assert_eq!(finished.outcome, Outcome::BackedOut);
            assert!(!all[1].accepted());
        }
    }
}

#[test]
fn one_still_there_at_the_end_of_the_stream_is_committed() {
    let mut gate = Gate::front(8);
    gate.run(3.0);
    gate.arrive(Car::new("冀A12345", Manner::Stops(60.0)));
    gate.run(15.0);
    gate.close();
    let all = assert_plates(&gate.events, &["冀A12345"]);
    let finished = all[0].finished.as_ref().expect("finished");
    assert_eq!(finished.outcome, Outcome::TimedOut);
}

#[test]
fn at_a_stop_of_the_daemon_what_is_sure_is_committed_and_the_rest_is_lost() {
    for (clean, sure) in [(0.985, true), (0.5, false)] {
        let mut gate = Gate::front(9);
        gate.run(3.0);
        let mut car = Car::new("冀A12345", Manner::Stops(60.0));
        car.clean = clean;
        gate.arrive(car);
        gate.run(5.0);
        let now = gate.moment();
        let events = gate.lane.suspend(now);
        gate.events.extend(events);
        let all = collect(&gate.events);
        let passage = all.values().next().expect("one vehicle");
        assert_eq!(passage.decided.is_some(), sure);
        assert_eq!(passage.lost, !sure);
        assert!(passage.finished.is_none());
    }
}

//! Days of mixed traffic, and input that no camera sends.

use lane::{Lane, Moment, Presence, Sighting};
use passage::Outcome;
use proptest::prelude::*;

use crate::cars::{Car, Manner};
use crate::dice::Dice;
use crate::passages::{Passage, collect, ended};
use crate::seeing::thing;
use crate::sim::Gate;

/// What the truth says of one vehicle.
#[derive(Debug)]
struct Truth {
    plate: String,
    readable: bool,
    backs_out: bool,
}

fn anyone(dice: &mut Dice) -> (Car, Truth) {
    let manner = match dice.below(20) {
        0..=2 => Manner::Through,
        3 => Manner::BacksOut(dice.between(1.0, 6.0)),
        4 => Manner::Stops(dice.between(20.0, 60.0)),
        _ => Manner::Stops(dice.between(1.5, 5.0)),
    };
    let mut car = Car::new(&dice.plate(), manner);
    car.length = dice.between(3.9, 14.0);
    car.lateral = dice.between(-0.4, 0.4);
    let mut readable = true;
    match dice.below(20) {
        0 => {
            car.plate = String::new();
            readable = false;
        }
        1 => {
            (car.clean, car.legible) = (0.4, 0.15);
            readable = false;
        }
        2 => car.clean = 0.85,
        3 if manner != Manner::Through => {
            let from = dice.between(0.0, 1.0);
            car.covered = (from, from + dice.between(2.0, 8.0));
        }
        _ => {}
    }
    let truth = Truth {
        plate: car.plate.clone(),
        readable,
        backs_out: matches!(manner, Manner::BacksOut(_)),
    };
    (car, truth)
}

/// Runs `vehicles` vehicles past `gate` and compares.
pub(crate) fn traffic(mut gate: Gate, vehicles: usize, alone: bool) {
    gate.extras = vec![thing("京A88123", 1500.0, 300.0, 90.0, 0.4, 0.2)];
    gate.run(20.0);
    let mut truths = Vec::new();
    while truths.len() < vehicles {
        let (car, truth) = anyone(&mut gate.dice);
        // Nobody can tell a vehicle without a plate from the body of the one it touches, and
        // nobody backs out of a queue.
        let apart = alone || !truth.readable || truth.backs_out;
        if apart || gate.dice.chance(0.5) {
            gate.drain(4.0);
            let pause = gate.dice.between(0.0, 6.0);
            // Where the camera rests the lane is left alone for longer.
            gate.run(if gate.rest.is_some() {
                8.0 * pause
            } else {
                pause
            });
        }
        gate.arrive(car);
        truths.push(truth);
        if apart {
            gate.drain(4.0);
        }
        gate.run(2.0);
    }
    gate.drain(20.0);
    gate.close();
    if let Some(rest) = &gate.rest {
        let share = rest.left_out as f32 / gate.frames as f32;
        assert!(share > 0.2, "only {share} of all pictures were left out");
    }

    let all = ended(&gate.events);
    let known = |plate: &String| truths.iter().any(|t| t.plate == *plate);
    let others: Vec<String> = all
        .iter()
        .map(Passage::plate)
        .filter(|p| !known(p))
        .collect();
    let unlike =
        |(passage, truth): (&Passage, &Truth)| truth.readable && passage.plate() != truth.plate;
    let apart = all.iter().zip(&truths).skip_while(|both| !unlike(*both));
    let apart: Vec<String> = apart
        .take(4)
        .map(|(passage, truth)| {
            format!(
                "{truth:?}, told {:?} at {:?}",
                passage.plate(),
                passage.decided.as_ref().map(|d| d.entered.at)
            )
        })
        .collect();
    assert_eq!(
        all.len(),
        truths.len(),
        "one passage for each vehicle; nobody had {others:?}; from {apart:#?}"
    );
    let mut wrong = Vec::new();
    let (mut right, mut accepted_wrong, mut readable) = (0_u32, 0_u32, 0_u32);
    for (n, (passage, truth)) in all.iter().zip(&truths).enumerate() {
        let outcome = passage.finished.as_ref().expect("finished").outcome;
        let plate = passage.plate();
        let expected = if truth.backs_out {
            Outcome::BackedOut
        } else {
            Outcome::Passed
        };
        if truth.readable {
            readable += 1;
            right += u32::from(plate == truth.plate);
            accepted_wrong += u32::from(passage.accepted() && plate != truth.plate);
        }
        if (truth.readable && outcome != expected) || (!truth.readable && passage.accepted()) {
            wrong.push(format!("{n}: {truth:?}, but {outcome:?} {plate}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        accepted_wrong * 500 <= readable,
        "{accepted_wrong} of {readable} accepted and wrong"
    );
    assert!(
        right * 1000 >= readable * 985,
        "{right} of {readable} right"
    );
}

#[test]
fn hours_of_mixed_traffic_give_one_passage_for_each_vehicle() {
    for (seed, vehicles) in [(11, 400), (12, 300), (13, 300), (17, 300), (18, 300)] {
        traffic(Gate::front(seed), vehicles, false);
    }
}

#[test]
fn hours_of_mixed_traffic_seen_from_the_rear_give_one_passage_for_each_vehicle() {
    traffic(Gate::rear(12), 200, true);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_input_breaks_a_lane_and_whatever_enters_ends_once(
        seed in any::<u64>(),
        frames in 10_usize..300,
    ) {
        let mut dice = Dice::new(seed);
        let mut gate = Gate::front(seed);
        let texts = ["冀A12345", "冀A12346", "冀A1234挂", "", "WJ京1234X"];
        let mut events = Vec::new();
        let odd = [f32::NAN, f32::INFINITY, -1.0, 0.0, 1e30];
        for _ in 0..frames {
            gate.now_ms = match dice.below(30) {
                0 => dice.below(1 << 20) as u64,
                1 => gate.now_ms + dice.below(400_000) as u64,
                _ => gate.now_ms + dice.below(300) as u64,
            };
            let mut seen = gate.look();
            for _ in 0..dice.below(6) {
                let (x, y) = (dice.between(-50.0, 1950.0), dice.between(-50.0, 1100.0));
                let width = dice.between(1.0, 400.0);
                let p = dice.between(0.02, 0.99);
                let mut sighting = thing(texts[dice.below(5)], x, y, width, p, dice.share());
                mangle(&mut sighting, &mut dice, &odd);
                seen.sightings.push(sighting);
            }
            let mut level = || if dice.chance(0.05) { odd[dice.below(5)] } else { dice.share() };
            let (occupied, moving) = (level(), level());
            seen.presence = dice.chance(0.9).then_some(Presence { occupied, moving });
            events.extend(gate.lane.observe(&seen));
            if dice.chance(0.05) {
                let later = gate.now_ms + dice.below(200_000) as u64;
                events.extend(gate.lane.tick(crate::sim::moment(later)));
            }
        }
        let now = gate.moment();
        events.extend(end(&mut gate.lane, now, dice.chance(0.5)));
        let all = collect(&events);
        for (id, passage) in &all {
            let ends = passage.finished.is_some() || passage.lost || passage.decided.is_some();
            prop_assert!(ends, "{id:?} is open");
        }
    }
}

fn end(lane: &mut Lane, now: Moment, close: bool) -> Vec<lane::LaneEvent> {
    if close {
        lane.close(now)
    } else {
        lane.suspend(now)
    }
}

fn mangle(sighting: &mut Sighting, dice: &mut Dice, odd: &[f32]) {
    if dice.chance(0.1) {
        sighting.quad.0[dice.below(4)].x = odd[dice.below(odd.len())];
    }
    if dice.chance(0.1) {
        sighting.quality = odd[dice.below(odd.len())];
    }
    if dice.chance(0.1) {
        sighting.quad.0.swap(0, 2);
    }
}

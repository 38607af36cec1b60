use proptest::prelude::*;

use super::*;
use crate::format::Unusable;

const STEP: Duration = Duration::from_millis(100);

/// A platform and a display that shows something ten times a second.
struct Trial {
    deck: Deck,
    now: Instant,
    passed: Duration,
    events: Vec<Event>,
}

impl Trial {
    fn new() -> Self {
        let settings = DeckSettings {
            minimum_kg: 1000,
            stable_for: Duration::from_secs(3),
            tolerance_kg: 20,
        };
        Self {
            deck: Deck::new(settings),
            now: Instant::now(),
            passed: Duration::ZERO,
            events: Vec::new(),
        }
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        self.passed += time;
    }

    fn read(&mut self, reading: WeightReading) {
        self.wait(STEP);
        let at = clock(self.passed);
        self.events.extend(self.deck.take(reading, self.now, at));
    }

    fn shows(&mut self, kg: i64, seconds: u64) -> &mut Self {
        for _ in 0..seconds * 10 {
            self.read(WeightReading::Mass { kg, moving: false });
        }
        self
    }

    fn climbs(&mut self, from: i64, to: i64) -> &mut Self {
        for step in 1..10 {
            let kg = from + (to - from) * step / 10;
            self.read(WeightReading::Mass { kg, moving: false });
        }
        self
    }

    fn masses(&self) -> Vec<i64> {
        let weighed = self.events.iter().filter_map(|event| match event {
            Event::Weighed(weighed) => Some(weighed.kg),
            _ => None,
        });
        weighed.collect()
    }
}

fn clock(passed: Duration) -> Timestamp {
    let start: Timestamp = "2026-03-01T08:00:00Z".parse().expect("a time");
    start + jiff::SignedDuration::try_from(passed).expect("short")
}

#[test]
fn a_vehicle_is_weighed_once_when_it_has_left() {
    let mut trial = Trial::new();
    trial.shows(0, 5).climbs(0, 49_020).shows(49_020, 60);
    assert_eq!(trial.events, [], "not before it has left");
    trial.climbs(49_020, 0).shows(0, 60);
    let rested = clock(Duration::from_millis(5000 + 1000));
    let weighed = Weighed {
        kg: 49_020,
        at: rested,
    };
    assert_eq!(trial.events, [Event::Weighed(weighed)]);
    trial.climbs(0, 17_500).shows(17_500, 4).shows(0, 2);
    assert_eq!(trial.masses(), [49_020, 17_500]);
}

#[test]
fn an_axle_beside_the_platform_and_a_driver_who_steps_down_do_not_count() {
    let mut trial = Trial::new();
    trial.shows(0, 2).shows(21_000, 5).climbs(21_000, 49_020);
    trial.shows(49_020, 5).shows(48_940, 10).shows(30_000, 8);
    trial.shows(0, 2);
    assert_eq!(trial.masses(), [49_020]);
}

#[test]
fn a_vehicle_that_does_not_stand_still_is_not_weighed() {
    let mut trial = Trial::new();
    trial.shows(0, 2);
    for n in 0..100 {
        trial.shows(40_000 + n % 2 * 60, 1);
    }
    trial.shows(0, 2);
    assert_eq!(trial.events, [Event::Restless]);
    // The indicator's own word counts as well, and frames that tell no mass.
    for reading in [
        WeightReading::Mass {
            kg: 40_000,
            moving: true,
        },
        WeightReading::Unusable(Unusable::NotGross),
    ] {
        let mut trial = Trial::new();
        trial.shows(0, 2);
        for _ in 0..50 {
            trial.shows(40_000, 2);
            trial.read(reading);
        }
        trial.shows(0, 2);
        assert_eq!(trial.events, [Event::Restless], "{reading:?}");
    }
}

#[test]
fn a_flicker_to_zero_makes_no_second_vehicle() {
    let mut trial = Trial::new();
    trial.shows(0, 2).shows(49_020, 5);
    for _ in 0..5 {
        trial.read(WeightReading::Mass {
            kg: 0,
            moving: false,
        });
    }
    trial.shows(49_020, 5).shows(0, 2);
    assert_eq!(trial.masses(), [49_020]);
}

#[test]
fn what_stood_there_at_the_start_is_not_weighed() {
    let mut trial = Trial::new();
    trial.shows(49_020, 60).shows(0, 2);
    assert_eq!(trial.events, []);
    trial.shows(20_000, 5).shows(0, 2);
    assert_eq!(trial.masses(), [20_000]);
}

#[test]
fn after_a_silence_the_same_mass_is_the_same_vehicle_and_another_is_not_weighed() {
    for (after, weighed) in [(49_000, vec![49_020]), (0, vec![49_020]), (30_000, vec![])] {
        let mut trial = Trial::new();
        trial.shows(0, 2).shows(49_020, 5);
        trial.wait(Duration::from_secs(60));
        trial.shows(after, 5).shows(0, 3);
        assert_eq!(trial.masses(), weighed, "{after}");
        trial.shows(20_000, 5).shows(0, 2);
        assert_eq!(trial.masses().last(), Some(&20_000));
    }
    // Nothing was seen to come: it may be leaving.
    let mut trial = Trial::new();
    trial.shows(0, 2);
    trial.wait(Duration::from_secs(60));
    trial.shows(30_000, 5).shows(0, 2);
    assert_eq!(trial.masses(), [0_i64; 0]);
}

#[test]
fn a_clock_that_is_set_back_changes_no_weighing() {
    let mut trial = Trial::new();
    trial.shows(0, 2).shows(49_020, 2);
    trial.passed = Duration::ZERO;
    trial.shows(49_020, 2).shows(0, 2);
    assert_eq!(trial.masses(), [49_020]);
}

proptest! {
    #[test]
    fn any_row_of_vehicles_is_weighed_one_by_one(
        masses in prop::collection::vec(2_000_i64..100_000, 0..12),
        noise in prop::collection::vec(-10_i64..=10, 40),
    ) {
        let mut trial = Trial::new();
        trial.shows(0, 2);
        for kg in &masses {
            trial.climbs(0, *kg);
            for wander in &noise {
                trial.read(WeightReading::Mass { kg: kg + wander, moving: false });
            }
            trial.climbs(*kg, 0).shows(0, 2);
        }
        let weighed = trial.masses();
        prop_assert_eq!(weighed.len(), masses.len());
        for (weighed, kg) in weighed.iter().zip(&masses) {
            prop_assert!((weighed - kg).abs() <= 30, "{} for {}", weighed, kg);
        }
    }
}

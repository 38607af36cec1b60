//! What other rules would have decided of passages that are over.

use std::sync::Arc;

use jiff::Timestamp;
use ledger::{Filter, Reader};
use passage::{Decision, PassageView, Verdict};
use policy::{InForce, Rulebook, SeenVehicle, Strategy, Vehicles, facts_of};

/// Changed passages that are kept whole; the others are counted.
const KEPT: usize = 500;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Replay {
    /// Passages that were looked at. Those from paper were never decided.
    pub looked_at: u64,
    /// Of these, how many would have been decided otherwise.
    pub changed: u64,
    /// Of the changed ones, how many would not have passed that did, by what is decided now.
    pub denied: u64,
    /// And how many the guard would have been asked about.
    pub asked: u64,
    /// And how many would have passed that did not.
    pub allowed: u64,
    /// The first five hundred of them, oldest first.
    pub passages: Vec<Changed>,
}

/// A passage that would have been decided otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The passage.
    pub passage: PassageView,
    /// What it is compared with.
    pub before: (Verdict, String),
    /// What would have been decided.
    pub now: Decision,
}

/// Decides the passages that `filter` finds once more: by `rules`, with what the register held at
/// their time. They are compared with what was decided then, or with what `without` decides. How often
/// visitors came that day is not counted again.
///
/// # Errors
/// What the ledger's reader says.
pub fn replay(
    reader: &Reader,
    filter: &Filter,
    rules: &Rulebook,
    without: Option<&Rulebook>,
) -> ledger::Result<Replay> {
    let filter = Filter {
        oldest_first: true,
        ..filter.clone()
    };
    let mut replay = Replay::default();
    reader.each(&filter, |passage| {
        if passage.paper.is_none() {
            replay.looked_at += 1;
            let now = decide(rules, &passage);
            let before = match without {
                Some(without) => {
                    let before = decide(without, &passage);
                    (before.verdict, before.reason.as_str().to_owned())
                }
                None => (passage.decision, passage.reason.clone()),
            };
            if before.0 != now.verdict {
                replay.count(passage, before, now);
            }
        }
        true
    })?;
    Ok(replay)
}

/// These rules with one strategy more, in force from then on without an end: what it would have changed
/// when it had been in force.
#[must_use]
pub fn trial(rules: &Rulebook, strategy: Strategy, from: Timestamp) -> Rulebook {
    let mut strategies = rules.strategies().to_vec();
    strategies.push(InForce {
        key: String::new(),
        by: String::new(),
        since: from,
        rule: Strategy {
            from,
            until: None,
            ..strategy
        },
    });
    rules.with_strategies(strategies)
}

impl Replay {
    fn count(&mut self, passage: PassageView, before: (Verdict, String), now: Decision) {
        self.changed += 1;
        match now.verdict {
            Verdict::Deny => self.denied += 1,
            Verdict::Ask => self.asked += 1,
            Verdict::Allow => self.allowed += 1,
        }
        if self.passages.len() < KEPT {
            self.passages.push(Changed {
                passage,
                before,
                now,
            });
        }
    }
}

/// As the gate would have decided: on what was read first, not on what people know by now.
fn decide(rules: &Rulebook, passage: &PassageView) -> Decision {
    let read = passage.first_reading.as_ref().unwrap_or(&passage.reading);
    let mut vehicles = Vehicles::default();
    if let Some(vehicle) = &passage.vehicle {
        vehicles.set(&vehicle.identity, Some(facts_of(&vehicle.values)));
    }
    let seen = SeenVehicle {
        accepted: read.recognised,
        lane: &passage.lane,
        direction: Some(passage.direction),
        entries_today: Some(0),
        ..SeenVehicle::sure(&read.plate, read.color)
    };
    let rules = rules.with_vehicles(Arc::new(vehicles));
    rules.decide(seen, passage.decided_at)
}

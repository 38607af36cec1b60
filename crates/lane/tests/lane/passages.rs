//! Events put together again, one passage for each vehicle, with the rules that always hold.

use std::collections::BTreeMap;

use lane::{LaneEvent, VehicleDecided, VehicleFinished, VehicleId};

/// One vehicle's events.
#[derive(Debug, Default)]
pub(crate) struct Passage {
    pub(crate) entered: bool,
    pub(crate) decided: Option<VehicleDecided>,
    pub(crate) finished: Option<VehicleFinished>,
    pub(crate) lost: bool,
}

impl Passage {
    /// The plate the row shows in the end.
    pub(crate) fn plate(&self) -> String {
        let better = self.finished.as_ref().and_then(|f| f.better.as_ref());
        let read = better
            .map(|b| &b.read)
            .or(self.decided.as_ref().and_then(|d| d.read.as_ref()));
        read.map(|r| r.plate.clone()).unwrap_or_default()
    }

    /// Whether a person need not look at it.
    pub(crate) fn accepted(&self) -> bool {
        let better = self.finished.as_ref().and_then(|f| f.better.as_ref());
        better.map_or(self.decided.as_ref().is_some_and(|d| d.accepted), |b| {
            b.accepted
        })
    }
}

/// Collects `events` and checks that each vehicle's come once and in order.
pub(crate) fn collect(events: &[LaneEvent]) -> BTreeMap<VehicleId, Passage> {
    let mut all: BTreeMap<VehicleId, Passage> = BTreeMap::new();
    for event in events {
        let Some(id) = event.vehicle() else {
            continue;
        };
        let known = all.contains_key(&id);
        let p = all.entry(id).or_default();
        assert!(!p.lost && p.finished.is_none(), "{id:?} had ended");
        match event {
            LaneEvent::Entered { .. } => {
                assert!(!known, "{id:?} entered twice");
                p.entered = true;
            }
            LaneEvent::Decided(d) => {
                assert!(p.entered && p.decided.is_none(), "{id:?} decided twice");
                assert!(d.entered.at <= d.decided.at);
                p.decided = Some((**d).clone());
            }
            LaneEvent::Finished(f) => {
                assert!(p.decided.is_some() || !known, "{id:?} finished undecided");
                p.finished = Some((**f).clone());
            }
            LaneEvent::NotCounted(_) => {}
            LaneEvent::Lost { .. } => {
                assert!(p.decided.is_none(), "{id:?} lost after its decision");
                p.lost = true;
            }
        }
    }
    all
}

/// The passages, each of which must have ended, in order of entering.
pub(crate) fn ended(events: &[LaneEvent]) -> Vec<Passage> {
    let mut all: Vec<Passage> = collect(events).into_values().collect();
    all.sort_by_key(|p| p.decided.as_ref().map(|d| d.entered.at));
    for p in &all {
        assert!(p.finished.is_some() || p.lost, "open at the end: {p:?}");
    }
    all
}

/// Asserts that these plates passed, each once, in this order.
#[track_caller]
pub(crate) fn assert_plates(events: &[LaneEvent], plates: &[&str]) -> Vec<Passage> {
    let all = ended(events);
    let found: Vec<String> = all.iter().map(Passage::plate).collect();
    assert_eq!(found, plates);
    all
}

//! Lifts by persons, those past the program told from inputs: each is an alarm, tied to the passage that follows or found to be without one.

use std::collections::BTreeMap;
use std::time::Duration;

use alarm::{Cause, CauseKind};
use gate::{Input, InputEvent};
use jiff::{SignedDuration, Timestamp};
use ledger::Reader;
use passage::{LiftId, LiftStep, LiftStepView, LiftView, LiftWay, NewLift, Outcome, PassageView};

/// How long after a vehicle's time to pass it is waited for one that still stands in the lane.
const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// An arm that rises so soon after our order was raised by it: the slowest arms take 8 s.
const OURS: Duration = Duration::from_secs(15);
/// Both switches of an arm tell of one lift, seconds apart.
const SAME: SignedDuration = SignedDuration::from_secs(20);

/// Arms that rise without an order of ours.
#[derive(Debug, Default)]
pub(crate) struct ByHand {
    /// When each lane's arm was last found raised so.
    last: BTreeMap<String, Timestamp>,
}

impl ByHand {
    /// The lift that a change of inputs is: the arm left its lower switch, or reached the upper one, and nobody
    /// had told it to. A state that was not known before tells nothing.
    pub(crate) fn lift(&mut self, event: &InputEvent) -> Option<NewLift> {
        let rises = matches!(
            (event.input, event.before, event.level),
            (Input::ArmUp, Some(false), Some(true)) | (Input::ArmDown, Some(true), Some(false))
        );
        let is_ours = event.since_raise.is_some_and(|since| since <= OURS);
        if !rises || is_ours {
            return None;
        }
        let last = self.last.insert(event.lane.clone(), event.at);
        if last.is_some_and(|last| event.at.duration_since(last) <= SAME) {
            return None;
        }
        Some(NewLift {
            lane: event.lane.clone(),
            entrance: event.entrance.clone(),
            barrier: event.barrier.clone(),
            way: LiftWay::Unknown,
            who: String::new(),
            why: String::new(),
            at: event.at,
        })
    }
}

/// The alarm that a lift is.
pub(crate) fn cause(lift: &LiftView) -> Cause {
    about(CauseKind::ManualLift, lift).with(lift.lift.way)
}

/// The alarm that a lift without a vehicle is.
pub(crate) fn unused_cause(lift: &LiftView) -> Cause {
    about(CauseKind::LiftUnused, lift).with(lift.lift.way)
}

fn about(kind: CauseKind, lift: &LiftView) -> Cause {
    Cause::of(kind, &lift.id.to_string()).in_lane(&lift.lift.lane)
}

/// The lift by which a passage that ended got through, with what to keep of it: the first of its lane that
/// was in time and has no passage yet; those `used` have one.
pub(crate) fn of_passage(
    reader: &Reader,
    passage: &PassageView,
    window: SignedDuration,
    used: &[LiftId],
) -> ledger::Result<Option<(LiftId, LiftStepView)>> {
    let Some(end) = passage
        .finished
        .filter(|end| end.outcome == Outcome::Passed)
    else {
        return Ok(None);
    };
    let in_time = |lift: &&LiftView| {
        let at = lift.lift.at;
        let is_free = lift.lift.lane == passage.lane && !used.contains(&lift.id);
        is_free && at <= end.at && end.at.duration_since(at) <= window
    };
    let open = reader.open_lifts()?;
    Ok(open.iter().find(in_time).map(|lift| {
        let step = LiftStepView {
            step: LiftStep::Passed,
            at: end.at,
            passage: Some(passage.id),
            detail: String::new(),
        };
        (lift.id, step)
    }))
}

/// Lifts whose time is over and that no vehicle used: nothing stands in their lane either.
pub(crate) fn unused(
    reader: &Reader,
    window: SignedDuration,
    now: Timestamp,
) -> ledger::Result<Vec<LiftView>> {
    let mut lifts = reader.open_lifts()?;
    lifts.retain(|lift| now.duration_since(lift.lift.at) > window + GRACE);
    if lifts.is_empty() {
        return Ok(lifts);
    }
    let standing = reader.open_passages()?;
    lifts.retain(|lift| !standing.iter().any(|p| p.lane == lift.lift.lane));
    Ok(lifts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(input: Input, level: bool, since_raise: Option<u64>, at_s: i64) -> InputEvent {
        InputEvent {
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            input,
            level: Some(level),
            before: Some(!level),
            at: Timestamp::from_second(1_772_352_000 + at_s).expect("a time"),
            since_raise: since_raise.map(Duration::from_secs),
        }
    }

    #[test]
    fn an_arm_that_rises_without_our_order_is_one_lift_however_many_switches_tell() {
        let mut by_hand = ByHand::default();
        let mut lifts = |event: InputEvent| by_hand.lift(&event).is_some();
        assert!(
            !lifts(event(Input::ArmUp, true, Some(3), 0)),
            "by our order"
        );
        assert!(
            !lifts(event(Input::ArmDown, true, None, 30)),
            "it comes down"
        );
        assert!(!lifts(event(Input::Loop, true, None, 40)));
        assert!(lifts(event(Input::ArmDown, false, Some(300), 60)));
        assert!(
            !lifts(event(Input::ArmUp, true, Some(302), 62)),
            "the same lift"
        );
        assert!(
            lifts(event(Input::ArmDown, false, None, 120)),
            "another one"
        );
        let unknown = InputEvent {
            before: None,
            ..event(Input::ArmUp, true, None, 300)
        };
        assert!(!lifts(unknown), "it may have been up for hours");
    }
}

//! Causes that a passage is.

use alarm::{Cause, CauseKind};
use jiff::SignedDuration;
use passage::{Outcome, PassageView, Verdict};

/// Rules by which anybody is denied who is not listed: on a site that lets only listed vehicles in, a
/// stranger who is turned away is no alarm. Names of [`passage::Reason`].
const DEFAULTS: [&str; 4] = [
    "read_denied",
    "no_plate_denied",
    "uncertain_denied",
    "allow_not_valid",
];

/// The alarm that a passage is when it was decided: a vehicle came that a list or a strategy denies.
pub(crate) fn when_decided(passage: &PassageView) -> Option<Cause> {
    let denied = passage.decision == Verdict::Deny && passage.paper.is_none();
    if !denied || DEFAULTS.contains(&passage.reason.as_str()) {
        return None;
    }
    Some(about(CauseKind::DeniedCame, passage))
}

/// The alarm that a passage is when it ended: a denied vehicle passed, perhaps close behind the one
/// before it in its lane.
pub(crate) fn when_finished(
    passage: &PassageView,
    before: Option<&PassageView>,
    close: SignedDuration,
) -> Option<Cause> {
    let finished = passage.finished?;
    let denied = passage.decision == Verdict::Deny && passage.paper.is_none();
    if !denied || finished.outcome != Outcome::Passed {
        return None;
    }
    let followed = before.is_some_and(|before| {
        before.decision == Verdict::Allow
            && before.finished.is_some_and(|end| {
                end.outcome == Outcome::Passed && finished.at.duration_since(end.at).abs() <= close
            })
    });
    // Through a gate that is held open nobody has to follow anybody.
    if passage.hold.is_some() {
        return Some(about(CauseKind::DeniedPassed, passage).at_held_gate());
    }
    let kind = if followed {
        CauseKind::Followed
    } else {
        CauseKind::DeniedPassed
    };
    Some(about(kind, passage))
}

fn about(kind: CauseKind, passage: &PassageView) -> Cause {
    let detail = match passage.grounds.detail.as_str() {
        "" => passage.reason.as_str(),
        detail => detail,
    };
    Cause {
        passage: Some(passage.id),
        plate: passage.reading.plate.clone(),
        ..Cause::of(kind, &passage.id.to_string())
            .in_lane(&passage.lane)
            .with(detail)
    }
}

//! A guard raises an arm through the program: kept with who and why before the arm moves.

use gate::Lift;
use jiff::Timestamp;
use passage::{LiftId, LiftStep, LiftStepView, LiftWay, NewLift};
use words::Key;

use crate::{Done, Refused, Site, Writes, arm};

/// Keeps the lift, raises the arm of the lane, and keeps what came of it.
pub(crate) fn lift(
    lane: &str,
    (who, why): (String, String),
    site: &Site,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let place = arm::place(lane, site)?;
    let hand = arm::hand(lane, site)?;
    let lift = NewLift {
        lane: lane.to_owned(),
        entrance: place.entrance.clone(),
        barrier: place.barrier.clone(),
        way: LiftWay::Software,
        who,
        why,
        at: now,
    };
    let id = kept(lift, writes)?;
    let place = [lane, &place.entrance, &place.barrier];
    let raised = hand.raise_blocking(Lift::by_person(format!("lift-{id}"), place));
    let step = match &raised {
        Ok(done) if done.is_confirmed() => LiftStep::Obeyed,
        _ => LiftStep::Failed,
    };
    let detail = raised.as_ref().err().map_or("", |alarm| alarm.kind.code());
    let became = LiftStepView {
        step,
        at: Timestamp::now(),
        passage: None,
        detail: detail.to_owned(),
    };
    writes.write(Box::new(move |writer| {
        writer.step_lift(id, &became)?;
        Ok(Done::Lifted(id))
    }))?;
    raised
        .map(|_| Done::Lifted(id))
        .map_err(|alarm| arm::unconfirmed(&alarm, place[2]))
}

fn kept(lift: NewLift, writes: &mut dyn Writes) -> Result<LiftId, Refused> {
    let done = writes.write(Box::new(move |writer| {
        writer.keep_lift(&lift).map(Done::Lifted)
    }))?;
    match done {
        Done::Lifted(id) => Ok(id),
        _ => Err(Refused::failed(Key::ControlBrokeOff)),
    }
}

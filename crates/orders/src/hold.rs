//! A guard holds a gate open for a time: kept with who and why before the arm moves. Whether it stays open is
//! then kept watch over elsewhere; here it is raised once, for whoever waits for the answer.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use gate::Lift;
use jiff::{SignedDuration, Timestamp};
use ledger::LONGEST_HOLD_MINUTES;
use passage::{HoldId, HoldStepView, NewHold};
use words::{Key, Said};

use crate::{Done, Order, Refused, Site, Writes, arm, socket};

/// Whoever asks where arms are looks at something else meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keeps the hold, raises the arm of the lane, and keeps what the barrier said. A barrier that does not
/// confirm leaves the hold in force: it is told again.
pub(crate) fn hold(
    lane: &str,
    minutes: u32,
    (who, why): (String, String),
    site: &Site,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let place = arm::place(lane, site)?;
    if !(1..=LONGEST_HOLD_MINUTES).contains(&minutes) {
        let said = Said::with(Key::HoldMinutes, "most", LONGEST_HOLD_MINUTES);
        return Err(Refused::invalid(said));
    }
    let hand = arm::hand(lane, site)?;
    let new = NewHold {
        lane: lane.to_owned(),
        entrance: place.entrance.clone(),
        barrier: place.barrier.clone(),
        who,
        why,
        from: now,
        until: now + SignedDuration::from_mins(minutes.into()),
    };
    let kept = writes.write(Box::new(move |writer| {
        writer.keep_hold(&new).map(Done::Held)
    }))?;
    let Done::Held(id) = kept else {
        return Err(Refused::failed(Key::ControlBrokeOff));
    };
    let place = [lane, &place.entrance, &place.barrier];
    let raised = hand.raise_blocking(Lift::by_person(format!("hold-{id}"), place));
    let confirmed = raised.as_ref().is_ok_and(|done| done.is_confirmed());
    let alarm = raised.as_ref().err().map_or("", |alarm| alarm.kind.code());
    let step = HoldStepView::of_order(confirmed, alarm, Timestamp::now());
    writes.write(Box::new(move |writer| {
        writer.step_hold(id, &step)?;
        Ok(Done::Held(id))
    }))?;
    raised
        .map(|_| Done::Held(id))
        .map_err(|alarm| arm::unconfirmed(&alarm, place[2]))
}

/// Ends the hold of a lane. The arm stays where it is.
pub(crate) fn end(
    lane: String,
    (who, why): (String, String),
    site: &Site,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    arm::place(&lane, site)?;
    let name = lane.clone();
    let done = writes.write(Box::new(move |writer| {
        let ended: Option<HoldId> = writer.end_hold(&name, (&who, &why), now)?;
        Ok(ended.map_or(Done::NotHeld, Done::HoldEnded))
    }))?;
    match done {
        Done::NotHeld => Err(Refused::invalid(Said::with(Key::HoldNone, "lane", lane))),
        done => Ok(done),
    }
}

/// Where arms are by what inputs say; nothing of lanes where nobody asks inputs.
pub(crate) fn arms(site: &Site) -> Done {
    let Some(arms) = &site.arms else {
        return Done::Arms(BTreeMap::new());
    };
    let lanes = site.lanes.iter();
    let state = |lane: &str| (lane.to_owned(), arms.state(lane).code().to_owned());
    Done::Arms(lanes.map(|place| state(&place.lane)).collect())
}

/// Where arms are, asked of the daemon of this data folder: codes of [`gate::ArmState`] by lane. Nothing is
/// known where none runs.
#[must_use]
pub fn arm_states(data_folder: &Path) -> BTreeMap<String, String> {
    match socket::asked(data_folder, &Order::Arms, PATIENCE) {
        Some(Done::Arms(states)) => states,
        _ => BTreeMap::new(),
    }
}

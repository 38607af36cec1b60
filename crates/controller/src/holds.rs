//! Gates that persons hold open: while a hold is in force and inputs say that the arm is not up, it is raised
//! again. Nothing here lowers an arm, also not when a hold is over.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gate::{Arms, Lift};
use jiff::Timestamp;
use ledger::{ErrorKind, Handle, Topic};
use line::{Backoff, Retry};
use passage::{HoldId, HoldStep, HoldStepView, HoldView, NewHold};
use status::Status;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How often inputs are looked at: they are read five times a second.
const LOOK: Duration = Duration::from_millis(250);
/// The clock may have been set meanwhile, by which another hold is in force.
const AFRESH: Duration = Duration::from_secs(60);
/// An arm that was just told to rise is on its way: the slowest take 8 s.
const RISING: Duration = Duration::from_secs(10);
/// After a start inputs have their first answer by then.
const FIRST: Duration = Duration::from_secs(2);
/// Between orders that the barrier does not confirm.
const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(10),
    longest: Duration::from_secs(300),
};
/// After one that it confirmed: many barriers come down by themselves behind each vehicle.
const AGAIN: Duration = Duration::from_secs(2);

/// What holds work with.
pub struct HoldParts {
    /// Which holds are in force, and where it is kept what became of them.
    pub ledger: Handle,
    /// Told of them, and looked at for inputs.
    pub status: Arc<Status>,
    /// Whose arms are raised.
    pub arms: Arms,
}

/// Keeps gates open that are held open, until aborted.
#[must_use]
pub fn keep_holds(parts: HoldParts) -> JoinHandle<()> {
    tokio::spawn(Holds::new(parts).run())
}

struct Holds {
    parts: HoldParts,
    lanes: BTreeMap<String, Held>,
}

/// A lane that is held open.
struct Held {
    hold: HoldView,
    /// Whether the arm is told to rise though nothing says that it is down: after a start, and after an order
    /// that was not confirmed.
    unsure: bool,
    /// No order before that.
    not_before: Instant,
    retry: Retry,
    /// The order that is being carried out.
    order: Option<JoinHandle<bool>>,
}

impl Holds {
    fn new(parts: HoldParts) -> Self {
        Self {
            parts,
            lanes: BTreeMap::new(),
        }
    }

    async fn run(mut self) {
        let mut news = self.parts.ledger.committed(&[Topic::Holds]);
        let mut is_start = true;
        let mut read_at = None;
        loop {
            if read_at.is_none_or(|at: Instant| at.elapsed() >= AFRESH) {
                match self.read(is_start).await {
                    Ok(()) => {
                        read_at = Some(Instant::now());
                        is_start = false;
                    }
                    Err(error) if error.kind() == ErrorKind::Closed => return,
                    Err(error) => tracing::warn!(%error, "holds could not be read"),
                }
            }
            self.look().await;
            // Where nothing is held, nothing is looked at.
            let pause = if self.lanes.is_empty() { AFRESH } else { LOOK };
            match timeout(pause, news.changed()).await {
                Ok(Err(_)) => return,
                Ok(Ok(())) => read_at = None,
                Err(_) => {}
            }
        }
    }

    /// Takes over what is in force. One that was there at a start was ordered before it: whether the arm is up
    /// nobody knows by now.
    async fn read(&mut self, is_start: bool) -> ledger::Result<()> {
        let now = Timestamp::now();
        let read = move |reader: &ledger::Reader| reader.holds_in_force(now);
        let holds = self.parts.ledger.read(read).await?;
        let holds: BTreeMap<_, _> = holds
            .into_iter()
            .map(|h| (h.hold.lane.clone(), h))
            .collect();
        self.lanes.retain(|lane, held| {
            let stays = holds.get(lane).is_some_and(|hold| hold.id == held.hold.id);
            if !stays {
                over(&self.parts.status, &held.hold);
            }
            stays
        });
        for (lane, hold) in holds {
            let failed = hold
                .steps
                .last()
                .is_some_and(|s| s.step == HoldStep::Failed);
            if let Some(held) = self.lanes.get_mut(&lane) {
                held.unsure |= failed;
                held.hold = hold;
                continue;
            }
            tracing::info!(lane, hold = %hold.id, who = hold.hold.who, until = %hold.hold.until, "gate held open");
            if let Some(counters) = self.parts.status.lane(&lane) {
                counters.set_hold(Some(hold.clone()));
            }
            let wait = if is_start { FIRST } else { RISING };
            self.lanes.insert(
                lane,
                Held {
                    unsure: is_start || failed,
                    hold,
                    not_before: Instant::now() + wait,
                    retry: Retry::new(BACKOFF),
                    order: None,
                },
            );
        }
        Ok(())
    }

    async fn look(&mut self) {
        let now = Timestamp::now();
        self.lanes.retain(|_, held| {
            let holds = held.hold.holds(now);
            if !holds {
                over(&self.parts.status, &held.hold);
            }
            holds
        });
        for (lane, held) in &mut self.lanes {
            if let Some(order) = held.order.take_if(|order| order.is_finished()) {
                held.answered(order.await.unwrap_or(false));
            }
            let inputs = self.parts.status.lane(lane).and_then(|lane| lane.inputs());
            let risen = inputs.and_then(|view| view.inputs.has_risen());
            if !held.wants(risen) {
                continue;
            }
            let Some(arm) = self.parts.arms.of_lane(lane) else {
                continue;
            };
            tracing::info!(lane, hold = %held.hold.id, ?risen, "the arm is raised again");
            let NewHold {
                entrance, barrier, ..
            } = &held.hold.hold;
            let order = format!("hold-{}", held.hold.id);
            let lift = Lift::by_person(order, [lane, entrance, barrier]);
            let (id, ledger) = (held.hold.id, self.parts.ledger.clone());
            held.order = Some(tokio::spawn(async move {
                let raised = arm.raise(lift).await;
                let confirmed = raised.as_ref().is_ok_and(|done| done.is_confirmed());
                let alarm = raised.as_ref().err().map_or("", |alarm| alarm.kind.code());
                let step = HoldStepView::of_order(confirmed, alarm, Timestamp::now());
                keep(&ledger, id, step).await;
                confirmed
            }));
        }
    }
}

impl Held {
    /// Whether the arm is to be told to rise now.
    fn wants(&mut self, risen: Option<bool>) -> bool {
        match risen {
            Some(true) => {
                self.unsure = false;
                false
            }
            Some(false) => self.may(),
            None => self.unsure && self.may(),
        }
    }

    fn may(&self) -> bool {
        self.order.is_none() && Instant::now() >= self.not_before
    }

    /// The barrier has answered; it is not told again before its pause is over.
    fn answered(&mut self, confirmed: bool) {
        self.unsure = !confirmed;
        let pause = if confirmed {
            self.retry.reset();
            AGAIN
        } else {
            self.retry.after_failure(1.0)
        };
        self.not_before = Instant::now() + pause;
    }
}

fn over(status: &Status, hold: &HoldView) {
    tracing::info!(lane = hold.hold.lane, hold = %hold.id, "the gate is held open no more; its arm stays as it is");
    if let Some(counters) = status.lane(&hold.hold.lane) {
        counters.set_hold(None);
    }
}

async fn keep(ledger: &Handle, id: HoldId, step: HoldStepView) {
    let kept = ledger.write(move |writer| writer.step_hold(id, &step));
    if let Err(error) = kept.await {
        tracing::warn!(%error, hold = %id, "what became of a hold could not be kept");
    }
}

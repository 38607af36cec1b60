//! The arms that a person may raise through the program, by lane.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use passage::Verdict;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::queue::Order;
use crate::{Actuation, Alarm, AlarmKind, ArmState, BarrierQueue, InputsView, Lift};

/// A way to a barrier's queue for others than its lane. It does not keep the queue open: when the lane
/// has ended, an order ends in an alarm.
#[derive(Debug, Clone)]
pub struct BarrierHand {
    orders: mpsc::WeakSender<Order>,
}

/// Every arm that can be raised, and what tells where arms are, by the name of their lane.
#[derive(Debug, Clone, Default)]
pub struct Arms {
    hands: Arc<Mutex<BTreeMap<String, BarrierHand>>>,
    inputs: Arc<Mutex<BTreeMap<String, watch::Receiver<InputsView>>>>,
}

impl BarrierHand {
    pub(crate) fn new(orders: &mpsc::Sender<Order>) -> Self {
        Self {
            orders: orders.downgrade(),
        }
    }

    /// Raises the arm in the queue's turn and waits for what comes of it. For a thread that may wait.
    ///
    /// # Errors
    /// The alarm: whether the arm moved, its kind tells.
    pub fn raise_blocking(&self, lift: Lift) -> Result<Actuation, Alarm> {
        let answered = self.order(lift)?;
        answered.blocking_recv().unwrap_or_else(|_| Err(ended()))
    }

    /// The same for a task.
    ///
    /// # Errors
    /// The alarm: whether the arm moved, its kind tells.
    pub async fn raise(&self, lift: Lift) -> Result<Actuation, Alarm> {
        let answered = self.order(lift)?;
        answered.await.unwrap_or_else(|_| Err(ended()))
    }

    fn order(&self, lift: Lift) -> Result<oneshot::Receiver<Result<Actuation, Alarm>>, Alarm> {
        let orders = self.orders.upgrade().ok_or_else(ended)?;
        let (answer, answered) = oneshot::channel();
        let order = Order {
            lift,
            verdict: Verdict::Allow,
            given: Instant::now(),
            answer: Some(answer),
        };
        orders.try_send(order).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => {
                Alarm::new(AlarmKind::Busy, "too many orders wait", 0)
            }
            mpsc::error::TrySendError::Closed(_) => ended(),
        })?;
        Ok(answered)
    }
}

fn ended() -> Alarm {
    Alarm::new(AlarmKind::Failed, "the barrier's driver has ended", 0)
}

impl Arms {
    /// A lane's barrier may be raised by persons.
    pub fn add(&self, lane: &str, queue: &BarrierQueue) {
        locked(&self.hands).insert(lane.to_owned(), queue.hand());
    }

    /// These inputs tell where a lane's arm is.
    pub fn watch(&self, lane: &str, inputs: watch::Receiver<InputsView>) {
        locked(&self.inputs).insert(lane.to_owned(), inputs);
    }

    /// Where a lane's arm is, as far as inputs tell.
    #[must_use]
    pub fn state(&self, lane: &str) -> ArmState {
        let inputs = locked(&self.inputs);
        let view = inputs.get(lane).map(|view| view.borrow().inputs.arm());
        view.unwrap_or_default()
    }

    /// The way to a lane's barrier; none where nothing raises one.
    #[must_use]
    pub fn of_lane(&self, lane: &str) -> Option<BarrierHand> {
        locked(&self.hands).get(lane).cloned()
    }

    /// The lanes whose barrier may be raised.
    #[must_use]
    pub fn lanes(&self) -> Vec<String> {
        locked(&self.hands).keys().cloned().collect()
    }
}

fn locked<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Orders to one barrier, carried out one after the other while nobody waits for them.

use std::sync::Arc;
use std::time::Duration;

use passage::Verdict;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::{Actuation, Alarm, AlarmKind, Barrier, Lift};

/// How much may wait, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// Orders that may wait, at least 1.
    pub waiting: usize,
    /// An order that waited longer is dropped: another vehicle may stand there by now.
    pub expires: Duration,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self {
            waiting: 4,
            expires: Duration::from_secs(5),
        }
    }
}

/// What came of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderReport {
    /// The order.
    pub lift: Lift,
    /// What the guard had decided, or the policy.
    pub verdict: Verdict,
    /// What the barrier did, or the alarm for the guard.
    pub result: Result<Actuation, Alarm>,
    /// From the order to its end.
    pub took: Duration,
}

struct Order {
    lift: Lift,
    verdict: Verdict,
    given: Instant,
}

type Reporter = Arc<dyn Fn(OrderReport) + Send + Sync>;

/// Takes decisions for one barrier. Never blocks; every order ends in exactly one [`OrderReport`].
pub struct BarrierQueue {
    orders: mpsc::Sender<Order>,
    report: Reporter,
    worker: JoinHandle<()>,
}

impl BarrierQueue {
    /// Opens a queue for `barrier` within a Tokio runtime. `report` is called for every order, from
    /// the queue's task or from [`BarrierQueue::act`], and must return at once.
    pub fn open(
        barrier: Arc<dyn Barrier>,
        limits: QueueLimits,
        report: impl Fn(OrderReport) + Send + Sync + 'static,
    ) -> Self {
        let report: Reporter = Arc::new(report);
        let (orders, queue) = mpsc::channel(limits.waiting.max(1));
        let worker = tokio::spawn(work(barrier, queue, limits.expires, Arc::clone(&report)));
        Self {
            orders,
            report,
            worker,
        }
    }

    /// Hands a decision to the barrier: [`Verdict::Allow`] raises it, anything else keeps it as it
    /// is. Returns at once.
    pub fn act(&self, verdict: Verdict, lift: Lift) {
        let given = Instant::now();
        let order = Order {
            lift,
            verdict,
            given,
        };
        let (order, alarm) = match self.orders.try_send(order) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Full(order)) => {
                let alarm = Alarm::new(AlarmKind::Busy, "too many orders wait", 0);
                (order, alarm)
            }
            Err(mpsc::error::TrySendError::Closed(order)) => {
                let alarm = Alarm::new(AlarmKind::Failed, "the barrier's driver has ended", 0);
                (order, alarm)
            }
        };
        finish(&self.report, order, Err(alarm));
    }

    /// Takes no more orders and waits for those given, which ends soon: each has its limit.
    pub async fn close(self) {
        drop(self.orders);
        if let Err(error) = self.worker.await {
            tracing::error!(%error, "the barrier's driver failed");
        }
    }
}

impl std::fmt::Debug for BarrierQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BarrierQueue({} orders free)", self.orders.capacity())
    }
}

async fn work(
    barrier: Arc<dyn Barrier>,
    mut queue: mpsc::Receiver<Order>,
    expires: Duration,
    report: Reporter,
) {
    while let Some(order) = queue.recv().await {
        let result = if order.given.elapsed() > expires {
            Err(Alarm::new(
                AlarmKind::Expired,
                "the order waited too long",
                0,
            ))
        } else {
            carry_out(Arc::clone(&barrier), &order).await
        };
        finish(&report, order, result);
    }
}

async fn carry_out(barrier: Arc<dyn Barrier>, order: &Order) -> Result<Actuation, Alarm> {
    // A driver keeps its own time; this holds one that does not.
    let limit = barrier.patience() + Duration::from_millis(500);
    let (lift, verdict) = (order.lift.clone(), order.verdict);
    // A task of its own, so that a driver that panics costs this order and not all later ones.
    let mut driver = tokio::spawn(async move {
        match verdict {
            Verdict::Allow => barrier.raise(&lift).await,
            Verdict::Deny | Verdict::Ask => barrier.keep_down(&lift).await,
        }
    });
    match tokio::time::timeout(limit, &mut driver).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Alarm::new(AlarmKind::Failed, "the driver broke down", 1)),
        Err(_) => {
            driver.abort();
            let detail = "the driver did not end in time";
            Err(Alarm::new(AlarmKind::TimedOut, detail, 1))
        }
    }
}

fn finish(report: &Reporter, order: Order, result: Result<Actuation, Alarm>) {
    let took = order.given.elapsed();
    if let Err(alarm) = &result {
        tracing::error!(
            barrier = order.lift.barrier,
            passage = order.lift.passage,
            kind = ?alarm.kind,
            problem = alarm.detail,
            tries = alarm.tries,
            "the barrier did not do as it was told"
        );
    }
    report(OrderReport {
        lift: order.lift,
        verdict: order.verdict,
        result,
        took,
    });
}

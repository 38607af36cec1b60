//! What acts at the gate: drivers of barriers, and the queue in front of each.
//!
//! A [`BarrierQueue`] hands decisions to a [`Barrier`] without making anybody wait; what came of
//! each it tells in an [`OrderReport`]. Whether a vehicle may pass, `policy` knows.
//!
//! # Fail safe
//!
//! The only order ever sent to a barrier is *raise*. Lowering belongs to the barrier's own
//! controller with its loop or radar; no deny, no manual state, no error and no shutdown lowers an
//! arm on a vehicle. A barrier that cannot be raised becomes an [`Alarm`] for the guard, who lifts
//! by hand. An order too old to belong to the vehicle at the barrier is dropped, not carried out.
//!
//! It knows nothing of lists and of the ledger, and serves no pages. A display or voice at the
//! entrance will be a further kind of driver beside [`Barrier`], fed by the same decision.

mod barrier;
mod queue;
mod template;

pub use barrier::{
    Action, Actuation, Alarm, AlarmKind, Barrier, BarrierProblem, BarrierSettings, DryRun,
    HttpRelay, HttpRelaySettings, Lift, RelayMethod,
};
pub use queue::{BarrierQueue, OrderReport, QueueLimits};

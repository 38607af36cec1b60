//! What acts and shows at the gate: drivers of barriers, inputs, displays and voices, and the queue in
//! front of each.
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
//! Where the arm is, only [`InputLevels`] tell; without them it is unknown.
//!
//! A [`DisplayQueue`] and a [`VoiceQueue`] are fed by the same decision, beside the barrier: neither can
//! hold it up.
//!
//! It knows nothing of lists and of the ledger, and serves no pages.

use std::sync::Arc;
use std::time::Duration;

mod arms;
mod barrier;
mod display;
mod inputs;
mod modbus;
mod onvif_device;
mod queue;
mod shared;
mod template;
mod voice;

pub use arms::{Arms, BarrierHand};
pub use barrier::{
    Action, Actuation, Alarm, AlarmKind, Barrier, BarrierProblem, BarrierSettings, DryRun, Ending,
    HttpRelay, HttpRelaySettings, Lift, OnvifRelay, OnvifRelaySettings, RelayMethod,
};
pub use display::{
    Display, DisplayError, DisplayQueue, DisplaySettings, DisplayView, LedCard, Notice, Showing,
    ShownLine,
};
pub use inputs::{
    ArmState, Input, InputEvent, InputLevels, InputsSettings, InputsView, InputsWatch,
};
pub use queue::{BarrierQueue, LastRaise, OrderReport, QueueLimits};
pub use voice::{VoiceQueue, VoiceSettings, VoiceView, prompt};

/// Hears how long something took from its decision on, and returns at once.
pub type Took = Arc<dyn Fn(Duration) + Send + Sync>;

//! No barrier at all.

use super::{Action, Actuation, Barrier, Lift};

/// Moves nothing and says so in the log: for trials, and for lanes without a barrier.
#[derive(Debug, Clone, Copy, Default)]
pub struct DryRun;

impl Barrier for DryRun {
    fn raise<'a>(&'a self, lift: &'a Lift) -> Action<'a> {
        Box::pin(async move {
            tracing::info!(
                passage = lift.passage,
                barrier = lift.barrier,
                lane = lift.lane,
                plate = lift.plate,
                "dry run: the barrier would be raised"
            );
            Ok(Actuation::DryRun)
        })
    }
}

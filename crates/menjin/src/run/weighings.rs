//! Records of the weighing software, as a service.

use orders::weighing;
use tokio::task::JoinHandle;

use super::daemon::Parts;
use crate::exit::Failure;

/// Listens for the weighing software, when the configuration has a weighbridge.
pub(crate) async fn start(parts: &Parts) -> Result<Option<JoinHandle<()>>, Failure> {
    let Some(intake) = parts.config.weighbridge.clone() else {
        return Ok(None);
    };
    let address = intake.listen;
    let taken = weighing::take_weighings(intake, parts.ledger.clone()).await;
    taken.map(Some).map_err(|e| {
        Failure::Job(format!(
            "cannot listen on {address} for weighings: {e}. Choose another [weighbridge] listen"
        ))
    })
}

//! Records of the weighing software.

use orders::weighing::{self, Intake};
use tokio::task::JoinHandle;

use super::daemon::Parts;
use crate::exit::Failure;

/// Listens for the weighing software, when the configuration has a weighbridge.
pub(crate) async fn start(parts: &Parts) -> Result<Option<JoinHandle<()>>, Failure> {
    let Some(set) = &parts.config.weighbridge else {
        return Ok(None);
    };
    let intake = Intake {
        listen: set.listen,
        token: set.token.clone(),
        source: set.source.clone(),
        window: set.window,
        zone: parts.config.site.zone.clone(),
    };
    let (ledger, wakers) = (parts.ledger.clone(), parts.wakers.clone());
    let taken = weighing::take_weighings(intake, ledger, wakers).await;
    taken.map(Some).map_err(|e| {
        let address = set.listen;
        Failure::Job(format!(
            "cannot listen on {address} for weighings: {e}. Choose another [weighbridge] listen"
        ))
    })
}

//! The thread that watches the second stream of a lane's camera.

use std::time::Duration;

use camera::{Frames, State};
use tokio::runtime::Handle;
use tokio::sync::watch as latest;
use watch::Sentinel;

/// Without a picture for so long the second stream tells nothing.
const BLIND_AFTER: Duration = Duration::from_secs(1);

/// Works until the camera is let go.
pub(crate) fn run(
    lane: &str,
    mut sentinel: Sentinel,
    mut frames: Frames,
    state: &latest::Receiver<State>,
    runtime: &Handle,
) {
    loop {
        let next = async { tokio::time::timeout(BLIND_AFTER, frames.next()).await };
        match runtime.block_on(next) {
            Ok(Some(frame)) => {
                // A frozen or black picture shows nobody who comes.
                if state.borrow().status != camera::CameraStatus::Live {
                    sentinel.blind();
                } else if let Err(error) = sentinel.observe(&frame) {
                    sentinel.blind();
                    tracing::error!(lane, %error, "a picture of the second stream could not be looked at");
                }
            }
            Ok(None) => return sentinel.blind(),
            Err(_) => sentinel.blind(),
        }
    }
}

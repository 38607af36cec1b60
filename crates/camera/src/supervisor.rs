//! Keeps one RTSP camera connected for as long as the daemon runs.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use line::Retry;
use rand::Rng as _;
use rand::rngs::StdRng;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};

use crate::CameraStatus;
use crate::session::{Failure, Line};

/// Longest wait at the end for the camera to take our TEARDOWN.
const GOODBYE: Duration = Duration::from_secs(1);

pub(crate) struct Supervisor {
    pub(crate) line: Line,
    pub(crate) stop: watch::Receiver<bool>,
    pub(crate) retry_now: Arc<Notify>,
    pub(crate) rng: StdRng,
}

impl Supervisor {
    pub(crate) async fn run(mut self) {
        let mut retry = Retry::new(self.line.options.backoff);
        let mut stop = self.stop.clone();
        for number in 1.. {
            let failure = tokio::select! {
                () = stopped(&mut stop) => break,
                failure = survived(self.line.session(number)) => failure,
            };
            if failure.status == CameraStatus::Stopped {
                break;
            }
            let wait = self.wait_after(&failure, &mut retry);
            self.line
                .reporter
                .retry(failure.status, &failure.reason, retry.failures(), wait);
            tokio::select! {
                () = stopped(&mut stop) => break,
                () = self.retry_now.notified() => {}
                () = sleep(wait) => {}
            }
        }
        let stale = self.line.group.stale_sessions();
        // The camera will forget the session by itself if it does not answer.
        let _ = timeout(GOODBYE, self.line.group.await_stale_sessions(&stale)).await;
        self.line.stream.end("stopped");
        self.line.stream.close();
        self.line.reporter.set(CameraStatus::Stopped, "stopped");
    }

    fn wait_after(&mut self, failure: &Failure, retry: &mut Retry) -> Duration {
        let options = &self.line.options;
        let lived = self
            .line
            .live_since
            .map_or(Duration::ZERO, |since| Instant::now() - since);
        if lived >= options.stable_after {
            retry.reset();
        }
        let chance = self.rng.random();
        match failure.status {
            CameraStatus::Unauthorized => {
                retry.after_failure_fixed(options.unauthorized_retry, chance)
            }
            CameraStatus::TooSmall
            | CameraStatus::TooLarge
            | CameraStatus::UnsupportedCodec
            | CameraStatus::NotFound => retry.after_failure_fixed(options.refused_retry, chance),
            _ => retry.after_failure(chance),
        }
    }
}

/// How a session ends, be it by a mistake of ours: a camera never fails for good, whatever it says.
async fn survived(session: impl Future<Output = Failure>) -> Failure {
    let ended = AssertUnwindSafe(session).catch_unwind().await;
    ended.unwrap_or_else(|_| {
        let reason = "what the camera said led to a mistake of this program; the log has its place";
        Failure::new(CameraStatus::Unexpected, reason)
    })
}

/// Resolves when stopping was asked for, or nobody is left who could ask.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the handle is gone.
    let _ = stop.wait_for(|&stop| stop).await;
}

#[cfg(test)]
mod tests;

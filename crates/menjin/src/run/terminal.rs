//! Waiting for the end, with passages in the terminal meanwhile.

use std::time::{Duration, Instant};

use ledger::Topic;
use status::{Status, Viewer};
use tokio::signal::unix::{SignalKind, signal};
use words::Said;

use super::daemon::Parts;
use crate::cli::RunArgs;
use crate::exit::Failure;
use crate::store::sinks_of_passages;

/// Passages and uploads tell by their commits when to look. Nobody tells that all cameras have ended,
/// or that it is time for a line on how they are: so often that is looked at.
const TICK: Duration = Duration::from_secs(1);
/// A camera that has not delivered for this long after it once did has ended its recording.
const QUIET: Duration = Duration::from_secs(8);

/// The terminal's view, to be made before anything is committed.
pub(crate) async fn view(parts: &Parts, args: &RunArgs) -> Viewer {
    let config = &parts.config;
    let words = (config.language, config.site.zone.clone());
    Viewer::begin(&parts.ledger, sinks_of_passages(config), words, args.watch).await
}

/// Waits until somebody or something says stop, and says what it was.
pub(crate) async fn until_stopped(
    parts: &Parts,
    args: &RunArgs,
    mut viewer: Viewer,
) -> Result<&'static str, Failure> {
    let (status, ledger) = (&parts.status, &parts.ledger);
    let ends = args
        .seconds
        .map(|s| Instant::now() + Duration::from_secs(s));
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return Ok("signals cannot be received");
    };
    let mut ended = Ended::default();
    let mut news = ledger.committed(&[Topic::Passages, Topic::Deliveries, Topic::Alarms]);
    let mut look_in = Some(Duration::ZERO);
    loop {
        let left = ends.map(|end| end.saturating_duration_since(Instant::now()));
        let tick = [left, look_in]
            .into_iter()
            .flatten()
            .fold(TICK, Duration::min);
        // In this order: whoever asks whether all is done has looked at what is committed.
        let is_news = tokio::select! {
            biased;
            _ = interrupt.recv() => return Ok("interrupted"),
            _ = terminate.recv() => return Ok("told to terminate"),
            () = parts.field.asked() => return Ok("asked to begin anew"),
            Ok(()) = news.changed() => true,
            () = tokio::time::sleep(tick) => false,
        };
        if is_news || look_in.is_some() {
            look_in = viewer.look(ledger).await;
        } else {
            viewer.tell_progress(status);
        }
        if ends.is_some_and(|end| Instant::now() >= end) {
            return seen(status.blind_cameras(parts.config.language));
        }
        if args.until_done && ended.all(status) && viewer.nothing_waits(status) {
            return Ok("all cameras have ended and everything is uploaded");
        }
    }
}

/// A run for a while that saw nothing with a camera has not done what it was started for.
fn seen(blind: Vec<String>) -> Result<&'static str, Failure> {
    match blind.is_empty() {
        true => Ok("the time is over"),
        false => Err(Failure::Job(Said::lines(
            blind.into_iter().map(Said::other),
        ))),
    }
}

/// Whether every camera has delivered and delivers no more.
#[derive(Default)]
struct Ended {
    quiet_since: Option<Instant>,
}

impl Ended {
    fn all(&mut self, status: &Status) -> bool {
        let quiet = status.cameras().iter().all(|camera| {
            let state = camera.state.borrow();
            state.frames_delivered > 0 && !state.status.delivers()
        });
        if !quiet {
            self.quiet_since = None;
            return false;
        }
        self.quiet_since.get_or_insert_with(Instant::now).elapsed() > QUIET
    }
}

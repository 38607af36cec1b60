//! One short look at a camera: connect once, see a few pictures, let go.

use std::time::Duration;

use frame::Frame;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use crate::{Camera, CameraStatus, Error, Options, Source, State, spawn};

/// Longest look, whatever the camera does.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest wait for each answer; whoever needs longer is no camera for a gate.
const ANSWER: Duration = Duration::from_secs(5);
/// Over how long pictures are counted.
const COUNTED: Duration = Duration::from_secs(2);

/// What a short look at a camera showed.
#[derive(Debug)]
pub struct Probe {
    /// How the camera was at the end of the look.
    pub state: State,
    /// Pictures a second, of a live camera.
    pub fps: Option<f32>,
    /// Its first picture.
    pub frame: Option<Frame>,
}

/// Connects once and looks for a few seconds, 20 at most. A password that is refused is not tried
/// again. Must be called within a tokio runtime.
///
/// # Errors
/// As [`spawn`]; that the camera does not answer is no error, its state tells.
pub async fn probe(name: &str, source: &Source, options: Options) -> Result<Probe, Error> {
    let options = Options {
        answer_timeout: options.answer_timeout.min(ANSWER),
        stall_after: options.stall_after.min(ANSWER),
        // A second try would be one too many.
        backoff: line::Backoff {
            first: PATIENCE * 2,
            longest: PATIENCE * 2,
        },
        refused_retry: PATIENCE * 2,
        unauthorized_retry: PATIENCE * 2,
        ..options
    };
    let live = matches!(source, Source::Rtsp { .. });
    let mut camera = spawn(name, source.clone(), options)?;
    let ends = Instant::now() + PATIENCE;
    let known = camera
        .state
        .wait_for(|state| state.status != CameraStatus::Connecting);
    // What still connects at the end is told below.
    let _ = timeout_at(ends, known).await;
    let (mut frame, mut fps) = (None, None);
    if camera.state.borrow().status.delivers() {
        frame = first_frame(&mut camera, ends).await;
        if live {
            fps = Some(counted(&camera, ends).await);
        }
    }
    let mut state = camera.state.borrow().clone();
    if state.status == CameraStatus::Connecting {
        state.status = CameraStatus::Stalled;
        state.reason = format!("no picture within {PATIENCE:?}");
    }
    // A recording that has ended was seen all the same.
    if state.status == CameraStatus::Ended && frame.is_some() {
        state.status = CameraStatus::Live;
    }
    let _ = timeout(ANSWER, camera.handle.stop()).await;
    Ok(Probe { state, fps, frame })
}

async fn first_frame(camera: &mut Camera, ends: Instant) -> Option<Frame> {
    timeout_at(ends, camera.frames.next()).await.ok().flatten()
}

async fn counted(camera: &Camera, ends: Instant) -> f32 {
    let (began, before) = (Instant::now(), camera.state.borrow().frames_decoded);
    sleep_until((began + COUNTED).min(ends)).await;
    let pictures = camera.state.borrow().frames_decoded.saturating_sub(before);
    pictures as f32 / began.elapsed().as_secs_f32().max(0.1)
}

//! Writes the state of a camera and logs every change of status.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use words::Language;

use crate::{CameraStatus, Codec, State, Video};

/// The one writer's side of a [`State`].
#[derive(Debug)]
pub(crate) struct Reporter {
    camera: String,
    state: watch::Sender<State>,
}

impl Reporter {
    pub(crate) fn new(camera: &str) -> (Self, watch::Receiver<State>) {
        let (state, receiver) = watch::channel(State::new());
        (
            Self {
                camera: camera.to_owned(),
                state,
            },
            receiver,
        )
    }

    pub(crate) fn camera(&self) -> &str {
        &self.camera
    }

    /// The state now.
    pub(crate) fn snapshot(&self) -> State {
        self.state.borrow().clone()
    }

    /// Updates counters without waking those who wait for a change of status.
    pub(crate) fn count(&self, update: impl FnOnce(&mut State)) {
        self.state.send_if_modified(|state| {
            update(state);
            false
        });
    }

    /// The camera does something new (or goes on doing it, which changes nothing).
    pub(crate) fn set(&self, status: CameraStatus, reason: &str) {
        let mut changed = false;
        self.state.send_if_modified(|state| {
            changed = state.status != status;
            if changed {
                state.status = status;
                state.since = Timestamp::now();
                reason.clone_into(&mut state.reason);
            }
            changed | state.retry_at.take().is_some()
        });
        if changed {
            self.log(status, reason);
        }
    }

    /// An attempt failed; the next one follows after `wait`.
    pub(crate) fn retry(&self, status: CameraStatus, reason: &str, attempt: u32, wait: Duration) {
        self.state.send_modify(|state| {
            if state.status != status {
                state.status = status;
                state.since = Timestamp::now();
            }
            reason.clone_into(&mut state.reason);
            state.attempt = attempt;
            state.retry_at = SignedDuration::try_from(wait)
                .ok()
                .and_then(|wait| Timestamp::now().checked_add(wait).ok());
        });
        // To the second: a person reads it, and nothing counts with it.
        let wait = Language::En.length(Duration::from_secs(wait.as_secs().max(1)));
        tracing::warn!(
            camera = self.camera,
            code = status.code(),
            reason,
            attempt,
            wait,
            remedy = status.remedy(),
            "camera failed, will retry"
        );
    }

    /// Pictures of this size and coding arrive.
    pub(crate) fn video(&self, codec: Codec, width: u32, height: u32, fps: Option<f32>) {
        self.state.send_if_modified(|state| {
            let old = state.video.replace(Video {
                codec,
                width,
                height,
                fps,
            });
            let same = |v: &Video| (v.codec, v.width, v.height) == (codec, width, height);
            if let Some(old) = old.filter(|v| !same(v)) {
                state.video_changes += 1;
                let (camera, from_w, from_h) = (&self.camera, old.width, old.height);
                tracing::warn!(
                    camera,
                    ?codec,
                    width,
                    height,
                    from_w,
                    from_h,
                    "video changed"
                );
                return true;
            }
            old.is_none()
        });
    }

    fn log(&self, status: CameraStatus, reason: &str) {
        let (camera, code) = (&self.camera, status.code());
        if status.is_fault() {
            tracing::warn!(
                camera,
                code,
                reason,
                remedy = status.remedy(),
                "camera state"
            );
        } else {
            tracing::info!(camera, code, reason, "camera state");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_one_code_everywhere() {
        let reporter = Reporter::new("lane 1");
        for status in CameraStatus::ALL {
            reporter.0.set(status, "because");
            let state = reporter.1.borrow().clone();
            assert_eq!(state.status.code(), status.code());
            assert!(!status.remedy().is_empty());
        }
        let codes: std::collections::HashSet<_> = CameraStatus::ALL.map(CameraStatus::code).into();
        assert_eq!(codes.len(), CameraStatus::ALL.len());
    }

    #[test]
    fn counters_do_not_wake_those_who_wait_for_a_change() {
        let (reporter, mut state) = Reporter::new("lane 1");
        state.mark_unchanged();
        reporter.count(|s| s.frames_decoded += 1);
        assert!(!state.has_changed().expect("open"));
        assert_eq!(state.borrow().frames_decoded, 1);
        reporter.set(CameraStatus::Live, "first picture");
        assert!(state.has_changed().expect("open"));
    }

    #[test]
    fn a_changed_size_is_counted() {
        let (reporter, state) = Reporter::new("lane 1");
        reporter.video(Codec::H264, 1920, 1080, None);
        reporter.video(Codec::H264, 1920, 1080, Some(25.0));
        assert_eq!(state.borrow().video_changes, 0);
        reporter.video(Codec::H265, 1280, 720, None);
        assert_eq!(state.borrow().video_changes, 1);
    }
}

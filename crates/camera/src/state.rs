//! What a camera is doing, for the daemon to report.

use std::time::Duration;

use frame::ClockSource;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio::sync::watch;

/// What a camera is doing or suffering from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// The first attempt is under way.
    Connecting,
    /// Pictures arrive.
    Live,
    /// Pictures arrive, but it is always the same one.
    Frozen,
    /// Pictures arrive and are black.
    Black,
    /// Nobody answers at the address.
    Unreachable,
    /// The camera refused user name or password.
    Unauthorized,
    /// The camera has no stream of this name.
    NotFound,
    /// The stream is neither H.264 nor H.265.
    UnsupportedCodec,
    /// The picture is smaller than required.
    TooSmall,
    /// The connection stands but nothing arrives.
    Stalled,
    /// Data arrives but no picture can be decoded from it.
    DecodeErrors,
    /// The camera or the network ended the connection.
    Lost,
    /// The recorded file cannot be read.
    Unreadable,
    /// The recorded file has been played to its end.
    Ended,
    /// Stopped on request.
    Stopped,
}

impl Status {
    /// All of them, for metrics that list every state.
    pub const ALL: [Self; 15] = [
        Self::Connecting,
        Self::Live,
        Self::Frozen,
        Self::Black,
        Self::Unreachable,
        Self::Unauthorized,
        Self::NotFound,
        Self::UnsupportedCodec,
        Self::TooSmall,
        Self::Stalled,
        Self::DecodeErrors,
        Self::Lost,
        Self::Unreadable,
        Self::Ended,
        Self::Stopped,
    ];

    /// A stable name, the same as in its serialised form.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Frozen => "frozen",
            Self::Black => "black",
            Self::Unreachable => "unreachable",
            Self::Unauthorized => "unauthorized",
            Self::NotFound => "not_found",
            Self::UnsupportedCodec => "unsupported_codec",
            Self::TooSmall => "too_small",
            Self::Stalled => "stalled",
            Self::DecodeErrors => "decode_errors",
            Self::Lost => "lost",
            Self::Unreadable => "unreadable",
            Self::Ended => "ended",
            Self::Stopped => "stopped",
        }
    }

    /// Whether something is wrong.
    #[must_use]
    pub fn is_fault(self) -> bool {
        !matches!(
            self,
            Self::Connecting | Self::Live | Self::Ended | Self::Stopped
        )
    }

    /// Whether pictures arrive.
    #[must_use]
    pub fn delivers(self) -> bool {
        matches!(self, Self::Live | Self::Frozen | Self::Black)
    }

    /// What a person can do about it, for logs.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Connecting | Self::Live | Self::Ended | Self::Stopped => "nothing to do",
            Self::Frozen => "restart the camera",
            Self::Black => "check lens cap, lamp and exposure",
            Self::Unreachable => "check power, cable, address and port of the camera",
            Self::Unauthorized => "check user name and password; the account may be locked",
            Self::NotFound => "check the path of the stream in the camera's manual",
            Self::UnsupportedCodec => "set the camera's stream to H.264 or H.265",
            Self::TooSmall => "choose the main stream or a larger picture in the camera",
            Self::Stalled | Self::Lost => "check cable, switch and load of the camera",
            Self::DecodeErrors => "lower the bit rate or set a key frame every 2 s in the camera",
            Self::Unreadable => "check the path and that the file plays elsewhere",
        }
    }
}

/// How a video is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// H.264 / AVC.
    H264,
    /// H.265 / HEVC.
    H265,
    /// Something else that the decoder library knows; files only.
    Other,
    /// Single pictures.
    Pictures,
}

/// The video as it is received.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Video {
    /// Its coding.
    pub codec: Codec,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pictures decoded per second, measured over some seconds; `None` before that.
    pub fps: Option<f32>,
}

/// Everything the daemon may want to tell about one camera. Holds no secrets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct State {
    /// What it is doing.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// What exactly happened, in English, for the log.
    pub reason: String,
    /// Failures in a row; 0 once a connection proved stable.
    pub attempt: u32,
    /// When the next attempt is made; `None` while connected or for a file.
    pub retry_at: Option<Timestamp>,
    /// The video of this or the last connection.
    pub video: Option<Video>,
    /// How often size or coding changed since the start.
    pub video_changes: u64,
    /// The clock that dates the frames; `None` before the first one.
    pub clock: Option<ClockSource>,
    /// Camera clock minus this computer's clock in milliseconds; `None` when the camera sends none.
    pub clock_offset_ms: Option<i64>,
    /// Connections made.
    pub connections: u64,
    /// Pictures decoded.
    pub frames_decoded: u64,
    /// Pictures handed to the consumer.
    pub frames_delivered: u64,
    /// Pictures replaced by a newer one before the consumer took them.
    pub frames_skipped: u64,
    /// Pictures or packets that could not be decoded.
    pub decode_errors: u64,
    /// RTP packets lost on the way.
    pub packets_lost: u64,
    /// Packets thrown away because decoding was too slow.
    pub packets_late: u64,
}

/// The one writer's side of a [`State`]; logs every change of status.
#[derive(Debug)]
pub(crate) struct Reporter {
    camera: String,
    state: watch::Sender<State>,
}

impl Reporter {
    pub(crate) fn new(camera: &str) -> (Self, watch::Receiver<State>) {
        let (state, receiver) = watch::channel(State {
            status: Status::Connecting,
            since: Timestamp::now(),
            reason: String::new(),
            attempt: 0,
            retry_at: None,
            video: None,
            video_changes: 0,
            clock: None,
            clock_offset_ms: None,
            connections: 0,
            frames_decoded: 0,
            frames_delivered: 0,
            frames_skipped: 0,
            decode_errors: 0,
            packets_lost: 0,
            packets_late: 0,
        });
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
    pub(crate) fn set(&self, status: Status, reason: &str) {
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
    pub(crate) fn retry(&self, status: Status, reason: &str, attempt: u32, wait: Duration) {
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
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(
            camera = self.camera,
            code = status.code(),
            reason,
            attempt,
            wait_ms,
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

    fn log(&self, status: Status, reason: &str) {
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
        for status in Status::ALL {
            reporter.0.set(status, "because");
            let state = reporter.1.borrow().clone();
            assert_eq!(state.status.code(), status.code());
            assert!(!status.remedy().is_empty());
        }
        let codes: std::collections::HashSet<_> = Status::ALL.map(Status::code).into();
        assert_eq!(codes.len(), Status::ALL.len());
    }

    #[test]
    fn counters_do_not_wake_those_who_wait_for_a_change() {
        let (reporter, mut state) = Reporter::new("lane 1");
        state.mark_unchanged();
        reporter.count(|s| s.frames_decoded += 1);
        assert!(!state.has_changed().expect("open"));
        assert_eq!(state.borrow().frames_decoded, 1);
        reporter.set(Status::Live, "first picture");
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

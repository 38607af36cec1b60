//! What a camera is doing, for the daemon to report.

use frame::ClockSource;
use jiff::Timestamp;
use serde::Serialize;

use crate::CameraStatus;

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
    /// Pictures that came per second, measured over some seconds; `None` before that.
    pub fps: Option<f32>,
}

/// Everything the daemon may want to tell about one camera. Holds no secrets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct State {
    /// What it is doing.
    pub status: CameraStatus,
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
    /// Pictures that nobody needed while the camera rested.
    pub frames_undecoded: u64,
    /// Pictures handed to the consumer.
    pub frames_delivered: u64,
    /// Pictures replaced by a newer one before the consumer took them.
    pub frames_skipped: u64,
    /// Pictures or packets that could not be decoded.
    pub decode_errors: u64,
    /// How often decoding panicked and began again.
    pub decoder_panics: u64,
    /// RTP packets lost on the way.
    pub packets_lost: u64,
    /// Packets thrown away because decoding was too slow.
    pub packets_late: u64,
}

impl State {
    /// The state before the first attempt.
    pub(crate) fn new() -> Self {
        Self {
            status: CameraStatus::Connecting,
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
            frames_undecoded: 0,
            frames_delivered: 0,
            frames_skipped: 0,
            decode_errors: 0,
            decoder_panics: 0,
            packets_lost: 0,
            packets_late: 0,
        }
    }
}

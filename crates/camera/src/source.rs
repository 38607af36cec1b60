//! Where frames come from and how they are to be delivered.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use line::Backoff;

use crate::{Address, Attention, Error, Login, Secret};

/// A camera, or something recorded that stands in for one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Source {
    /// A network camera.
    Rtsp {
        /// Its URL without credentials.
        address: Address,
        /// User name and password, when it asks for them.
        login: Option<Login>,
    },
    /// A recorded file or a folder of pictures.
    File {
        /// `.mp4`, `.mkv`, `.h264`, `.h265`, or a folder of pictures.
        path: PathBuf,
        /// How fast it is played.
        pace: Playback,
        /// Wall time of its first picture.
        start: Timestamp,
        /// Whether it begins anew at its end, for ever.
        repeat: bool,
    },
}

impl Source {
    /// A network camera. Credentials in the URL are split off; `user` and `password` win over them.
    ///
    /// # Errors
    /// [`Error::Address`] when `url` can't be used; nothing of it is repeated.
    pub fn rtsp(url: &str, user: Option<&str>, password: Option<Secret>) -> Result<Self, Error> {
        let (address, in_url) = Address::parse(url)?;
        let login = match user {
            Some(user) => Some(Login {
                user: user.to_owned(),
                password: password.unwrap_or_default(),
            }),
            None => in_url,
        };
        Ok(Self::Rtsp { address, login })
    }

    /// A recorded file that is played once and counts its time from `start`.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>, pace: Playback, start: Timestamp) -> Self {
        Self::File {
            path: path.into(),
            pace,
            start,
            repeat: false,
        }
    }
}

/// How fast a recorded file is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Playback {
    /// As it was recorded. A slow consumer misses frames, as with a camera.
    RealTime,
    /// As fast as the consumer takes the frames; none is skipped.
    AsFast,
}

/// How a camera is watched. The defaults suit a gate.
#[derive(Debug, Clone)]
pub struct Options {
    /// Pictures per second that are converted and delivered; `None` delivers all. Can be changed later
    /// through [`CameraHandle::rate`](crate::CameraHandle::rate).
    pub analyse_fps: Option<f32>,
    /// Whether all pictures are wanted or only looks. Cameras may share one; they rest and wake together.
    pub attention: Attention,
    /// Smaller pictures (width, height in pixels) are refused. HJ 1321-2023 asks for 1280 x 720.
    pub min_size: Option<(u32, u32)>,
    /// Picture rate of folders and of raw `.h264` and `.h265`, which carry no times.
    pub assumed_fps: f32,
    /// No picture for this long: the connection is given up and made anew.
    pub stall_after: Duration,
    /// The same picture for this long is reported as frozen.
    pub frozen_after: Duration,
    /// A black picture for this long is reported as black.
    pub black_after: Duration,
    /// Longest wait for each answer while connecting.
    pub answer_timeout: Duration,
    /// Longest wait for the camera to forget a session of ours before a new one is asked for.
    pub stale_wait: Duration,
    /// Waits after lost connections.
    pub backoff: Backoff,
    /// A connection that lived this long lets the waits start from the first again.
    pub stable_after: Duration,
    /// Wait after a picture that is too small or in an unknown coding: a person must act.
    pub refused_retry: Duration,
    /// Wait after a refused login. Long, because cameras lock an account after a few failures.
    pub unauthorized_retry: Duration,
    /// Largest difference at which a camera's clock is believed rather than the arrival time.
    pub clock_tolerance: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            analyse_fps: Some(8.0),
            attention: Attention::default(),
            min_size: Some((1280, 720)),
            assumed_fps: 25.0,
            stall_after: Duration::from_secs(5),
            frozen_after: Duration::from_secs(20),
            black_after: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(10),
            stale_wait: Duration::from_secs(10),
            backoff: Backoff {
                first: Duration::from_secs(1),
                longest: Duration::from_secs(30),
            },
            stable_after: Duration::from_secs(60),
            refused_retry: Duration::from_secs(60),
            unauthorized_retry: Duration::from_secs(300),
            clock_tolerance: Duration::from_secs(10),
        }
    }
}

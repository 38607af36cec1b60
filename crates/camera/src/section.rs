//! What a site sets for a camera, read and shown.

use std::time::Duration;

use jiff::Timestamp;
use settings::{Printer, Section};
use words::{Key, Said};

use crate::{Options, Playback, Source};

const PACES: [(&str, Playback); 2] = [
    ("real_time", Playback::RealTime),
    ("as_fast", Playback::AsFast),
];

impl Source {
    /// A camera's `url` with its login, or a recorded `file`. A recording begins now.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let url = section.text("url");
        let file = section.path("file");
        let user = section.text("user");
        let password = section.secret("password");
        let pace = section.one_of("pace", &PACES, Playback::RealTime);
        let repeat = section.flag("repeat", false);
        if password.is_some() && user.is_none() {
            section.problem("user", Key::MistakeUserForPassword);
        }
        match (url, file) {
            (Some(url), None) => Self::rtsp(&url, user.as_deref(), password)
                .map_err(|e| section.problem("url", e.said()))
                .ok(),
            (None, Some(path)) => Some(Self::File {
                path,
                pace,
                start: Timestamp::now(),
                repeat,
            }),
            (Some(_), Some(_)) => {
                section.problem("file", Key::MistakeUrlAndFile);
                None
            }
            // One that is refused is told already.
            (None, None) if section.has("url") => None,
            (None, None) => {
                let said = Said::with(Key::MistakeRequired, "key", "url");
                let example = "rtsp://192.168.1.64/Streaming/Channels/101";
                section.problem("url", said.and("example", example));
                None
            }
        }
    }

    /// A camera's second stream, `watch_url`, with the login of the first.
    #[must_use]
    pub fn read_watch(section: &Section) -> Option<Self> {
        let url = section.text("watch_url")?;
        if !section.has("url") {
            section.problem("watch_url", Key::MistakeWatchWithoutUrl);
            return None;
        }
        let user = section.text("user");
        Self::rtsp(&url, user.as_deref(), section.secret("password"))
            .map_err(|e| section.problem("watch_url", e.said()))
            .ok()
    }

    /// Shows what [`Source::read_watch`] reads.
    pub fn show_watch(&self, printer: &mut Printer) {
        if let Self::Rtsp { address, .. } = self {
            printer.value("watch_url", address.to_string());
        }
    }

    /// Shows what [`Source::read`] reads. A secret that stands in the address is masked.
    pub fn show(&self, printer: &mut Printer) {
        match self {
            Self::Rtsp { address, login } => {
                printer.value("url", address.to_string());
                if let Some(login) = login {
                    printer.value("user", login.user.as_str());
                    printer.secret("password", &login.password);
                }
            }
            Self::File {
                path, pace, repeat, ..
            } => {
                printer.path("file", path);
                printer.word("pace", &PACES, pace);
                printer.value("repeat", *repeat);
            }
        }
    }
}

/// `[watching]`: when a camera is no longer believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watching {
    /// No picture for this long: the connection is made anew.
    pub stall_after: Duration,
    /// The same picture for this long is reported as frozen.
    pub frozen_after: Duration,
    /// A black picture for this long is reported as black.
    pub black_after: Duration,
}

impl Watching {
    /// Reads `[watching]`.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let defaults = Options::default();
        Self {
            stall_after: section.length("stall_after", defaults.stall_after),
            frozen_after: section.length("frozen_after", defaults.frozen_after),
            black_after: section.length("black_after", defaults.black_after),
        }
    }

    /// Shows what [`Watching::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.length("stall_after", self.stall_after);
        printer.length("frozen_after", self.frozen_after);
        printer.length("black_after", self.black_after);
    }

    /// Options that watch a camera so, at `fps` analysed pictures a second.
    #[must_use]
    pub fn options(&self, fps: f32) -> Options {
        Options {
            analyse_fps: Some(fps),
            stall_after: self.stall_after,
            frozen_after: self.frozen_after,
            black_after: self.black_after,
            ..Options::default()
        }
    }
}

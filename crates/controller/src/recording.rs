//! What of a lane is recorded, where the site has a `[recorder]`.

use camera::Source;
use settings::{Printer, Section};

const GB: u64 = 1_000_000_000;

/// What of a lane's camera is recorded.
#[derive(Debug, Clone)]
pub struct LaneRecording {
    /// Whether anything is.
    pub is_on: bool,
    /// A second stream of the camera; without it, what the plates are read from.
    pub source: Option<Source>,
    /// The most that it may take.
    pub quota_bytes: Option<u64>,
}

impl LaneRecording {
    /// Reads the keys of a lane; a second stream has the login of its camera.
    pub(crate) fn read(section: &Section, camera: Option<&Source>) -> Self {
        let source = section.text("record_url").and_then(|url| {
            let login = match camera {
                Some(Source::Rtsp { login, .. }) => login.clone(),
                _ => None,
            };
            let (user, password) = login.map_or((None, None), |login| {
                (Some(login.user), Some(login.password))
            });
            Source::rtsp(&url, user.as_deref(), password)
                .map_err(|e| section.problem("record_url", e.said()))
                .ok()
        });
        let quota_gb = section.integer("record_quota_gb", 0, 0..=1_000_000);
        Self {
            is_on: section.flag("record", true),
            source,
            quota_bytes: (quota_gb > 0).then(|| u64::from(quota_gb) * GB),
        }
    }

    /// Shows what is read.
    pub(crate) fn show(&self, printer: &mut Printer) {
        printer.value("record", self.is_on);
        if let Some(Source::Rtsp { address, .. }) = &self.source {
            printer.value("record_url", address.to_string());
        }
        let quota = self
            .quota_bytes
            .map(|bytes| i64::try_from(bytes / GB).unwrap_or(i64::MAX));
        printer.maybe("record_quota_gb", quota);
    }
}

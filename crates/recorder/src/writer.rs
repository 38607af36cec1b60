//! One camera's video onto the disk: what the cutter says is done, and what the disk refuses becomes a gap.

use std::sync::Arc;
use std::time::{Duration, Instant};

use camera::Format;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::container::Group;
use crate::cut::Step;
use crate::disks::VideoDisks;
use crate::error::{Error, Result};
use crate::gap::{Gap, GapReason};
use crate::index::VideoIndex;
use crate::progress::VideoMeter;
use crate::video_file::VideoFile;

/// Before a disk that refused is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Writes one camera's files.
pub(crate) struct VideoWriter {
    pub(crate) camera: String,
    pub(crate) zone: TimeZone,
    pub(crate) index: Arc<VideoIndex>,
    pub(crate) disks: VideoDisks,
    pub(crate) meter: VideoMeter,
    /// By how much the camera's clock differs from ours, now.
    pub(crate) clock_offset_ms: Box<dyn Fn() -> Option<i64> + Send>,
    format: Option<Arc<Format>>,
    file: Option<VideoFile>,
    /// Whether a gap is open, and why.
    gap: Option<GapReason>,
    not_before: Option<Instant>,
}

impl VideoWriter {
    pub(crate) fn new(
        camera: &str,
        zone: TimeZone,
        index: Arc<VideoIndex>,
        disks: VideoDisks,
        clock_offset_ms: Box<dyn Fn() -> Option<i64> + Send>,
    ) -> Self {
        Self {
            camera: camera.to_owned(),
            zone,
            index,
            disks,
            meter: VideoMeter::new(camera),
            clock_offset_ms,
            format: None,
            file: None,
            gap: None,
            not_before: None,
        }
    }

    /// The time since the last that was kept was without the service; from now on the camera is waited for.
    pub(crate) fn start(&mut self, now: Timestamp) -> Result<()> {
        self.index.close_gap(&self.camera, now)?;
        let last = self.index.last(&self.camera)?.map(|last| last.end());
        if let Some(from) = last.filter(|last| *last < now) {
            let stopped = Gap {
                from,
                until: Some(now),
                reason: GapReason::ServiceStopped,
            };
            self.index.note(&self.camera, &stopped)?;
        }
        let waits = GapReason::CameraAway;
        self.index.open_gap(&self.camera, waits, now)?;
        self.gap = Some(waits);
        self.meter
            .count(|progress| progress.missing = Some((waits, now)));
        Ok(())
    }

    /// Does a step; false when what follows is to begin with a new file.
    pub(crate) fn step(&mut self, step: Step) -> bool {
        match step {
            Step::Begin(format) => self.format = Some(format),
            Step::Write(group) => return self.write(&group),
            Step::End => self.end(),
            Step::Missing(reason, from) => self.missing(reason, from),
            Step::Noted(gap) => self.told(self.index.note(&self.camera, &gap)),
        }
        true
    }

    /// Closes what is open; the time that follows is without the service.
    pub(crate) fn finish(&mut self) {
        self.end();
    }

    #[cfg(test)]
    pub(crate) fn rested(&mut self) {
        self.not_before = None;
    }

    fn write(&mut self, group: &Group) -> bool {
        if self.not_before.is_some_and(|then| Instant::now() < then) {
            return false;
        }
        let (from, _) = group.taken();
        let written = self.ready(group).and_then(|file| file.write(group));
        match written {
            Ok(bytes) => {
                self.kept(group, bytes);
                true
            }
            Err(error) => {
                self.refused(&error, from);
                false
            }
        }
    }

    /// The file that the group goes into, with room for it.
    fn ready(&mut self, group: &Group) -> Result<&mut VideoFile> {
        let file = match self.file.take() {
            // A file begins with a key picture: where this one may not grow, nothing is kept until then.
            Some(file) => match self.disks.takes(file.root()) {
                Ok(()) => file,
                Err(why) => {
                    self.close(file);
                    return Err(Error::NoRoom(why));
                }
            },
            None => self.create(group)?,
        };
        Ok(self.file.insert(file))
    }

    fn create(&self, group: &Group) -> Result<VideoFile> {
        let root = self.disks.pick().map_err(Error::NoRoom)?;
        let format = self
            .format
            .as_ref()
            .ok_or(Error::NoRoom(GapReason::CameraAway))?;
        VideoFile::create(root, &self.camera, &self.zone, format, group)
    }

    fn kept(&mut self, group: &Group, bytes: u64) {
        let (from, _) = group.taken();
        if self.gap.take().is_some() {
            tracing::info!(camera = self.camera, since = %from, "video is kept");
            self.told(self.index.close_gap(&self.camera, from));
        }
        self.not_before = None;
        let until = group.pictures.iter().map(|picture| picture.captured).max();
        self.meter.count(|progress| {
            progress.missing = None;
            progress.kept_until = until;
            progress.bytes += bytes;
            progress.pictures += group.pictures.len() as u64;
        });
    }

    fn refused(&mut self, error: &Error, from: Timestamp) {
        let reason = match error {
            Error::Io { source, .. } if is_full(source) => GapReason::DiskFull,
            Error::NoRoom(reason) => *reason,
            _ => GapReason::DiskAway,
        };
        if !matches!(error, Error::NoRoom(_)) {
            self.not_before = Some(Instant::now() + AGAIN);
        }
        self.end();
        self.missing(reason, from);
        tracing::error!(camera = self.camera, reason = reason.code(), %error, "video is not kept");
    }

    fn end(&mut self) {
        if let Some(file) = self.file.take() {
            self.close(file);
        }
    }

    /// Closes a file; one that can't be closed is left to repair.
    fn close(&self, file: VideoFile) {
        let part = file.part();
        let kept = file.finish().and_then(|video| {
            let Some(video) = video else { return Ok(()) };
            self.meter.count(|progress| progress.files += 1);
            let offset = (self.clock_offset_ms)();
            self.index.add(&self.camera, &video, offset, false)
        });
        if let Err(error) = kept {
            tracing::error!(camera = self.camera, file = %part.display(), %error, "a file of video was left open; repair closes it at the next start");
        }
    }

    fn missing(&mut self, reason: GapReason, from: Timestamp) {
        self.meter.count(|progress| {
            let is_new = progress.missing.is_none_or(|(known, _)| known != reason);
            if is_new {
                progress.missing = Some((reason, from));
                progress.stops += 1;
            }
        });
        if self.gap == Some(reason) {
            return;
        }
        if self.gap.replace(reason).is_some() {
            self.told(self.index.close_gap(&self.camera, from));
        }
        self.told(self.index.open_gap(&self.camera, reason, from));
    }

    fn told(&self, told: Result<()>) {
        if let Err(error) = told {
            tracing::error!(camera = self.camera, %error, "the index of video could not be written");
        }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}

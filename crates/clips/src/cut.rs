//! One clip: whether its time has come, and cutting it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use passage::{ClipFile, ClipHole, ClipState, LanePlace, NewClip, WantedClip};
use recorder::{ClipSpan, CutClip, Error, VideoDisks, VideoIndex};

use crate::name;

/// What was taken by then may still be on its way to the disk.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_secs(10);
/// Longer than any file lasts: what is not in the index by then does not come.
const AT_LATEST: SignedDuration = SignedDuration::from_mins(15);
/// For a time of which nothing tells why it is missing.
const NOT_RECORDED: &str = "not_recorded";

/// What clips are cut with.
#[derive(Debug)]
pub(crate) struct Scissors {
    pub(crate) index: VideoIndex,
    pub(crate) disks: VideoDisks,
    pub(crate) zone: TimeZone,
    pub(crate) places: Vec<LanePlace>,
}

impl Scissors {
    /// Whether all that will be recorded of its time is.
    pub(crate) fn is_ripe(&self, clip: &WantedClip, now: Timestamp) -> Result<bool, Error> {
        let since = now.duration_since(clip.until);
        if since < ON_ITS_WAY {
            return Ok(false);
        }
        Ok(since > AT_LATEST || self.index.is_closed_until(&clip.lane, clip.until)?)
    }

    /// Cuts it; what is missing is told.
    pub(crate) fn cut(&self, clip: &WantedClip, most_bytes: u64) -> Result<NewClip, Error> {
        let span = ClipSpan {
            camera: clip.lane.clone(),
            from: clip.from,
            until: clip.until,
            name: name::of(clip, &self.places, &self.zone),
        };
        let cut = span.cut(&self.index, &self.disks, &self.zone, most_bytes)?;
        Ok(told(clip, &cut))
    }
}

fn told(clip: &WantedClip, cut: &CutClip) -> NewClip {
    let state = match (cut.files.is_empty(), cut.missing.is_empty()) {
        (true, _) => ClipState::None,
        (false, true) => ClipState::Whole,
        (false, false) => ClipState::Partly,
    };
    let missing = cut.missing.iter().map(|(from, until, why)| ClipHole {
        from: *from,
        until: *until,
        reason: why.map_or(NOT_RECORDED, |why| why.code()).to_owned(),
    });
    let files = cut.files.iter().map(|file| ClipFile {
        path: file.path.display().to_string(),
        sha256: file.video.sha256.clone(),
        size_bytes: file.video.bytes,
        from: file.video.from,
        until: file.video.until,
        pictures: file.video.pictures,
        coding: file.coding.clone(),
    });
    NewClip {
        of: clip.of,
        lane: clip.lane.clone(),
        from: clip.from,
        until: clip.until,
        state,
        missing: missing.collect(),
        files: files.collect(),
    }
}

//! Times that there is no video of, and whether anybody accounts for them.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use recorder::{GapReason, VideoSpan, uncovered};

use crate::stretch::SEAM;

/// A time without video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What the recorder wrote down when it came about. Without that somebody has cut the video, or lost it.
    pub reason: Option<GapReason>,
    /// The file that was there, where one was.
    pub file: Option<PathBuf>,
}

impl Hole {
    /// Whether nobody accounts for it: nothing was written down, or what was there is gone.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        self.reason.is_none_or(|why| why == GapReason::FileGone)
    }
}

/// What is missing of the time from `from` to `until`.
pub(crate) fn holes(span: &VideoSpan, from: Timestamp, until: Timestamp) -> Vec<Hole> {
    let mut there: Vec<(Timestamp, Timestamp)> = Vec::new();
    let mut holes = Vec::new();
    let asked = span
        .videos
        .iter()
        .filter(|video| video.start < until && video.end() > from);
    for video in asked {
        if video.gone.is_some() {
            holes.push(Hole {
                from: video.start.max(from),
                until: video.end().min(until),
                reason: Some(GapReason::FileGone),
                file: Some(video.file.clone()),
            });
        }
        // One that is gone is told already; it is no hole once more.
        there.push((video.start, video.end()));
    }
    there.sort();
    let missing = uncovered(there, from, until).into_iter();
    let missing = missing.filter(|(from, until)| until.duration_since(*from) > SEAM);
    holes.extend(missing.map(|(from, until)| explained(span, from, until)));
    holes.sort_by_key(|hole| hole.from);
    holes
}

/// A hole with the reason that was written down for most of it.
fn explained(span: &VideoSpan, from: Timestamp, until: Timestamp) -> Hole {
    let lasts = until.duration_since(from);
    let told = |gap: &&recorder::Gap| {
        let end = gap.until.unwrap_or(until).min(until);
        gap.reason.is_hole() && end.duration_since(gap.from.max(from)) > SignedDuration::ZERO
    };
    let gaps: Vec<_> = span.gaps.iter().filter(told).collect();
    let covered = gaps.iter().map(|gap| {
        let end = gap.until.unwrap_or(until).min(until);
        end.duration_since(gap.from.max(from))
    });
    let covered: SignedDuration = covered.sum();
    // A camera that comes back waits for its next key picture, and a file begins there.
    let is_told = covered + SEAM * 5 >= lasts;
    let longest = gaps
        .iter()
        .max_by_key(|gap| gap.until.unwrap_or(until).duration_since(gap.from));
    Hole {
        from,
        until,
        reason: longest.filter(|_| is_told).map(|gap| gap.reason),
        file: None,
    }
}

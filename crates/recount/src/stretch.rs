//! Video that goes on without a hole, cut into parts that are read side by side.

use jiff::{SignedDuration, Timestamp};
use recorder::VideoRow;

/// Files follow each other without a hole when their times do to this: the last picture of one lasts until the first of the next.
pub(crate) const SEAM: SignedDuration = SignedDuration::from_secs(2);
/// How much of the time asked for is one part. Each is read with what leads into it, so short ones are work for nothing.
const PART: SignedDuration = SignedDuration::from_mins(15);
/// What is read before a part, so that signs are known and whoever stands there has come.
const LEAD_IN: SignedDuration = SignedDuration::from_secs(60);
/// What is read behind it, so that whoever was decided at its end has left, and the better reading of leaving counts.
const LEAD_OUT: SignedDuration = SignedDuration::from_secs(45);
/// Eyes that began elsewhere decide a moment sooner or later: parts answer for so much more than their own time, and what
/// two of them tell is one vehicle.
const SHARED: SignedDuration = SignedDuration::from_secs(5);

/// A part of a recording without a hole.
#[derive(Debug, Clone)]
pub(crate) struct Stretch<'v> {
    /// The files to read, one behind the other.
    pub(crate) videos: Vec<&'v VideoRow>,
    /// Pictures from then on are looked at.
    pub(crate) look_from: Timestamp,
    /// Up to then.
    pub(crate) look_until: Timestamp,
    /// Vehicles decided from then on are this part's.
    pub(crate) from: Timestamp,
    /// Up to then.
    pub(crate) until: Timestamp,
    /// When the first picture of the recording without a hole was taken.
    pub(crate) begins: Timestamp,
    /// When its last one ends.
    pub(crate) ends: Timestamp,
}

/// Parts that together cover what `videos` (in the order of recording) have of the time from `from` to `until`.
pub(crate) fn stretches(
    videos: &[VideoRow],
    from: Timestamp,
    until: Timestamp,
) -> Vec<Stretch<'_>> {
    runs(videos)
        .iter()
        .flat_map(|run| parts(run, from, until))
        .collect()
}

/// Files that go on without a hole. Where the clock was set another run begins; that the camera's clock took over from that of arrival
/// is no hole.
fn runs(videos: &[VideoRow]) -> Vec<Vec<&VideoRow>> {
    let mut runs: Vec<Vec<&VideoRow>> = Vec::new();
    for video in videos.iter().filter(|video| video.gone.is_none()) {
        let goes_on = |last: &&VideoRow| {
            let apart = video.start.duration_since(last.end());
            apart.abs() <= SEAM
        };
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(goes_on) => run.push(video),
            _ => runs.push(vec![video]),
        }
    }
    runs
}

fn parts<'v>(run: &[&'v VideoRow], from: Timestamp, until: Timestamp) -> Vec<Stretch<'v>> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return Vec::new();
    };
    let (begins, ends) = (first.start, last.end());
    let (from, until) = (from.max(begins), until.min(ends));
    let mut parts = Vec::new();
    let mut at = from;
    while at < until {
        let next = earlier(until, at, PART);
        let (look_from, look_until) = (at - LEAD_IN, next + LEAD_OUT);
        let shown = run
            .iter()
            .filter(|video| video.start < look_until && video.end() > look_from);
        parts.push(Stretch {
            videos: shown.copied().collect(),
            look_from,
            look_until,
            from: at - SHARED,
            until: next + SHARED,
            begins,
            ends,
        });
        at = next;
    }
    parts
}

/// `after` from `at` on; all that is left, where that would leave a scrap.
fn earlier(until: Timestamp, at: Timestamp, after: SignedDuration) -> Timestamp {
    let next = at + after;
    let leaves_a_scrap = until.duration_since(next) < after / 4;
    if leaves_a_scrap { until } else { next }
}

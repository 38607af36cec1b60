//! The recount: a lane's recording from one time to another against its rows.

use jiff::{SignedDuration, Timestamp};
use passage::PassageView;
use recorder::VideoSpan;

use crate::compare::{Compared, Judgement, compare};
use crate::eyes::{Told, UnreadableVideo};
use crate::holes::{Hole, holes};
use crate::stretch::SEAM;

/// Whose recording is read again.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The lane, which the recording is named after.
    pub lane: String,
    /// From then on.
    pub from: Timestamp,
    /// Up to then.
    pub until: Timestamp,
}

impl Asked {
    /// The time of which video and rows are needed: [`Recount::MARGIN`] more at either end, as far as the calendar goes.
    #[must_use]
    pub fn with_margin(&self) -> (Timestamp, Timestamp) {
        let margin = Recount::MARGIN;
        let from = self.from.checked_sub(margin).unwrap_or(Timestamp::MIN);
        let until = self.until.checked_add(margin).unwrap_or(Timestamp::MAX);
        (from, until)
    }
}

/// A recording compared with the ledger.
#[derive(Debug, Clone)]
pub struct Recount {
    /// What was asked for; its end is the end of the recording, where that comes first and still goes on.
    pub asked: Asked,
    /// Each vehicle and each row, in the order of their times.
    pub compared: Vec<Compared>,
    /// What is missing of the video.
    pub holes: Vec<Hole>,
    /// Files that could not be read.
    pub unreadable: Vec<UnreadableVideo>,
    /// How much video was there.
    pub shown: SignedDuration,
    /// How many pictures were looked at.
    pub pictures: u64,
}

impl Recount {
    /// How far around the time asked for video and rows are needed, so that whoever was there at its ends is known.
    pub const MARGIN: SignedDuration = SignedDuration::from_mins(3);

    /// Compares what the eyes `told` of the recording `span` with `rows`; both are those of [`Asked::with_margin`].
    #[must_use]
    pub fn of(asked: &Asked, span: &VideoSpan, rows: Vec<PassageView>, told: Told) -> Self {
        let shown = shown(span, &told.unreadable);
        let is_shown = |from: Timestamp, until: Timestamp| {
            let (from, until) = (from - SEAM, until + SEAM);
            shown.iter().any(|&(s, e)| s <= from && until <= e)
        };
        let mut compared = compare(told.seen, rows, &is_shown);
        compared.retain(|one| (asked.from..asked.until).contains(&one.at()));
        let within = shown.iter().map(|&(start, end)| {
            let lasts = end.min(asked.until).duration_since(start.max(asked.from));
            lasts.max(SignedDuration::ZERO)
        });
        Self {
            asked: asked.clone(),
            compared,
            holes: holes(span, asked.from, asked.until),
            shown: within.sum(),
            unreadable: told.unreadable,
            pictures: told.pictures,
        }
    }

    /// How many were judged so.
    #[must_use]
    pub fn count(&self, judgement: Judgement) -> usize {
        let so = self
            .compared
            .iter()
            .filter(|one| one.judgement == judgement);
        so.count()
    }

    /// Whether video and ledger tell the same, and nothing is missing that nobody accounts for.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        let agrees = !self.compared.iter().any(|one| one.judgement.is_finding());
        agrees && !self.holes.iter().any(Hole::is_finding) && self.unreadable.is_empty()
    }
}

/// The times that there is video of, those that follow each other as one.
fn shown(span: &VideoSpan, unreadable: &[UnreadableVideo]) -> Vec<(Timestamp, Timestamp)> {
    let can_be_read = |video: &&recorder::VideoRow| {
        let is_broken = unreadable.iter().any(|file| file.file == video.file);
        video.gone.is_none() && !is_broken
    };
    let files = span.videos.iter().filter(can_be_read);
    let mut times: Vec<_> = files.map(|video| (video.start, video.end())).collect();
    times.sort();
    let mut shown: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (start, end) in times {
        match shown.last_mut() {
            Some(last) if start.duration_since(last.1) <= SEAM => last.1 = last.1.max(end),
            _ => shown.push((start, end)),
        }
    }
    shown
}

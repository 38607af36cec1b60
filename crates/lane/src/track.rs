//! One plate followed over frames: its way, its votes, its best frames.

use std::time::Duration;

use frame::{Frame, Quad};
use plate::{PlateRead, Vote};

use crate::path::{Path, Spot, WholeReads};
use crate::{KeyFrame, LaneSettings, Moment, NotCountedRule};

/// A plate that stands gives this many votes at one place: the same picture again says nothing
/// new, and ten minutes of glare must not outvote the approach.
const VOTES_AT_REST: u32 = 40;
/// Different readings of which a best frame is kept.
const HEADS: usize = 2;

/// A sighting after reading.
#[derive(Debug, Clone)]
pub(crate) struct ReadSighting<'a> {
    pub(crate) spot: Spot,
    pub(crate) quad: Quad,
    pub(crate) evidence: &'a plate::Evidence,
    pub(crate) read: PlateRead,
    pub(crate) quality: f32,
    /// Wholly inside the picture and wide enough to be read.
    pub(crate) votes: bool,
    /// Votes, and was read so surely that it would be accepted by itself.
    pub(crate) sure: bool,
    /// Where something fixed is known, and it may be that.
    pub(crate) at_fixed: bool,
    /// Where something fixed is known that reads like it.
    pub(crate) like_fixed: bool,
    /// At the left, right or lower edge of the picture.
    pub(crate) near_edge: bool,
}

#[derive(Debug, Clone)]
struct Head {
    score: f32,
    key: KeyFrame,
}

/// One plate followed over frames.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    pub(crate) path: Path,
    pub(crate) first: Moment,
    /// Watched time (see [`crate::Lane`]) when first seen …
    pub(crate) first_watch: Duration,
    pub(crate) last: Moment,
    /// … and when last seen.
    pub(crate) last_watch: Duration,
    last_quad: Quad,
    near_edge: bool,
    /// Sightings, voting or not.
    pub(crate) sightings: u32,
    vote: Vote,
    voted: Option<PlateRead>,
    legible: f32,
    weight: f32,
    /// The reading of one frame that is the surest so far; what others are compared with.
    surest: PlateRead,
    surest_score: f32,
    heads: Vec<Head>,
    at_rest: u32,
    best_weight: f32,
    whole: Option<WholeReads>,
    /// The rule that keeps it from being a vehicle although it could be read.
    pub(crate) held_back: Option<NotCountedRule>,
}

impl Track {
    pub(crate) fn new(frame: &Frame, watch: Duration, seen: &ReadSighting<'_>) -> Self {
        let now = Moment::of(frame);
        let mut track = Self {
            path: Path::new(seen.spot),
            first: now,
            first_watch: watch,
            last: now,
            last_watch: watch,
            last_quad: seen.quad,
            near_edge: seen.near_edge,
            sightings: 1,
            vote: Vote::default(),
            voted: None,
            legible: 0.0,
            weight: 0.0,
            surest: seen.read.clone(),
            surest_score: 0.0,
            heads: Vec::new(),
            at_rest: 0,
            best_weight: 0.0,
            whole: None,
            held_back: None,
        };
        track.count(frame, seen);
        track
    }

    pub(crate) fn add(&mut self, frame: &Frame, watch: Duration, seen: &ReadSighting<'_>) {
        if seen.at_fixed {
            self.path.add_fixed(seen.spot);
        } else {
            self.path.add(seen.spot);
        }
        self.last = Moment::of(frame);
        self.last_watch = watch;
        self.last_quad = seen.quad;
        self.near_edge = seen.near_edge;
        self.sightings += 1;
        self.count(frame, seen);
    }

    fn count(&mut self, frame: &Frame, seen: &ReadSighting<'_>) {
        if !seen.votes {
            return;
        }
        if seen.sure {
            self.add_whole(seen);
        }
        let weight = (seen.quality * seen.read.legible).max(0.01);
        self.at_rest = if self.path.stood_for() < Duration::from_secs(1) {
            0
        } else {
            self.at_rest + 1
        };
        if self.at_rest <= VOTES_AT_REST || weight > 1.1 * self.best_weight {
            self.vote.add(seen.evidence, weight);
            self.voted = None;
            self.legible += seen.read.legible * seen.quality.max(0.01);
            self.weight += seen.quality.max(0.01);
            self.best_weight = self.best_weight.max(weight);
        }
        let score = weight * seen.read.confidence.max(0.01);
        if score > self.surest_score {
            self.surest_score = score;
            self.surest = seen.read.clone();
        }
        self.keep(frame, seen, score);
    }

    fn add_whole(&mut self, seen: &ReadSighting<'_>) {
        match &mut self.whole {
            Some(whole) => {
                if whole.add(&seen.read, seen.spot) {
                    self.path.set_moved();
                }
            }
            None => self.whole = Some(WholeReads::new(&seen.read, seen.spot)),
        }
    }

    /// Keeps the best frame of each of the best readings.
    fn keep(&mut self, frame: &Frame, seen: &ReadSighting<'_>, score: f32) {
        let same = |h: &Head| h.key.read.as_ref().map(|r| &r.plate) == Some(&seen.read.plate);
        let place = match self.heads.iter().position(same) {
            Some(place) => place,
            None if self.heads.len() < HEADS => self.heads.len(),
            None => self.heads.len() - 1,
        };
        if self.heads.get(place).is_some_and(|h| h.score >= score) {
            return;
        }
        let key = KeyFrame {
            frame: frame.clone(),
            quad: Some(seen.quad),
            read: Some(seen.read.clone()),
        };
        self.heads.truncate(HEADS);
        if place < self.heads.len() {
            self.heads[place] = Head { score, key };
        } else {
            self.heads.push(Head { score, key });
        }
        self.heads.sort_by(|a, b| b.score.total_cmp(&a.score));
    }

    /// Whether it was ever read whole and surely.
    pub(crate) fn was_sure(&self) -> bool {
        self.whole.is_some()
    }

    /// The voted plate; `None` before the first vote.
    pub(crate) fn read(&mut self) -> Option<&PlateRead> {
        if self.voted.is_none() {
            self.voted = self.vote.result();
        }
        self.voted.as_ref()
    }

    /// The surest single reading.
    pub(crate) fn surest(&self) -> &PlateRead {
        &self.surest
    }

    /// Where it was last seen.
    pub(crate) fn quad(&self) -> Quad {
        self.last_quad
    }

    pub(crate) fn votes(&self) -> u32 {
        self.vote.frames()
    }

    /// Mean legibility of the frames that voted, 0 to 1.
    pub(crate) fn legible(&self) -> f32 {
        if self.weight > 0.0 {
            self.legible / self.weight
        } else {
            0.0
        }
    }

    /// Whether enough frames say that this is a plate.
    pub(crate) fn is_plate(&self, settings: &LaneSettings) -> bool {
        self.votes() >= settings.min_frames && self.legible() >= settings.min_legible
    }

    /// Whether the voted plate is sure enough to act on.
    pub(crate) fn is_accepted(&mut self, settings: &LaneSettings) -> bool {
        self.is_plate(settings)
            && self
                .read()
                .is_some_and(|r| r.confidence >= settings.accept_confidence)
    }

    /// The frame that shows the voted plate best.
    pub(crate) fn head(&mut self) -> Option<KeyFrame> {
        let plate = self.read().map(|r| r.plate.clone());
        let agrees = |h: &&Head| h.key.read.as_ref().map(|r| &r.plate) == plate.as_ref();
        let best = self.heads.iter().find(agrees).or(self.heads.first())?;
        Some(best.key.clone())
    }

    /// Continues with `later`, which turned out to be the same plate.
    pub(crate) fn join(&mut self, later: Self) {
        self.path.join(&later.path);
        self.vote.merge(&later.vote);
        self.voted = None;
        self.legible += later.legible;
        self.weight += later.weight;
        self.best_weight = self.best_weight.max(later.best_weight);
        self.sightings += later.sightings;
        (self.last, self.last_watch) = (later.last, later.last_watch);
        (self.last_quad, self.near_edge) = (later.last_quad, later.near_edge);
        self.at_rest = later.at_rest;
        if later.surest_score > self.surest_score {
            (self.surest, self.surest_score) = (later.surest, later.surest_score);
        }
        self.whole = later.whole.or(self.whole.take());
        self.heads.extend(later.heads);
        self.heads.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.heads.truncate(HEADS);
    }

    /// Lets go of the frames.
    pub(crate) fn drop_heads(&mut self) {
        self.heads.clear();
    }

    /// Whether the voted plate is a trailer's.
    pub(crate) fn is_trailer(&mut self) -> bool {
        self.read().is_some_and(|r| r.plate.ends_with('挂'))
    }

    /// Whether it stood when last seen.
    pub(crate) fn stands(&self, settings: &LaneSettings) -> bool {
        self.path.stood_for() >= settings.stand_for
    }

    /// Whether it was leaving its place, or the picture, when last seen.
    pub(crate) fn was_going(&self, settings: &LaneSettings) -> bool {
        self.path.going() || self.near_edge || !self.stands(settings)
    }

    /// For how long it had stood when last seen.
    pub(crate) fn stood_for(&self) -> Duration {
        self.path.stood_for()
    }
}

//! How full the lane is over time: the spans in which something large is in it.

use std::collections::VecDeque;
use std::time::Duration;

use frame::Frame;

use crate::track::Track;
use crate::{Moment, Presence, Settings};

/// Motion counts for this long as "just now".
const LATELY: Duration = Duration::from_millis(2_500);
/// A vehicle moves visibly for at least this long as it comes …
const MOVES_IN: Duration = Duration::from_millis(400);
/// … and as it goes.
const MOVES_OUT: Duration = Duration::from_millis(300);
/// No vehicle fills this share of its peak from one frame to the next; a light does.
const JUMP: f32 = 0.6;
/// Fullness is averaged over this time.
const CALM_S: f32 = 0.4;
/// A lane that is only this much as full as at the peak is being left.
const VALLEY: f32 = 0.45;
/// What follows a vehicle without a gap may still be its trailer, unless it stays for this long.
const NEXT_FOR: Duration = Duration::from_secs(3);
/// Motion this long into a span still belongs to coming in.
const ARRIVAL: Duration = Duration::from_secs(3);

/// What is known about the lane's fullness now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fullness {
    Unknown,
    Clear,
    Occupied,
}

/// One stretch of time in which the lane is occupied.
#[derive(Debug)]
pub(crate) struct Span {
    pub(crate) since: Moment,
    pub(crate) last: Moment,
    /// Watched time since it began.
    pub(crate) lasted: Duration,
    /// A vehicle was seen in it.
    pub(crate) owned: bool,
    /// The best plate-like thing that moved in it without becoming a vehicle.
    pub(crate) weak: Option<Track>,
    pub(crate) best: Option<(f32, Frame)>,
    /// It began behind another vehicle, before the lane was clear.
    follows: bool,
    /// What was in the lane already; what came in rises above it.
    floor: f32,
    peak: f32,
    level: f32,
    step: f32,
    moves_in: Duration,
    still_for: Duration,
    below_for: Duration,
    moves_out: Duration,
}

impl Span {
    fn new(frame: &Frame, floor: f32, moves_in: Duration) -> Self {
        Self {
            since: Moment::of(frame),
            last: Moment::of(frame),
            lasted: Duration::ZERO,
            owned: false,
            weak: None,
            best: None,
            follows: false,
            floor,
            peak: floor,
            level: floor,
            step: 0.0,
            moves_in,
            still_for: Duration::ZERO,
            below_for: Duration::ZERO,
            moves_out: Duration::ZERO,
        }
    }

    /// Came in as vehicles do, not as light or a shadow on the lens does.
    pub(crate) fn drove_in(&self) -> bool {
        self.moves_in >= MOVES_IN && self.step < JUMP * self.peak
    }

    /// The first frame after a vehicle that leaves while the next one is already in view.
    fn behind(frame: &Frame, level: f32) -> Self {
        Self {
            follows: true,
            ..Self::new(frame, level, Duration::ZERO)
        }
    }

    /// Most of what came in has gone again.
    fn has_sunk(&self) -> bool {
        self.level - self.floor < VALLEY * (self.peak - self.floor)
    }

    fn is_large(&self, settings: &Settings) -> bool {
        self.peak - self.floor >= settings.blank_share
    }

    /// Something large drove in and now stands, and no plate was seen.
    pub(crate) fn stands_blank(&self, settings: &Settings) -> bool {
        !self.owned
            && self.drove_in()
            && self.is_large(settings)
            && self.level >= 0.6 * self.peak
            && self.still_for >= settings.blank_patience
    }

    /// Something large drove in, and out again if the span is over, and no plate was seen.
    pub(crate) fn was_blank(&self, settings: &Settings, over: bool) -> bool {
        !self.owned
            && self.drove_in()
            && self.is_large(settings)
            && self.lasted >= settings.blank_for
            && (!self.follows || self.lasted >= NEXT_FOR)
            && (!over || self.moves_out >= MOVES_OUT)
    }
}

/// Follows the lane's fullness.
#[derive(Debug, Default)]
pub(crate) struct Watcher {
    pub(crate) span: Option<Span>,
    known: bool,
    before: Option<f32>,
    /// Share of the lane that is occupied, without the flicker of rain.
    level: f32,
    lately: VecDeque<(Duration, Duration)>,
}

impl Watcher {
    /// Takes the fullness of one frame. `step` is the watched time since the frame before, `None`
    /// after a gap; `unsure` says that a moving thing may yet turn out to be a plate. Returns the
    /// span that ended with it.
    pub(crate) fn update(
        &mut self,
        presence: Option<Presence>,
        step: Option<Duration>,
        (watch, unsure): (Duration, bool),
        frame: &Frame,
        settings: &Settings,
    ) -> Option<Span> {
        let good = |p: &Presence| p.occupied.is_finite() && p.moving.is_finite();
        let Some(presence) = presence.filter(good) else {
            self.known = false;
            self.before = None;
            return None;
        };
        self.known = true;
        let spent = step.unwrap_or_default();
        let moves = presence.moving >= settings.moving_share;
        while self.lately.front().is_some_and(|l| watch - l.0 > LATELY) {
            self.lately.pop_front();
        }
        if moves && !spent.is_zero() {
            self.lately.push_back((watch, spent));
        }
        let lately: Duration = self.lately.iter().map(|l| l.1).sum();
        let rise = match (self.before, step) {
            (Some(before), Some(_)) => (presence.occupied - before).abs(),
            _ => 0.0,
        };
        self.before = Some(presence.occupied);
        let keep = (-spent.as_secs_f32() / CALM_S).exp();
        self.level = presence.occupied + (self.level - presence.occupied) * keep;
        let level = self.level;

        if self.span.is_none() && presence.occupied >= settings.occupied_share {
            self.span = Some(Span::new(frame, 0.0, lately));
        }
        let span = self.span.as_mut()?;
        span.lasted += spent;
        span.level = level;
        if level < span.floor || presence.occupied < span.floor {
            span.floor = presence.occupied.min(level);
            span.peak = span.floor;
        }
        if !span.follows || level <= presence.occupied {
            span.peak = span.peak.max(level);
        }
        span.step = span.step.max(rise);
        if moves {
            span.still_for = Duration::ZERO;
            if span.lasted <= ARRIVAL {
                span.moves_in += spent;
            }
        } else {
            span.still_for += spent;
        }
        if span
            .best
            .as_ref()
            .is_none_or(|b| presence.occupied > 1.02 * b.0)
        {
            span.best = Some((presence.occupied, frame.clone()));
        }
        if presence.occupied >= settings.clear_share {
            span.below_for = Duration::ZERO;
            span.last = Moment::of(frame);
            // The next vehicle is in view before one without a plate is out of it.
            span.moves_out = lately;
            let vehicle = span.owned || span.was_blank(settings, true);
            if vehicle && span.is_large(settings) && span.has_sunk() && !unsure {
                return self.span.replace(Span::behind(frame, presence.occupied));
            }
            return None;
        }
        if span.below_for.is_zero() {
            span.moves_out = lately;
        }
        span.below_for += spent;
        if span.below_for >= settings.clear_for {
            self.span.take()
        } else {
            None
        }
    }

    pub(crate) fn fullness(&self) -> Fullness {
        match (&self.span, self.known) {
            (_, false) => Fullness::Unknown,
            (None, true) => Fullness::Clear,
            (Some(_), true) => Fullness::Occupied,
        }
    }

    /// Nobody watched for long: what was known is void.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Takes what the running span shows of a vehicle without a plate; from now on it owns it.
    pub(crate) fn own_blank(&mut self) -> Option<Span> {
        let span = self.span.as_mut()?;
        span.owned = true;
        let mut shown = Span::new(&span.best.as_ref()?.1, 0.0, Duration::ZERO);
        (shown.since, shown.last, shown.best) = (span.since, span.last, span.best.clone());
        shown.weak = span.weak.take();
        Some(shown)
    }

    /// A vehicle is in the lane now.
    pub(crate) fn own(&mut self) {
        if let Some(span) = &mut self.span {
            span.owned = true;
        }
    }
}

//! Where files and fragments are cut. Handed packets with their times; it reads no clock and writes nothing.

use std::sync::Arc;
use std::time::Duration;

use camera::{AccessUnit, Format, Packet};
use frame::{ClockSource, MonoTime};
use jiff::{SignedDuration, Timestamp};

use crate::container::{Group, ticks_hz};
use crate::gap::{Gap, GapReason};

/// How long a file lasts, to the next key picture: short enough to be looked at and carried, long enough that a year
/// of a camera is half a million files.
pub(crate) const FILE_LENGTH: Duration = Duration::from_secs(60);
/// Cameras that send nothing but key pictures would have each of them synced by itself.
const SHORTEST_FRAGMENT: Duration = Duration::from_secs(1);
/// What a loss of power may cost, where a camera sends a key picture every ten seconds only.
const LONGEST_FRAGMENT: Duration = Duration::from_secs(4);
/// What is held in memory for a camera: 4 s of 32 Mbit/s.
const LARGEST_FRAGMENT_BYTES: usize = 16 << 20;
/// More than arrival varies by, less than anybody would overlook.
const CLOCK_SET: SignedDuration = SignedDuration::from_secs(2);
/// A camera whose stamps go another way than time has begun to count anew.
const STAMPS_BROKEN: SignedDuration = SignedDuration::from_secs(5);

/// What is to be done, in this order.
#[derive(Debug)]
pub(crate) enum Step {
    /// A new file begins; its first group follows.
    Begin(Arc<Format>),
    /// These pictures are next.
    Write(Group),
    /// The file is over.
    End,
    /// There is nothing since then.
    Missing(GapReason, Timestamp),
    /// There is video, and something is to be known about it.
    Noted(Gap),
}

/// Cuts one camera's stream.
#[derive(Debug, Default)]
pub(crate) struct Cutter {
    format: Option<Arc<Format>>,
    pending: Vec<AccessUnit>,
    pending_bytes: usize,
    /// When the file began.
    file: Option<MonoTime>,
    key: Option<Mark>,
    last: Option<Timestamp>,
    /// Pictures are damaged since then, until the next key picture.
    damaged: Option<Timestamp>,
}

/// A key picture's times.
#[derive(Debug, Clone, Copy)]
struct Mark {
    pts: i64,
    at: MonoTime,
    captured: Timestamp,
    clock: ClockSource,
}

/// Why a file ends before a key picture.
enum Cut {
    Full,
    OtherClock,
    ClockSet,
    StampsBroken,
}

impl Cutter {
    /// What a packet leads to.
    pub(crate) fn take(&mut self, packet: Packet) -> Vec<Step> {
        let mut steps = Vec::new();
        match packet {
            Packet::Begin(format) => {
                self.end(&mut steps);
                self.format = Some(format);
            }
            Packet::Unit(unit) if self.format.is_some() => self.unit(unit, &mut steps),
            Packet::Unit(_) => {}
            Packet::Missed(_) => self.stop(GapReason::TooSlow, &mut steps),
            Packet::End(_) => {
                self.stop(GapReason::CameraAway, &mut steps);
                self.format = None;
            }
        }
        steps
    }

    /// What is left when nothing comes any more.
    pub(crate) fn finish(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        self.end(&mut steps);
        steps
    }

    /// Begins anew with the next key picture: what was handed out could not be kept.
    pub(crate) fn begin_anew(&mut self) {
        self.pending.clear();
        self.pending_bytes = 0;
        self.file = None;
    }

    fn unit(&mut self, unit: AccessUnit, steps: &mut Vec<Step>) {
        if self.file.is_none() && !unit.key {
            return;
        }
        if unit.lost > 0 {
            self.damaged
                .get_or_insert(self.last.unwrap_or(unit.captured));
        }
        let cut = if unit.key { self.cut(&unit) } else { None };
        let next_pts = (!matches!(cut, Some(Cut::StampsBroken))).then_some(unit.pts);
        if cut.is_some() || self.is_fragment(&unit) {
            self.flush(next_pts, steps);
        }
        if unit.key
            && let Some(from) = self.damaged.take()
        {
            steps.push(noted(GapReason::PacketsLost, from, unit.captured));
        }
        if cut.is_some() || self.file.is_none() {
            self.begin(&unit, cut, steps);
        }
        if unit.key {
            self.key = Some(Mark::of(&unit));
        }
        self.last = Some(unit.captured);
        self.pending_bytes += unit.data.len();
        self.pending.push(unit);
    }

    fn begin(&mut self, unit: &AccessUnit, cut: Option<Cut>, steps: &mut Vec<Step>) {
        if self.file.replace(unit.at).is_some() {
            steps.push(Step::End);
        }
        if matches!(cut, Some(Cut::ClockSet))
            && let Some(last) = self.last
        {
            steps.push(noted(GapReason::ClockSet, last, unit.captured));
        }
        steps.extend(self.format.clone().map(Step::Begin));
    }

    /// Whether the file ends before this key picture.
    fn cut(&self, unit: &AccessUnit) -> Option<Cut> {
        let (began, key) = (self.file?, self.key?);
        if unit.clock != key.clock {
            return Some(Cut::OtherClock);
        }
        let passed = SignedDuration::try_from(unit.at.since(key.at)).unwrap_or_default();
        let by_clock = unit.captured.duration_since(key.captured) - passed;
        if by_clock.abs() > CLOCK_SET {
            return Some(Cut::ClockSet);
        }
        let by_stamps = self.stamped(unit.pts.saturating_sub(key.pts)) - passed;
        if unit.pts <= key.pts || by_stamps.abs() > STAMPS_BROKEN {
            return Some(Cut::StampsBroken);
        }
        (unit.at.since(began) >= FILE_LENGTH).then_some(Cut::Full)
    }

    /// Whether what waits is a fragment before this picture.
    fn is_fragment(&self, unit: &AccessUnit) -> bool {
        let Some(first) = self.pending.first() else {
            return false;
        };
        let lasts = unit.at.since(first.at);
        let large = self.pending_bytes + unit.data.len() > LARGEST_FRAGMENT_BYTES;
        large || lasts >= LONGEST_FRAGMENT || (unit.key && lasts >= SHORTEST_FRAGMENT)
    }

    fn flush(&mut self, next_pts: Option<i64>, steps: &mut Vec<Step>) {
        let pictures = std::mem::take(&mut self.pending);
        self.pending_bytes = 0;
        if !pictures.is_empty() {
            steps.push(Step::Write(Group { pictures, next_pts }));
        }
    }

    fn end(&mut self, steps: &mut Vec<Step>) {
        self.flush(None, steps);
        if self.file.take().is_some() {
            steps.push(Step::End);
        }
        if let (Some(from), Some(last)) = (self.damaged.take(), self.last) {
            steps.push(noted(GapReason::PacketsLost, from, last));
        }
    }

    fn stop(&mut self, reason: GapReason, steps: &mut Vec<Step>) {
        self.end(steps);
        steps.extend(self.last.map(|last| Step::Missing(reason, last)));
    }

    fn stamped(&self, ticks: i64) -> SignedDuration {
        let hz = self.format.as_deref().map_or(1, ticks_hz);
        let nanos = i128::from(ticks) * 1_000_000_000 / i128::from(hz);
        SignedDuration::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX))
    }
}

impl Mark {
    fn of(unit: &AccessUnit) -> Self {
        Self {
            pts: unit.pts,
            at: unit.at,
            captured: unit.captured,
            clock: unit.clock,
        }
    }
}

fn noted(reason: GapReason, from: Timestamp, until: Timestamp) -> Step {
    Step::Noted(Gap {
        from,
        until: Some(until),
        reason,
    })
}

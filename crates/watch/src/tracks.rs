//! Follows plates through a video, so that each is told once.

use std::time::Duration;

use frame::MonoTime;
use plate::{PlateRead, Vote};
use vision::PlateReading;

use crate::files::{FoundPlate, is_plate};

/// A plate not seen for this long is gone.
const GONE_AFTER: Duration = Duration::from_secs(1);
/// A plate seen on fewer frames is a flicker.
const MIN_FRAMES: u32 = 3;

/// One plate through a video.
struct Track {
    best: PlateReading,
    best_at: MonoTime,
    vote: Vote,
    last: PlateReading,
    last_at: MonoTime,
}

#[derive(Default)]
pub(crate) struct Tracks(Vec<Track>);

impl Track {
    fn start(reading: PlateReading, at: MonoTime) -> Self {
        let mut track = Self {
            best: reading.clone(),
            best_at: at,
            vote: Vote::default(),
            last: reading.clone(),
            last_at: at,
        };
        track.add(reading, at);
        track
    }

    fn add(&mut self, reading: PlateReading, at: MonoTime) {
        self.vote.add(&reading.evidence, weight(&reading));
        if weight(&reading) > weight(&self.best) {
            self.best = reading.clone();
            self.best_at = at;
        }
        self.last = reading;
        self.last_at = at;
    }

    /// The plate that all frames together voted for.
    fn read(&self) -> PlateRead {
        self.vote.result().unwrap_or_else(|| self.best.read.clone())
    }

    fn found(self) -> FoundPlate {
        FoundPlate {
            at: Some(self.best_at),
            read: self.read(),
            best: self.best,
        }
    }

    fn goes_on_with(&self, reading: &PlateReading) -> bool {
        let moved = self.last.quad.center().distance(reading.quad.center());
        moved < 1.2 * reading.quad.width().max(self.last.quad.width())
    }

    fn counts(&self) -> bool {
        self.vote.frames() >= MIN_FRAMES && is_plate(&self.best, &self.read())
    }
}

/// A wide and sharp plate says more.
fn weight(reading: &PlateReading) -> f32 {
    reading.quad.width().max(1.0) * reading.sharpness.clamp(0.05, 1.0)
}

impl Tracks {
    /// Takes the readings of the next frame; the plates that are gone by then.
    pub(crate) fn observe(&mut self, at: MonoTime, readings: Vec<PlateReading>) -> Vec<FoundPlate> {
        let mut free: Vec<usize> = (0..self.0.len()).collect();
        for reading in readings {
            let nearest = free
                .iter()
                .copied()
                .filter(|&i| self.0[i].goes_on_with(&reading))
                .min_by(|&a, &b| {
                    let distance =
                        |i: usize| self.0[i].last.quad.center().distance(reading.quad.center());
                    distance(a).total_cmp(&distance(b))
                });
            match nearest {
                Some(i) => {
                    free.retain(|&f| f != i);
                    self.0[i].add(reading, at);
                }
                None => self.0.push(Track::start(reading, at)),
            }
        }
        self.take(|track| at.since(track.last_at) > GONE_AFTER)
    }

    /// The video has ended.
    pub(crate) fn close(&mut self) -> Vec<FoundPlate> {
        self.take(|_| true)
    }

    fn take(&mut self, gone: impl Fn(&Track) -> bool) -> Vec<FoundPlate> {
        let (ended, kept) = std::mem::take(&mut self.0).into_iter().partition(gone);
        self.0 = kept;
        let ended: Vec<Track> = ended;
        let plates = ended.into_iter().filter(Track::counts);
        plates.map(Track::found).collect()
    }
}

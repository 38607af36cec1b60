//! Under overload fewer pictures are analysed, in stated steps; evidence is never given up.

use std::time::{Duration, Instant};

use camera::Rate;

use settings::{Printer, Section};
use words::Key;

/// Shares of the full rate, one step after the other.
const STEPS: [f32; 4] = [1.0, 0.75, 0.5, 0.35];
/// Busy for more than this share of the time: one step down.
const TOO_BUSY: f32 = 0.9;
/// Busy for less than this share, at the next higher rate, for a while: one step up.
const IDLE: f32 = 0.6;
/// Models and caches are cold for this long after the start; that is no overload.
const WARM_UP: Duration = Duration::from_secs(10);
/// For so long after the start everything else starts too, and the rate finds its place: nobody need
/// be told.
const SETTLING: Duration = Duration::from_secs(60);
const WINDOW: Duration = Duration::from_secs(3);
const CALM: Duration = Duration::from_secs(30);

/// What cameras do while nothing is in their lane: `idle`.
const IDLES: [(&str, bool); 2] = [("rest", true), ("off", false)];

/// `[detection]`: pictures analysed per second and lane, and how far that may fall when the
/// computer is busy.
#[derive(Debug, Clone, Copy)]
pub struct DetectionRate {
    /// At full rate.
    pub fps: f32,
    /// The rate is never lowered below this.
    pub lowest_fps: f32,
    /// Whether cameras rest while nothing is in their lane.
    pub rests: bool,
}

impl DetectionRate {
    /// Reads the section.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let fps = section.number("fps", 8.0, 1.0..=30.0) as f32;
        let lowest_fps = section.number("lowest_fps", 3.0, 0.5..=30.0) as f32;
        if lowest_fps > fps {
            section.problem("lowest_fps", Key::MistakeAboveFps);
        }
        let rests = section.one_of("idle", &IDLES, false);
        Self {
            fps,
            lowest_fps,
            rests,
        }
    }

    /// Shows it as it is read.
    pub fn show(&self, printer: &mut Printer) {
        printer.number("fps", self.fps);
        printer.number("lowest_fps", self.lowest_fps);
        printer.word("idle", &IDLES, &self.rests);
    }
}

/// Watches how busy one lane is and sets its camera's rate.
pub(crate) struct Pacer {
    rate: Rate,
    limits: DetectionRate,
    step: usize,
    started: Instant,
    window: Instant,
    busy: Duration,
    calm_since: Instant,
}

impl Pacer {
    pub(crate) fn new(rate: Rate, limits: DetectionRate, now: Instant) -> Self {
        rate.set(Some(limits.fps));
        Self {
            rate,
            limits,
            step: 0,
            started: now,
            window: now + WARM_UP,
            busy: Duration::ZERO,
            calm_since: now,
        }
    }

    /// Pictures per second at present.
    pub(crate) fn fps(&self) -> f32 {
        (self.limits.fps * STEPS[self.step]).max(self.limits.lowest_fps)
    }

    /// Counts `busy` time of one frame; true when the rate was lowered.
    pub(crate) fn worked(&mut self, busy: Duration, now: Instant) -> bool {
        if now < self.window {
            return false;
        }
        self.busy += busy;
        let passed = now.duration_since(self.window);
        if passed < WINDOW {
            return false;
        }
        let load = self.busy.as_secs_f32() / passed.as_secs_f32();
        (self.window, self.busy) = (now, Duration::ZERO);
        if load > TOO_BUSY {
            self.calm_since = now;
            let lowered = self.step + 1 < STEPS.len() && self.fps() > self.limits.lowest_fps;
            if lowered {
                self.set(self.step + 1);
            }
            return lowered;
        }
        let wanted = self
            .step
            .checked_sub(1)
            .map_or(1.0, |up| STEPS[up] / STEPS[self.step]);
        if load * wanted > IDLE {
            self.calm_since = now;
        } else if self.step > 0 && now.duration_since(self.calm_since) > CALM {
            self.set(self.step - 1);
            self.calm_since = now;
        }
        false
    }

    /// Tells that the rate was lowered, and whether anybody should mind.
    pub(crate) fn tell(&self, lane: &str, now: Instant) {
        let fps = self.fps();
        if self.is_settling(now) {
            tracing::info!(
                lane,
                fps,
                "busy while starting: fewer pictures are analysed for now, which is harmless"
            );
        } else {
            tracing::warn!(
                lane,
                fps,
                "too busy: fewer pictures are analysed. Passages go on and the rate rises by itself; \
                 if this comes again and again, lower the cameras' picture rate or take a faster computer"
            );
        }
    }

    fn is_settling(&self, now: Instant) -> bool {
        now.duration_since(self.started) < SETTLING
    }

    fn set(&mut self, step: usize) {
        self.step = step;
        self.rate.set(Some(self.fps()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_lane_slows_down_step_by_step_and_recovers_when_it_is_calm() {
        let mut now = Instant::now();
        let rate = Rate::new(None);
        let limits = DetectionRate {
            fps: 8.0,
            lowest_fps: 3.0,
            rests: true,
        };
        let mut pacer = Pacer::new(rate.clone(), limits, now);
        let mut work = |pacer: &mut Pacer, busy_ms: u64, frames: u32| {
            for _ in 0..frames {
                now += Duration::from_millis(100);
                pacer.worked(Duration::from_millis(busy_ms), now);
            }
        };
        work(&mut pacer, 98, 99);
        assert_eq!(rate.get(), Some(8.0), "still warming up");
        work(&mut pacer, 98, 61);
        assert_eq!(rate.get(), Some(4.0));
        work(&mut pacer, 98, 600);
        assert_eq!(rate.get(), Some(3.0), "never below the lowest rate");
        work(&mut pacer, 20, 2000);
        assert_eq!(rate.get(), Some(8.0));
    }

    #[test]
    fn nobody_is_warned_of_a_busy_start_and_everybody_afterwards() {
        let now = Instant::now();
        let limits = DetectionRate {
            fps: 8.0,
            lowest_fps: 3.0,
            rests: true,
        };
        let pacer = Pacer::new(Rate::new(None), limits, now);
        assert!(pacer.is_settling(now + Duration::from_secs(15)));
        assert!(!pacer.is_settling(now + Duration::from_secs(61)));
    }
}

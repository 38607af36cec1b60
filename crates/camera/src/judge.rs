//! Is the camera showing a living picture? Pure functions of pictures and their times.

use std::time::Duration;

use frame::{MonoTime, Picture};

/// Every 8th column of every 4th row is sampled: dense enough to meet the digits of an on-screen
/// clock, and 64,800 bytes for a 1080p picture.
const COLUMN_STEP: usize = 8;
const ROW_STEP: usize = 4;
/// Levels (of 256) by which a sample must change to count as changed. Re-encoding a still picture
/// moves samples by one or two levels; sensor noise and daylight move them further.
const CHANGED_LEVELS: u8 = 3;
/// Changed samples that prove life: fewer than the seconds digit of an on-screen clock has.
const LIVING_SAMPLES: usize = 8;
/// A picture is black below this mean level ...
const BLACK_MEAN: f64 = 14.0;
/// ... when it also has no structure: standard deviation in levels. A dark yard with one lamp has more.
const BLACK_DEVIATION: f64 = 4.0;

/// What a run of pictures looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Look {
    /// Nothing to complain about, or not for long enough.
    #[default]
    Fine,
    /// The same picture for too long.
    Frozen,
    /// Black for too long: lens cap, dead sensor, no light at all.
    Black,
}

/// Watches the pictures of one camera.
#[derive(Debug)]
pub(crate) struct PictureWatch {
    frozen_after: Duration,
    black_after: Duration,
    reference: Option<(MonoTime, Vec<u8>)>,
    black_since: Option<MonoTime>,
}

impl PictureWatch {
    pub(crate) fn new(frozen_after: Duration, black_after: Duration) -> Self {
        Self {
            frozen_after,
            black_after,
            reference: None,
            black_since: None,
        }
    }

    /// Forgets what was seen, for a new connection.
    pub(crate) fn reset(&mut self) {
        self.reference = None;
        self.black_since = None;
    }

    /// Looks at the picture of time `at`.
    pub(crate) fn look(&mut self, at: MonoTime, picture: &Picture) -> Look {
        let samples = sample(picture);
        let black_for = if is_black(&samples) {
            at.since(*self.black_since.get_or_insert(at))
        } else {
            self.black_since = None;
            Duration::ZERO
        };
        let still_for = match &self.reference {
            Some((since, reference)) if !differ(reference, &samples) => at.since(*since),
            _ => {
                self.reference = Some((at, samples));
                Duration::ZERO
            }
        };
        // A black picture is usually still as well; black says more.
        if black_for >= self.black_after && self.black_since.is_some() {
            Look::Black
        } else if still_for >= self.frozen_after && still_for > Duration::ZERO {
            Look::Frozen
        } else {
            Look::Fine
        }
    }
}

/// The green channel, which carries most of the brightness, on the sampling grid.
fn sample(picture: &Picture) -> Vec<u8> {
    let row_bytes = picture.width() as usize * 3;
    picture
        .rgb()
        .chunks_exact(row_bytes)
        .step_by(ROW_STEP)
        .flat_map(|row| row[1..].iter().step_by(3 * COLUMN_STEP).copied())
        .collect()
}

fn differ(a: &[u8], b: &[u8]) -> bool {
    a.len() != b.len()
        || a.iter()
            .zip(b)
            .filter(|(a, b)| a.abs_diff(**b) >= CHANGED_LEVELS)
            .count()
            >= LIVING_SAMPLES
}

fn is_black(samples: &[u8]) -> bool {
    let n = samples.len().max(1) as f64;
    let mean = samples.iter().map(|&s| f64::from(s)).sum::<f64>() / n;
    let variance = samples
        .iter()
        .map(|&s| (f64::from(s) - mean).powi(2))
        .sum::<f64>()
        / n;
    mean < BLACK_MEAN && variance.sqrt() < BLACK_DEVIATION
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;

    fn noisy(seed: u64, level: u8, spread: u8) -> Picture {
        let mut rng = StdRng::seed_from_u64(seed);
        let rgb = (0..320 * 180 * 3)
            .map(|_| level + rng.random_range(0..=spread))
            .collect();
        Picture::new(320, 180, rgb).expect("320x180")
    }

    fn watch() -> PictureWatch {
        PictureWatch::new(Duration::from_secs(20), Duration::from_secs(10))
    }

    #[test]
    fn a_picture_that_stays_the_same_is_frozen_after_its_time_and_not_before() {
        let (mut watch, still) = (watch(), noisy(1, 90, 60));
        assert_eq!(watch.look(MonoTime::from_ms(0), &still), Look::Fine);
        assert_eq!(watch.look(MonoTime::from_ms(19_000), &still), Look::Fine);
        assert_eq!(watch.look(MonoTime::from_ms(20_000), &still), Look::Frozen);
        assert_eq!(
            watch.look(MonoTime::from_ms(20_100), &noisy(2, 90, 60)),
            Look::Fine
        );
    }

    #[test]
    fn sensor_noise_is_life_and_rounding_of_the_encoder_is_not() {
        let mut noisy_watch = watch();
        let mut rounding_watch = watch();
        for second in 0..40 {
            let at = MonoTime::from_ms(second * 1000);
            assert_eq!(noisy_watch.look(at, &noisy(second, 90, 12)), Look::Fine);
            let rounding = rounding_watch.look(at, &noisy(second, 90, 2));
            assert_eq!(rounding == Look::Frozen, second >= 20);
        }
    }

    #[test]
    fn a_covered_lens_is_black_and_a_night_with_one_lamp_is_not() {
        let (mut covered, mut night) = (watch(), watch());
        let mut rgb = noisy(1, 4, 6).into_rgb();
        let lamp = 320 * 3 * 80..320 * 3 * 90;
        rgb[lamp].fill(230);
        let lamp = Picture::new(320, 180, rgb).expect("320x180");
        for second in 0..15 {
            let at = MonoTime::from_ms(second * 1000);
            assert_eq!(
                covered.look(at, &noisy(second, 3, 6)) == Look::Black,
                second >= 10
            );
            assert_eq!(night.look(at, &lamp), Look::Fine);
        }
    }

    #[test]
    fn a_new_size_is_a_new_picture() {
        let mut watch = watch();
        watch.look(MonoTime::from_ms(0), &Picture::filled(320, 180, [99; 3]));
        let other = Picture::filled(640, 360, [99; 3]);
        assert_eq!(watch.look(MonoTime::from_ms(60_000), &other), Look::Fine);
    }
}

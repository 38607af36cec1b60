//! Does something begin to move? Told from the sizes of compressed pictures alone.
//!
//! What stays as it was costs an encoder nearly nothing, what moves costs it much. A camera of constant bit rate
//! hides some of this, so a size is a reason to wake and never one to rest.

/// The level follows sizes with this many pictures.
const LEVEL_PICTURES: f32 = 100.0;
/// So many pictures, a third of a second, have to be larger together: a single one may be noise.
const LATELY_PICTURES: f32 = 8.0;
/// Sizes above the level by this factor …
const LARGER: f32 = 1.6;
/// … and by this many of its usual deviations.
const DEVIATIONS: f32 = 3.0;
/// Fewer pictures tell no level.
const LEAST_PICTURES: u32 = 50;

/// Watches the sizes of pictures between key pictures.
#[derive(Debug, Default)]
pub(crate) struct Stir {
    pictures: u32,
    level: f32,
    deviation: f32,
    lately: f32,
}

impl Stir {
    /// Takes the size of the next picture that is no key picture; true when something stirs.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        let bytes = bytes as f32;
        self.pictures = self.pictures.saturating_add(1);
        let count = self.pictures as f32;
        let share = 1.0 / LEVEL_PICTURES.min(count);
        self.lately += (bytes - self.lately) / LATELY_PICTURES.min(count);
        let stirs = self.pictures > LEAST_PICTURES
            && self.lately > LARGER * self.level
            && self.lately > self.level + DEVIATIONS * self.deviation;
        self.deviation += ((self.lately - self.level).abs() - self.deviation) * share;
        self.level += (bytes - self.level) * share;
        stirs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_no_stir_and_what_drives_in_is_one_within_half_a_second() {
        let mut stir = Stir::default();
        let noisy = |n: usize| 900 + n * 7919 % 400;
        assert!(!(0..5_000).any(|n| stir.take(noisy(n))));
        let first = (0..25).position(|n| stir.take(noisy(n) + 150 * n));
        assert!(first.is_some_and(|n| n < 14), "{first:?}");
    }

    #[test]
    fn one_large_picture_is_no_stir_and_rain_becomes_usual() {
        let mut stir = Stir::default();
        assert!(!(0..500).any(|n| stir.take(if n == 300 { 4_000 } else { 1_000 })));
        let rain = (0..500).map(|_| stir.take(3_000)).collect::<Vec<_>>();
        assert!(rain[..25].contains(&true) && !rain[250..].contains(&true));
    }
}

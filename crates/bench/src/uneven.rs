//! Pictures missing as on a busy computer: single ones, and now and then all of a second.

/// Leaves pictures out, the same ones for the same seed.
pub(crate) struct Uneven {
    /// State of a linear congruential generator (Knuth's MMIX constants).
    state: u64,
    gap: u32,
}

impl Uneven {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            gap: 0,
        }
    }

    /// Whether the next picture is missing: a quarter of them, and gaps of up to eight.
    pub(crate) fn misses(&mut self) -> bool {
        if self.gap > 0 {
            self.gap -= 1;
            return true;
        }
        match self.dice() {
            0..2 => {
                self.gap = 1 + self.dice() % 7;
                true
            }
            2..25 => true,
            _ => false,
        }
    }

    /// 0 to 99.
    fn dice(&mut self) -> u32 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as u32 % 100
    }
}

#[cfg(test)]
mod tests {
    use super::Uneven;

    #[test]
    fn about_a_third_is_missing_and_the_same_for_the_same_seed() {
        let missing = |seed| {
            let mut uneven = Uneven::new(seed);
            (0..1000).map(|_| uneven.misses()).collect::<Vec<_>>()
        };
        let share = missing(1).iter().filter(|m| **m).count();
        assert!((200..400).contains(&share), "{share}");
        assert_eq!(missing(1), missing(1));
        assert_ne!(missing(1), missing(2));
    }
}

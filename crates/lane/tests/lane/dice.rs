//! Small reproducible random numbers.

/// Small reproducible random numbers.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// 0 to 1.
    pub(crate) fn share(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }

    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.share()
    }

    pub(crate) fn chance(&mut self, p: f32) -> bool {
        self.share() < p
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.share() * n as f32) as usize).min(n - 1)
    }

    /// A plate of an ordinary truck or car.
    pub(crate) fn plate(&mut self) -> String {
        const PROVINCES: [char; 6] = ['冀', '晋', '豫', '鲁', '京', '蒙'];
        let mut plate = String::from(PROVINCES[self.below(6)]);
        plate.push(['A', 'B', 'D', 'E'][self.below(4)]);
        for _ in 0..5 {
            plate.push(char::from(b'0' + self.below(10) as u8));
        }
        plate
    }
}

//! How much two readings look like the same plate.

use plate::{CharRead, PlateRead};

/// Characters that readers mistake for each other weigh half as a difference.
const CONFUSED_WEIGHT: f32 = 0.5;
/// A character that one reading has and the other has not.
const GAP_WEIGHT: f32 = 0.7;

/// Compares two readings: in characters, each weighted with how sure both readings are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Likeness {
    same: f32,
    differ: f32,
}

impl Likeness {
    /// Aligns `a` and `b`; a character lost at one end costs one gap, not a shift of all.
    pub(crate) fn of(a: &PlateRead, b: &PlateRead) -> Self {
        let (a, b) = (&a.chars[..], &b.chars[..]);
        let mut above: Vec<Self> = Vec::with_capacity(b.len() + 1);
        above.push(Self::NONE);
        for c in b {
            let left = above[above.len() - 1];
            above.push(left.gap(c));
        }
        for ca in a {
            let mut row = Vec::with_capacity(b.len() + 1);
            row.push(above[0].gap(ca));
            for (j, cb) in b.iter().enumerate() {
                let paths = [above[j].pair(ca, cb), above[j + 1].gap(ca), row[j].gap(cb)];
                row.push(paths.into_iter().fold(paths[0], Self::nearer));
            }
            above = row;
        }
        above[b.len()]
    }

    const NONE: Self = Self {
        same: 0.0,
        differ: 0.0,
    };

    fn gap(self, lone: &CharRead) -> Self {
        Self {
            differ: self.differ + GAP_WEIGHT * lone.p,
            ..self
        }
    }

    fn pair(self, a: &CharRead, b: &CharRead) -> Self {
        let sure = a.p * b.p;
        if a.symbol == b.symbol {
            return Self {
                same: self.same + sure,
                ..self
            };
        }
        let weight = if plate::is_reader_mistake(a.symbol, b.symbol) {
            CONFUSED_WEIGHT
        } else {
            1.0
        };
        Self {
            differ: self.differ + weight * sure,
            ..self
        }
    }

    fn nearer(self, other: Self) -> Self {
        let cost = |l: Self| l.differ - 0.05 * l.same;
        if cost(other) < cost(self) {
            other
        } else {
            self
        }
    }

    /// Probably one plate, read twice with an error or two.
    pub(crate) fn is_alike(self) -> bool {
        self.same >= 3.0 && self.differ <= 1.3
    }

    /// One plate: not even a neighbour number of the same fleet.
    pub(crate) fn is_same(self) -> bool {
        self.same >= 4.0 && self.differ <= 0.45
    }

    /// Certainly two plates.
    pub(crate) fn is_other(self) -> bool {
        self.differ >= 2.2
    }

    /// Rather two plates than one.
    pub(crate) fn leans_other(self) -> bool {
        self.differ >= 1.0 && self.differ >= 0.5 * self.same
    }

    /// The readings are too weak to tell.
    pub(crate) fn is_silent(self) -> bool {
        self.same + self.differ < 2.0
    }

    /// Differing characters.
    pub(crate) fn differ(self) -> f32 {
        self.differ
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plate::{Color, Evidence, Layout};

    fn read(plate: &str, p: f32) -> PlateRead {
        PlateRead::of(&Evidence::of_plate(plate, Color::Yellow, Layout::Single, p))
    }

    #[test]
    fn one_misread_character_is_alike_but_a_fleet_neighbour_is_not_the_same() {
        let likeness = Likeness::of(&read("冀A12345", 0.98), &read("冀A12346", 0.98));
        assert!(likeness.is_alike() && !likeness.is_same() && !likeness.is_other());
        assert!(Likeness::of(&read("冀A12345", 0.98), &read("冀A12345", 0.9)).is_same());
    }

    #[test]
    fn two_plates_of_one_town_are_two() {
        assert!(Likeness::of(&read("冀A12345", 0.98), &read("冀A98761", 0.98)).is_other());
    }

    #[test]
    fn a_lost_character_is_one_gap_and_not_five_errors() {
        assert!(Likeness::of(&read("冀AD12345", 0.98), &read("冀A12345", 0.98)).is_alike());
    }

    #[test]
    fn a_smudge_says_nothing() {
        let smudge = PlateRead::of(&Evidence::unreadable());
        assert!(Likeness::of(&smudge, &read("冀A12345", 0.98)).is_silent());
    }
}

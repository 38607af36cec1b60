//! Characters that are taken for each other.
//!
//! Two tables, because they answer two questions, and neither can stand in for the other:
//!
//! - [`CLASSES`] answers "may a person have meant this plate?". Folded plates are stored and
//!   searched by equality, so it must cut the alphabet into classes: if A is like B and B like C,
//!   A is like C. Another character in a class asks for a migration of the stored ones.
//! - [`READER_MISTAKES`] answers "can these two pictures show one plate?". It lists what readers
//!   confuse on moving trucks, pair by pair: U is read for V by nobody, but J for U is, and 1 for 7.
//!   Made a relation of classes it would join V, Y, U and J, and two fleet neighbours would
//!   become one vehicle. A mistake counts half there, so nothing hangs on one row of it.

use crate::PlateNumber;

/// What people and cameras take for each other; each class under its first character.
const CLASSES: [&str; 7] = ["0DOQ", "8B", "5S", "2Z", "1ITL", "6G", "UV"];

/// What readers take for each other.
const READER_MISTAKES: [&str; 9] = ["0DQO", "8B", "2Z", "5S", "1LT7", "6G", "VY", "MN", "UJ"];

/// `plate` with every character that is taken for another replaced by the first of its class:
/// plates that fold to the same text look alike.
#[must_use]
pub fn folded(plate: &str) -> String {
    let first = |c| {
        let class = CLASSES.iter().find(|class| class.contains(c));
        class.and_then(|class| class.chars().next()).unwrap_or(c)
    };
    plate.chars().map(first).collect()
}

/// Whether a reader may take one character for the other.
#[must_use]
pub fn is_reader_mistake(a: char, b: char) -> bool {
    let both = |set: &&str| set.contains(a) && set.contains(b);
    a != b && READER_MISTAKES.iter().any(both)
}

impl PlateNumber {
    /// Whether a person or a camera may have taken one plate for the other.
    #[must_use]
    pub fn is_alike(&self, other: &Self) -> bool {
        folded(self.as_str()) == folded(other.as_str())
    }

    /// Whether one plate becomes the other by changing, adding or leaving out at most one
    /// character.
    #[must_use]
    pub fn is_near(&self, other: &Self) -> bool {
        let (a, b) = (self.as_str(), other.as_str());
        // A Chinese character takes three bytes: lengths far apart need no closer look.
        if a.len().abs_diff(b.len()) > 4 {
            return false;
        }
        let same = |(x, y): &(char, char)| x == y;
        let head = a.chars().zip(b.chars()).take_while(same).count();
        let tail = a.chars().rev().zip(b.chars().rev());
        let tail = tail.take_while(same).count();
        let (a, b) = (a.chars().count(), b.chars().count());
        a.abs_diff(b) <= 1 && head + tail + 1 >= a.max(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plate(text: &str) -> PlateNumber {
        PlateNumber::normalise(text)
    }

    #[test]
    fn one_edit_is_near_and_two_are_not() {
        for near in ["冀A12345", "冀A12346", "晋A12345", "冀A1234", "冀A123455"] {
            assert!(plate("冀A12345").is_near(&plate(near)), "{near}");
        }
        for far in ["冀A12354", "晋B12345", "冀A123", "", "冀A1234挂学"] {
            assert!(!plate("冀A12345").is_near(&plate(far)), "{far}");
        }
    }

    #[test]
    fn what_is_taken_for_each_other_is_alike() {
        assert_eq!(folded("苏A1Z34S"), "苏A12345");
        assert!(plate("粤BD12345").is_alike(&plate("粤8Q1Z34S")));
        assert!(!plate("粤B12345").is_alike(&plate("粤B72345")));
    }

    #[test]
    fn every_character_is_in_one_class_at_most_and_folding_is_done_after_once() {
        let all = CLASSES.concat();
        for c in all.chars() {
            assert_eq!(all.matches(c).count(), 1, "{c}");
            let once = folded(&c.to_string());
            assert_eq!(folded(&once), once);
        }
    }

    #[test]
    fn a_reader_s_mistakes_are_pairs_and_no_classes() {
        assert!(is_reader_mistake('V', 'Y') && is_reader_mistake('U', 'J'));
        assert!(!is_reader_mistake('V', 'U') && !is_reader_mistake('Y', 'J'));
        assert!(!is_reader_mistake('7', '7'));
    }
}

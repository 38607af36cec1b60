//! The characters that stand on plates, as classes of a reader.

use std::fmt;

/// Places for characters on a plate; a plate of seven leaves the last one blank.
pub const SLOTS: usize = 8;

/// Classes a reader tells apart in each slot: blank and every character that a plate may carry.
pub const CLASSES: usize = ALPHABET.len();

/// Class 0 stands for "no character here".
const ALPHABET: [char; 88] = [
    '\0', '京', '津', '冀', '晋', '蒙', '辽', '吉', '黑', '沪', '苏', '浙', '皖', '闽', '赣', '鲁',
    '豫', '鄂', '湘', '粤', '桂', '琼', '渝', '川', '贵', '云', '藏', '陕', '甘', '青', '宁', '新',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '使', '领',
    '警', '学', '挂', '港', '澳', '应', '急', '民', '航', '军', '海', '空', '北', '沈', '兰', '济',
    '南', '广', '成',
];
const PROVINCES: std::ops::RangeInclusive<u8> = 1..=31;
const DIGITS: std::ops::RangeInclusive<u8> = 32..=41;
const LETTERS: std::ops::RangeInclusive<u8> = 42..=66;
const SERVICES: std::ops::RangeInclusive<u8> = 78..=87;

/// One class of the alphabet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(u8);

impl Symbol {
    /// No character in this slot.
    pub const BLANK: Self = Self(0);

    /// The symbol of class `index`, if there is one.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        (index < CLASSES).then_some(Self(index as u8))
    }

    /// The symbol that stands for `c`. Blank has no character.
    #[must_use]
    pub fn from_char(c: char) -> Option<Self> {
        (1..CLASSES)
            .find(|&i| ALPHABET[i] == c)
            .map(|i| Self(i as u8))
    }

    /// All symbols, blank first, in the order of a reader's outputs.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CLASSES).map(|i| Self(i as u8))
    }

    /// Position among a reader's outputs.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The character, or `None` for blank.
    #[must_use]
    pub fn as_char(self) -> Option<char> {
        (self != Self::BLANK).then(|| ALPHABET[self.index()])
    }

    /// One of the 31 province abbreviations.
    #[must_use]
    pub fn is_province(self) -> bool {
        PROVINCES.contains(&self.0)
    }

    /// 0 to 9.
    #[must_use]
    pub fn is_digit(self) -> bool {
        DIGITS.contains(&self.0)
    }

    /// A letter, O included (it exists on retired government plates only).
    #[must_use]
    pub fn is_letter(self) -> bool {
        LETTERS.contains(&self.0)
    }

    /// One of the ten services and regions that military plates named until 2013.
    #[must_use]
    pub fn is_service(self) -> bool {
        SERVICES.contains(&self.0)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_char() {
            Some(c) => write!(f, "{c:?}"),
            None => f.write_str("blank"),
        }
    }
}

/// The province a plate names: usually its first character, the third on armed police plates.
#[must_use]
pub fn province_of(plate: &str) -> Option<char> {
    plate
        .chars()
        .take(3)
        .find(|&c| Symbol::from_char(c).is_some_and(Symbol::is_province))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_distinct_and_counted() {
        let distinct: std::collections::HashSet<_> = ALPHABET.iter().collect();
        assert_eq!(distinct.len(), CLASSES);
        assert_eq!(Symbol::all().filter(|s| s.is_province()).count(), 31);
        assert_eq!(Symbol::all().filter(|s| s.is_letter()).count(), 25);
        assert_eq!(Symbol::all().filter(|s| s.is_digit()).count(), 10);
        let services: String = Symbol::all()
            .filter(|s| s.is_service())
            .filter_map(Symbol::as_char)
            .collect();
        assert_eq!(services, "军海空北沈兰济南广成");
        assert!(Symbol::from_char('I').is_none());
    }

    #[test]
    fn the_province_of_an_armed_police_plate_stands_third() {
        assert_eq!(province_of("冀A12345"), Some('冀'));
        assert_eq!(province_of("WJ京1234X"), Some('京'));
        assert_eq!(province_of("使123456"), None);
    }
}

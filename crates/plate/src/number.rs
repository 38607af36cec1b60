//! A plate number as people, tables, platforms and lists write it: the one way in.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Color, Form, is_valid};

/// Characters of the two lengths that plates have.
const LENGTHS: std::ops::RangeInclusive<usize> = 7..=8;

/// A plate number in the one spelling that is stored, sent and compared: capital letters and
/// digits of ordinary width, no dots, dashes or blanks. It may still be empty, or not a plate:
/// [`PlateNumber::problems`] tells.
///
/// Whatever is deserialised is normalised on its way in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct PlateNumber(String);

/// What speaks against a plate number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlateProblem {
    /// No plate has this many characters.
    #[error("a plate has 7 or 8 characters, this has {0}")]
    Length(usize),
    /// No known form of plate; temporary plates have none that is known.
    #[error("not a plate number; plates look like 冀A12345 or 冀AD12345")]
    Form,
    /// GA 36-2018: green and yellow-green plates have 8 characters, the others 7.
    #[error("{0} plates have {1} characters")]
    Color(Color, usize),
}

impl PlateNumber {
    /// The plate that `text` writes. Full-width letters and digits become ordinary ones, small
    /// letters capital; dots, dashes and blanks go. Nothing else is changed.
    #[must_use]
    pub fn normalise(text: &str) -> Self {
        let narrow = text.chars().filter(|c| !is_between(*c)).map(narrow);
        Self(narrow.map(|c| c.to_ascii_uppercase()).collect())
    }

    /// A plate as it stands in a ledger, whatever it is: evidence is read as it was written.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The number as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that speaks against it on a plate of this colour, gravest first; of a colour
    /// that is [`Color::Unknown`] nothing is asked.
    #[must_use]
    pub fn problems(&self, color: Color) -> Vec<PlateProblem> {
        let length = self.0.chars().count();
        if !LENGTHS.contains(&length) {
            return vec![PlateProblem::Length(length)];
        }
        let form = (!is_valid(&self.0)).then_some(PlateProblem::Form);
        let color = self.color_problem(color);
        form.into_iter().chain(color).collect()
    }

    /// Whether it is a plate number, and one that a plate of this colour can have.
    ///
    /// # Errors
    /// The gravest of its [`problems`](Self::problems).
    pub fn validate(&self, color: Color) -> Result<(), PlateProblem> {
        self.problems(color).first().map_or(Ok(()), |p| Err(*p))
    }

    /// What its colour speaks against it.
    #[must_use]
    pub fn color_problem(&self, color: Color) -> Option<PlateProblem> {
        let long = self.0.chars().count() == 8;
        let wrong = match color {
            Color::Green | Color::YellowGreen => !long,
            Color::Blue | Color::Yellow | Color::Black => long && !self.is_emergency(),
            // Armed police, fire engines, farm vehicles and others have either length.
            Color::White | Color::Other | Color::Unknown => false,
        };
        wrong.then_some(PlateProblem::Color(color, if long { 7 } else { 8 }))
    }

    /// Whether it has the form of fire engines and ambulances.
    #[must_use]
    pub fn is_emergency(&self) -> bool {
        Form::of(&self.0).any(Form::is_emergency)
    }

    /// The plate that was perhaps meant: this is none, but would be one with 0 for O and 1 for I,
    /// which serials do not have (GA 36-2018), with the simplified form of a province, or with the Latin
    /// letter that a Cyrillic one looks like. To be offered to a person, never put in its place.
    #[must_use]
    pub fn perhaps_meant(&self) -> Option<Self> {
        let chars: Vec<char> = self.0.chars().collect();
        if !LENGTHS.contains(&chars.len()) || is_valid(&self.0) {
            return None;
        }
        let doubtful: Vec<usize> = (0..chars.len())
            .filter(|&i| meant_by(chars[i]).is_some())
            .collect();
        let mut choices: Vec<u32> = (1..1 << doubtful.len()).collect();
        choices.sort_by_key(|choice| choice.count_ones());
        choices.into_iter().find_map(|choice| {
            let mut changed = chars.clone();
            for (bit, &at) in doubtful.iter().enumerate() {
                if choice & (1 << bit) != 0 {
                    changed[at] = meant_by(chars[at])?;
                }
            }
            let changed: String = changed.into_iter().collect();
            is_valid(&changed).then_some(Self(changed))
        })
    }
}

/// What people write between the parts of a plate.
fn is_between(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '·' | '・' | '･' | '•' | '‧' | '∙' | '⋅' | '․' | '.' | '．' | '﹒' | '。' | '｡'
                | '-' | '－' | '−' | '﹣' | '_' | '＿' | '\u{2010}'..='\u{2015}'
        )
        // What has no width and comes along when a text is copied, from right-to-left marks to the
        // variants of characters.
        || matches!(
            c,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
                | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        )
}

/// Letters and digits of full width, as Chinese keyboards give them, in ordinary width.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        other => other,
    }
}

/// What a character that no plate has at its place was perhaps meant to be.
fn meant_by(c: char) -> Option<char> {
    const MEANT: [(char, char); 24] = [
        ('O', '0'),
        ('I', '1'),
        // Traditional characters, as keyboards of Hong Kong and Taiwan give them.
        ('遼', '辽'),
        ('魯', '鲁'),
        ('蘇', '苏'),
        ('晉', '晋'),
        ('滬', '沪'),
        ('寧', '宁'),
        ('陝', '陕'),
        ('貴', '贵'),
        ('雲', '云'),
        ('贛', '赣'),
        ('瓊', '琼'),
        ('閩', '闽'),
        // Cyrillic, from lists that were made elsewhere.
        ('А', 'A'),
        ('В', 'B'),
        ('Е', 'E'),
        ('К', 'K'),
        ('М', 'M'),
        ('Н', 'H'),
        ('Р', 'P'),
        ('С', 'C'),
        ('Т', 'T'),
        ('Х', 'X'),
    ];
    MEANT.iter().find(|(typed, _)| *typed == c).map(|m| m.1)
}

impl From<String> for PlateNumber {
    fn from(text: String) -> Self {
        Self::normalise(&text)
    }
}

impl From<&str> for PlateNumber {
    fn from(text: &str) -> Self {
        Self::normalise(text)
    }
}

impl Borrow<str> for PlateNumber {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for PlateNumber {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for PlateNumber {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for PlateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plate(text: &str) -> PlateNumber {
        PlateNumber::normalise(text)
    }

    #[test]
    fn a_plate_is_the_same_however_it_was_written() {
        for written in [
            "冀A·12345",
            " 冀a 12345",
            "冀Ａ１２３４５",
            "冀ａ・１２３４５",
            "冀A-12345",
            "冀A－12345",
            "冀A•123.45",
            "冀A—12345",
            "\u{3000}冀A\u{a0}12345\t",
            "\u{feff}冀A12345\u{200b}",
            "冀A。12345",
            "冀A‧12345",
            "冀A∙12345",
            "冀A_12345",
            "\u{202a}冀A12345\u{202c}",
            "冀\u{fe0f}A12\u{ad}345",
        ] {
            assert_eq!(plate(written).as_str(), "冀A12345", "{written:?}");
            let json = serde_json::to_string(written).expect("a text");
            let read: PlateNumber = serde_json::from_str(&json).expect("a plate");
            assert_eq!(read, plate("冀A12345"));
        }
    }

    #[test]
    fn nothing_else_is_changed() {
        for written in [
            "冀A1234O",
            "冀AI2345",
            "冀A12345#",
            "冀A（12345）",
            "无牌",
            "蘇A12345",
            "冀А12345",
        ] {
            assert_eq!(plate(written).as_str(), written);
        }
        assert_eq!(serde_json::json!(plate("冀A12345")), "冀A12345");
    }

    #[test]
    fn a_stored_plate_is_read_as_it_was_written() {
        let odd = PlateNumber::stored("冀Ｐ·UE571".to_owned());
        assert_eq!(odd.as_str(), "冀Ｐ·UE571");
    }

    #[test]
    fn length_form_and_colour_are_told_gravest_first() {
        use PlateProblem as No;
        let of = |text: &str, color| plate(text).problems(color);
        assert_eq!(of("冀A12345", Color::Blue), []);
        assert_eq!(of("粤BD12345", Color::Green), []);
        assert_eq!(of("京X1234应急", Color::Yellow), []);
        assert_eq!(of("WJ京1234X", Color::White), []);
        assert_eq!(of("皖1149885", Color::Other), []);
        assert_eq!(of("冀A1234", Color::Blue), [No::Length(6)]);
        assert_eq!(of("", Color::Unknown), [No::Length(0)]);
        assert_eq!(of("unknown", Color::Unknown), [No::Form]);
        assert_eq!(of("临A12345", Color::Blue), [No::Form]);
        assert_eq!(
            of("京Z12723O", Color::Blue),
            [No::Form, No::Color(Color::Blue, 7)]
        );
        assert_eq!(of("冀A12345", Color::Green), [No::Color(Color::Green, 8)]);
        assert_eq!(plate("冀A12345").validate(Color::Yellow), Ok(()));
        assert_eq!(plate("粤BD12345").validate(Color::Unknown), Ok(()));
        let long = plate("粤BD12345").validate(Color::Yellow);
        assert_eq!(long, Err(No::Color(Color::Yellow, 7)));
    }

    #[test]
    fn what_was_perhaps_meant_is_offered_for_what_no_plate_has() {
        let meant = |text: &str| plate(text).perhaps_meant().map(|p| p.to_string());
        assert_eq!(meant("冀A1234O").as_deref(), Some("冀A12340"));
        assert_eq!(meant("冀AI234O").as_deref(), Some("冀A12340"));
        assert_eq!(meant("粤O1234O").as_deref(), Some("粤O12340"));
        assert_eq!(meant("粤BDI2345").as_deref(), Some("粤BD12345"));
        assert_eq!(meant("蘇A12345").as_deref(), Some("苏A12345"));
        assert_eq!(meant("冀\u{410}1234O").as_deref(), Some("冀A12340"));
        for text in [
            "冀A12345",
            "粤O12345",
            "冀I12345",
            "京Z12723O",
            "OOOOOOO",
            "O",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}

//! The forms a plate number can take, slot by slot.
//!
//! Source: GA 36-2018 for civil plates (no I or O in serials, at most two letters in a civil
//! serial); the other forms as they are seen on the road. Retired government plates carry the
//! issuing letter O ("粤O").

use std::sync::LazyLock;

use crate::{Color, Layout, SLOTS, Symbol};

/// What may stand in one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Province,
    /// Service or region of a retired military plate.
    Service,
    /// Letter of the issuing office.
    Office,
    /// Serial: digit or letter; letters are counted.
    Serial,
    Digit,
    Letter,
    /// Letter that marks new energy.
    Energy,
    /// Second place of a small new energy serial: a digit, or one more letter.
    EnergySecond,
    One(char),
    Either(char, char),
    Blank,
}

impl Class {
    pub(crate) fn allows(self, symbol: Symbol) -> bool {
        let letter = symbol.is_letter() && symbol.as_char() != Some('O');
        match self {
            Self::Province => symbol.is_province(),
            Self::Service => symbol.is_service(),
            Self::Office => symbol.is_letter(),
            Self::Serial | Self::EnergySecond => letter || symbol.is_digit(),
            Self::Digit => symbol.is_digit(),
            Self::Letter => letter,
            Self::Energy => matches!(symbol.as_char(), Some('A'..='H' | 'J' | 'K')),
            Self::One(c) => symbol.as_char() == Some(c),
            Self::Either(a, b) => symbol.as_char().is_some_and(|s| s == a || s == b),
            Self::Blank => symbol == Symbol::BLANK,
        }
    }

    /// Every symbol that may stand here. Looked up: a decode asks thousands of times.
    pub(crate) fn symbols(self) -> &'static [Symbol] {
        static ALLOWED: LazyLock<Vec<(Class, Vec<Symbol>)>> = LazyLock::new(|| {
            let mut all: Vec<(Class, Vec<Symbol>)> = Vec::new();
            let rows = Form::ALL.iter().flat_map(|f| f.slots());
            for &class in rows.flatten() {
                if all.iter().all(|(known, _)| *known != class) {
                    let symbols = Symbol::all().filter(|&s| class.allows(s)).collect();
                    all.push((class, symbols));
                }
            }
            all
        });
        let found = ALLOWED.iter().find(|(known, _)| *known == self);
        found.map_or(&[], |(_, symbols)| symbols)
    }
}

/// A form of plate number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// 冀A12345: cars, trucks, motorcycles.
    Civil,
    /// 冀A1234挂.
    Trailer,
    /// 冀A1234学: driving schools.
    Coach,
    /// 冀A1234警.
    Police,
    /// 粤Z1234港 or 澳.
    HongKongMacau,
    /// 沪A1234领.
    Consulate,
    /// 使123456.
    Embassy,
    /// 京A1234使: the older embassy form.
    EmbassyOld,
    /// 冀AD12345: small new energy.
    NewEnergySmall,
    /// 冀A12345D: large new energy.
    NewEnergyLarge,
    /// 京X1234应急: fire and rescue.
    Emergency,
    /// VA12345: military.
    Military,
    /// 军A12345: military until 2013.
    MilitaryRetired,
    /// WJ京1234X or WJ京1234: armed police.
    ArmedPolice,
    /// 皖1149885: farm vehicles, two rows.
    Farm,
    /// 民航A1234.
    Aviation,
}

pub(crate) type Slots = [Class; SLOTS];

impl Form {
    /// Every form.
    pub const ALL: [Self; 16] = [
        Self::Civil,
        Self::Trailer,
        Self::Coach,
        Self::Police,
        Self::HongKongMacau,
        Self::Consulate,
        Self::Embassy,
        Self::EmbassyOld,
        Self::NewEnergySmall,
        Self::NewEnergyLarge,
        Self::Emergency,
        Self::Military,
        Self::MilitaryRetired,
        Self::ArmedPolice,
        Self::Farm,
        Self::Aviation,
    ];

    /// What may stand in each slot, one row for each length.
    pub(crate) fn slots(self) -> &'static [Slots] {
        use Class::{
            Blank, Digit, Either, Energy, EnergySecond, Letter, Office, One, Province, Serial,
            Service,
        };
        const S: Class = Serial;
        const D: Class = Digit;
        match self {
            Self::Civil => &[[Province, Office, S, S, S, S, S, Blank]],
            Self::Trailer => &[[Province, Office, S, S, S, S, One('挂'), Blank]],
            Self::Coach => &[[Province, Office, S, S, S, S, One('学'), Blank]],
            Self::Police => &[[Province, Office, S, S, S, S, One('警'), Blank]],
            Self::HongKongMacau => &[[One('粤'), One('Z'), S, S, S, S, Either('港', '澳'), Blank]],
            Self::Consulate => &[[Province, Office, S, S, S, S, One('领'), Blank]],
            Self::Embassy => &[[One('使'), D, D, D, D, D, D, Blank]],
            Self::EmbassyOld => &[[Province, Office, S, S, S, S, One('使'), Blank]],
            Self::NewEnergySmall => &[[Province, Office, Energy, EnergySecond, D, D, D, D]],
            Self::NewEnergyLarge => &[[Province, Office, D, D, D, D, D, Energy]],
            Self::Emergency => &[[Province, Office, S, S, S, S, One('应'), One('急')]],
            Self::Military => &[[Letter, Letter, D, D, D, D, D, Blank]],
            Self::MilitaryRetired => &[[Service, Office, D, D, D, D, D, Blank]],
            Self::ArmedPolice => &[
                [One('W'), One('J'), Province, D, D, D, D, S],
                [One('W'), One('J'), Province, D, D, D, D, Blank],
            ],
            Self::Farm => &[[Province, D, D, D, D, D, D, D]],
            Self::Aviation => &[[One('民'), One('航'), S, S, S, S, S, Blank]],
        }
    }

    /// Most letters that the serial places may hold together.
    pub(crate) fn max_serial_letters(self) -> usize {
        match self {
            Self::Civil | Self::HongKongMacau | Self::Police | Self::Emergency => 2,
            Self::ArmedPolice | Self::Aviation | Self::NewEnergySmall => 1,
            _ => 2,
        }
    }

    /// How likely `color` is on this form before any pixel is seen: 1 usual, small when only
    /// light or wear explains it.
    pub(crate) fn color_weight(self, color: Color) -> f32 {
        use Color::{Black, Blue, Green, Other, White, Yellow, YellowGreen};
        const USUAL: f32 = 1.0;
        const RARE: f32 = 0.1;
        const WRONG: f32 = 0.002;
        match (self, color) {
            (Self::Civil, Blue | Yellow)
            | (Self::Trailer | Self::Coach, Yellow)
            | (
                Self::Police
                | Self::Emergency
                | Self::Military
                | Self::MilitaryRetired
                | Self::ArmedPolice,
                White,
            )
            | (Self::HongKongMacau | Self::Consulate | Self::Embassy | Self::EmbassyOld, Black)
            | (Self::NewEnergySmall, Green)
            | (Self::NewEnergyLarge, YellowGreen)
            | (Self::Farm | Self::Aviation, Other) => USUAL,
            (Self::Civil, Black | White | Other)
            | (Self::Embassy, White | Blue)
            | (Self::Farm | Self::Aviation, Green)
            | (Self::Aviation, White) => RARE,
            (Self::NewEnergySmall, YellowGreen) | (Self::NewEnergyLarge, Green) => 0.02,
            _ => WRONG,
        }
    }

    /// How often the form is met at a gate, as a weight beside [`Form::Civil`] = 1. Keeps rare
    /// forms from winning on a smudge.
    pub(crate) fn prior(self) -> f32 {
        match self {
            Self::Civil => 1.0,
            Self::NewEnergySmall | Self::NewEnergyLarge | Self::Trailer => 0.5,
            Self::Coach | Self::Police => 0.2,
            Self::Emergency | Self::Military | Self::ArmedPolice | Self::HongKongMacau => 0.1,
            _ => 0.05,
        }
    }

    /// Layouts this form comes in.
    #[must_use]
    pub fn layouts(self) -> &'static [Layout] {
        match self {
            Self::Civil | Self::Coach => &[Layout::Single, Layout::Double],
            Self::Trailer | Self::Farm => &[Layout::Double],
            Self::Military => &[Layout::Single, Layout::Double],
            _ => &[Layout::Single],
        }
    }

    /// Fire engines and ambulances pass whatever a list says.
    #[must_use]
    pub fn is_emergency(self) -> bool {
        matches!(self, Self::Emergency)
    }

    /// The forms that `plate` (no dots, no spaces) could have.
    pub fn of(plate: &str) -> impl Iterator<Item = Self> {
        let symbols = symbols_of(plate);
        Self::ALL.into_iter().filter(move |form| {
            symbols.is_some_and(|s| form.slots().iter().any(|slots| fits(*form, slots, &s)))
        })
    }
}

/// Whether `plate` (no dots, no spaces, capital letters) has one of the known forms.
#[must_use]
pub fn is_valid(plate: &str) -> bool {
    Form::of(plate).next().is_some()
}

fn symbols_of(plate: &str) -> Option<[Symbol; SLOTS]> {
    let mut symbols = [Symbol::BLANK; SLOTS];
    let mut used = 0;
    for c in plate.chars() {
        *symbols.get_mut(used)? = Symbol::from_char(c)?;
        used += 1;
    }
    (used > 0).then_some(symbols)
}

fn fits(form: Form, slots: &Slots, symbols: &[Symbol; SLOTS]) -> bool {
    let letters = counted_letters(slots, symbols);
    letters <= form.max_serial_letters()
        && slots
            .iter()
            .zip(symbols)
            .all(|(class, &symbol)| class.allows(symbol))
}

fn counted_letters(slots: &Slots, symbols: &[Symbol; SLOTS]) -> usize {
    slots
        .iter()
        .zip(symbols)
        .filter(|(c, s)| **c == Class::Serial && s.is_letter())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_form(plate: &str, form: Form) {
        assert!(
            Form::of(plate).any(|f| f == form),
            "{plate} should be {form:?}"
        );
    }

    #[test]
    fn each_form_is_recognised_by_an_example() {
        assert_form("冀A12345", Form::Civil);
        assert_form("京AF0236", Form::Civil);
        assert_form("粤O12345", Form::Civil);
        assert_form("冀A1234挂", Form::Trailer);
        assert_form("冀A123B学", Form::Coach);
        assert_form("京A1234警", Form::Police);
        assert_form("粤ZF023港", Form::HongKongMacau);
        assert_form("沪A0023领", Form::Consulate);
        assert_form("使014578", Form::Embassy);
        assert_form("京A0145使", Form::EmbassyOld);
        assert_form("粤BD12345", Form::NewEnergySmall);
        assert_form("粤BDF2345", Form::NewEnergySmall);
        assert_form("粤B12345D", Form::NewEnergyLarge);
        assert_form("京X1234应急", Form::Emergency);
        assert_form("VA12345", Form::Military);
        assert_form("军A12345", Form::MilitaryRetired);
        assert_form("海O02008", Form::MilitaryRetired);
        assert_form("WJ京1234X", Form::ArmedPolice);
        assert_form("WJ京1234", Form::ArmedPolice);
        assert_form("皖1149885", Form::Farm);
        assert_form("民航A1234", Form::Aviation);
    }

    #[test]
    fn what_no_office_issues_is_refused() {
        for plate in [
            "",
            "冀A1234",
            "冀AABC12",
            "冀AO1234",
            "冀A1234I",
            "ABCDEFG",
            "冀A123456",
            "13812345678",
        ] {
            assert!(!is_valid(plate), "{plate} is no plate");
        }
    }
}

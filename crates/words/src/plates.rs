//! Keys of what a plate is.

use plate::{Color, PlateProblem};

use crate::{Key, Said};

impl Key {
    /// A plate's colour alone: 黄.
    #[must_use]
    pub const fn of_color(color: Color) -> Self {
        match color {
            Color::Blue => Self::ColorBlue,
            Color::Yellow => Self::ColorYellow,
            Color::Green => Self::ColorGreen,
            Color::YellowGreen => Self::ColorYellowGreen,
            Color::White => Self::ColorWhite,
            Color::Black => Self::ColorBlack,
            Color::Other => Self::ColorOther,
            Color::Unknown => Self::ColorUnknown,
        }
    }

    /// A plate called by its colour: 黄牌.
    #[must_use]
    pub const fn of_plate_color(color: Color) -> Self {
        match color {
            Color::Blue => Self::PlateColorBlue,
            Color::Yellow => Self::PlateColorYellow,
            Color::Green => Self::PlateColorGreen,
            Color::YellowGreen => Self::PlateColorYellowGreen,
            Color::White => Self::PlateColorWhite,
            Color::Black => Self::PlateColorBlack,
            Color::Other => Self::PlateColorOther,
            Color::Unknown => Self::PlateColorUnknown,
        }
    }
}

impl From<PlateProblem> for Said {
    fn from(problem: PlateProblem) -> Self {
        match problem {
            PlateProblem::Length(length) => Self::with(Key::FindingPlateLength, "length", length),
            PlateProblem::Form => Self::plain(Key::FindingPlateForm),
            PlateProblem::Color(..) => Self::plain(Key::FindingPlateColor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plate_keys_carry_the_stored_names() {
        for color in Color::READABLE.into_iter().chain([Color::Unknown]) {
            let name = color.as_str();
            assert_eq!(Key::find("color", name), Some(Key::of_color(color)));
            assert_eq!(
                Key::find("plate_color", name),
                Some(Key::of_plate_color(color))
            );
        }
    }
}

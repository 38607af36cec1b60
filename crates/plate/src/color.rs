//! Plate colour and layout, named as in files, messages and reports.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The colour of a plate as a person names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// Small cars: white characters on blue.
    Blue,
    /// Large vehicles, trailers, coaches: black characters on yellow.
    Yellow,
    /// Small new energy: black characters on white fading to green.
    Green,
    /// Large new energy: yellow field behind the first two characters, green behind the others.
    YellowGreen,
    /// Police, military, emergency.
    White,
    /// Embassies, consulates, Hong Kong and Macau, foreign enterprises of old.
    Black,
    /// Farm, aviation, temporary.
    Other,
    /// Not told apart: infrared or too dark.
    Unknown,
}

impl Color {
    /// The colours a reader tells apart, in the order of its outputs.
    pub const READABLE: [Self; 7] = [
        Self::Blue,
        Self::Yellow,
        Self::Green,
        Self::YellowGreen,
        Self::White,
        Self::Black,
        Self::Other,
    ];

    /// The name used in files and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::YellowGreen => "yellow_green",
            Self::White => "white",
            Self::Black => "black",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// How the characters are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One row.
    Single,
    /// Two rows, read upper row first.
    Double,
    /// Not known.
    Unknown,
}

impl Layout {
    /// The name used in files and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Double => "double",
            Self::Unknown => "unknown",
        }
    }
}

/// A name that is no colour or layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{given}\" is not one of: {allowed}")]
pub struct UnknownName {
    given: String,
    allowed: &'static str,
}

impl FromStr for Color {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::READABLE.into_iter().chain([Self::Unknown]);
        known
            .into_iter()
            .find(|c| c.as_str() == name)
            .ok_or_else(|| UnknownName {
                given: name.to_owned(),
                allowed: "blue yellow green yellow_green white black other unknown",
            })
    }
}

impl FromStr for Layout {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Single, Self::Double, Self::Unknown]
            .into_iter()
            .find(|l| l.as_str() == name)
            .ok_or_else(|| UnknownName {
                given: name.to_owned(),
                allowed: "single double unknown",
            })
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_parses_back_to_its_colour() {
        for color in Color::READABLE.into_iter().chain([Color::Unknown]) {
            assert_eq!(color.as_str().parse(), Ok(color));
        }
        let error = "蓝".parse::<Color>().expect_err("names are English");
        assert!(
            error
                .to_string()
                .starts_with("\"蓝\" is not one of: blue yellow")
        );
    }
}

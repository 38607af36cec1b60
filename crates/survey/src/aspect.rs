//! What is judged, and how well it is.

use serde::Serialize;
use words::{Key, Said};

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Aspect {
    Size,
    Rate,
    Gaps,
    Losses,
    Clock,
    Light,
    Plates,
    Width,
    Sharpness,
    PlateLight,
    Tilt,
    Side,
    Region,
}

impl Aspect {
    /// Its name.
    #[must_use]
    pub const fn key(self) -> Key {
        match self {
            Self::Size => Key::SurveySize,
            Self::Rate => Key::SurveyRate,
            Self::Gaps => Key::SurveyGaps,
            Self::Losses => Key::SurveyLosses,
            Self::Clock => Key::SurveyClock,
            Self::Light => Key::SurveyLight,
            Self::Plates => Key::SurveyPlates,
            Self::Width => Key::SurveyWidth,
            Self::Sharpness => Key::SurveySharpness,
            Self::PlateLight => Key::SurveyPlateLight,
            Self::Tilt => Key::SurveyTilt,
            Self::Side => Key::SurveySide,
            Self::Region => Key::SurveyRegion,
        }
    }
}

/// How well it is, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// As it should be.
    Good,
    /// There was nothing to judge it by.
    Unknown,
    /// It works, and will fail in the rain or at night.
    Poor,
    /// It has to be changed.
    Bad,
}

impl Grade {
    /// Its word.
    #[must_use]
    pub const fn key(self) -> Key {
        match self {
            Self::Good => Key::SurveyGood,
            Self::Unknown => Key::SurveyUnknown,
            Self::Poor => Key::SurveyPoor,
            Self::Bad => Key::SurveyBad,
        }
    }
}

/// One aspect, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// What.
    pub aspect: Aspect,
    /// How well.
    pub grade: Grade,
    /// What was measured.
    pub figure: Said,
    /// What to change; nothing where it is good.
    pub advice: Option<Said>,
}

//! The camera check: a minute of a lane's stream, judged in plain words with what to change.
//!
//! [`look`] connects to the camera as the daemon does, measures every picture's time and some pictures'
//! plates, and [`judge`] tells of each [`Aspect`] whether it is good, poor or bad. The rules are pure
//! functions of [`SurveyFigures`]; where each threshold is from stands beside it.
//!
//! It knows no lane but its region and the widths that count, and writes nothing.

mod aspect;
mod figures;
mod judge;
mod look;
mod measure;
mod pace;
mod plates;
mod tell;

pub use aspect::{Aspect, Grade, Judged};
pub use figures::SurveyFigures;
pub use judge::judge;
pub use look::{Error, Examination, Look, look};
pub use plates::PlateFigures;

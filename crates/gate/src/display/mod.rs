//! What shows at the entrance: drivers of displays, each a file here, and [`DisplayQueue`], which hands a
//! decision to one without making anybody wait.
//!
//! A display shows the newest decision and, after a while, what stands there otherwise. It is never asked
//! before the barrier: it follows the same decision beside it.

mod card;
mod frame;
mod queue;
mod section;

use std::future::Future;
use std::pin::Pin;

use passage::Verdict;

pub use card::LedCard;
pub use queue::{DisplayQueue, DisplayView};
pub use section::DisplaySettings;

/// What is told at the entrance of one decision, or of an alarm, in the site's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// May it pass? An alarm is shown as a denial is.
    pub verdict: Verdict,
    /// It is an alarm: what was decided is the word for that, and the reason is what happened.
    pub alarm: bool,
    /// Plate, empty when there is none.
    pub plate: String,
    /// Code of the plate's colour.
    pub color: String,
    /// Emission standard, empty when it is not known.
    pub emission: String,
    /// What was decided.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// When, hours and minutes.
    pub time: String,
    /// Name of the lane.
    pub lane: String,
}

/// One line of a display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLine {
    /// Its words.
    pub text: String,
    /// Whose colour it has; none while nobody is there.
    pub verdict: Option<Verdict>,
}

/// Why a display does not show what it was told, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DisplayError(pub String);

/// What a display will have done when it is awaited.
pub type Showing<'a> = Pin<Box<dyn Future<Output = Result<(), DisplayError>> + Send + 'a>>;

/// A driver of one display. It gives up by itself within two seconds; showing the same twice does no harm.
pub trait Display: Send + Sync {
    /// Shows these lines and no others.
    fn show<'a>(&'a self, lines: &'a [ShownLine]) -> Showing<'a>;
}

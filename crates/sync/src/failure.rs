//! Why a delivery has to be tried again.

use std::error::Error as StdError;

/// What went wrong, for those who act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureKind {
    /// Nobody could be reached at the address.
    Unreachable,
    /// Log-in was refused, or a new token was refused at once.
    LogIn,
    /// The sink asked for patience: 429, 502, 503, 504.
    Busy,
    /// The sink took the request and didn't answer in time.
    Timeout,
    /// The connection was lost while the answer was awaited.
    Cut,
    /// An answer that is no acknowledgement: another status, another code, not JSON, too long.
    Answer,
    /// A photo of the row is not as it was recorded, or the ledger could not be read.
    Evidence,
    /// The row itself does not fit what the platform takes, which we know without asking.
    Unfit,
    /// The service is stopping.
    Stopped,
}

impl FailureKind {
    /// Whether it says nothing about the row: the sink as a whole is not there for us.
    #[must_use]
    pub const fn is_sink_wide(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::LogIn | Self::Busy | Self::Stopped
        )
    }
}

/// Why a delivery has to be tried again. Its text never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Failure {
    kind: FailureKind,
    words: String,
}

impl Failure {
    /// A failure in the words of whoever saw it, made fit for one line.
    #[must_use]
    pub fn new(kind: FailureKind, words: impl AsRef<str>) -> Self {
        Self {
            kind,
            words: one_line(words.as_ref()),
        }
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.kind
    }
}

/// Longest text of others that is kept, in characters.
const MAX_WORDS: usize = 300;

/// Text of others without control characters and of bounded length.
pub(crate) fn one_line(words: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut line: String = words.chars().take(MAX_WORDS).map(clean).collect();
    if words.chars().nth(MAX_WORDS).is_some() {
        line.push('…');
    }
    line
}

/// An error with everything that caused it.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !words.contains(&next) {
            words.push_str(": ");
            words.push_str(&next);
        }
        cause = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_become_one_bounded_line() {
        let failure = Failure::new(
            FailureKind::Answer,
            format!("a\r\nb\u{1b}[31m{}", "长".repeat(999)),
        );
        let line = failure.to_string();
        assert!(line.starts_with("a  b [31m长") && line.ends_with('…'));
        assert_eq!(line.chars().count(), MAX_WORDS + 1);
    }
}

//! One mistake in a configuration.

use std::fmt;

/// One thing that is wrong in a configuration. Problems sort by line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line, counted from 1; none for something that is nowhere in the file.
    pub line: Option<usize>,
    /// Where: `lane[0].camera.url`; empty for what is not TOML at all.
    pub key: String,
    /// What is wrong and what is allowed. Holds no secrets.
    pub message: String,
}

/// `line 12: lane[0].camera.url: is required`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

//! One mistake in a configuration.

use std::fmt;

use words::{Key, Said};

/// One thing that is wrong in a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1; none for something that is nowhere in the file.
    pub line: Option<usize>,
    /// Where: `lane[0].camera.url`; empty for what is not TOML at all.
    pub key: String,
    /// What is wrong and what is allowed. Holds no secrets.
    pub why: Said,
}

impl Problem {
    /// `line 12: lane[0].camera.url: is required`.
    #[must_use]
    pub fn said(&self) -> Said {
        let mut said = self.why.clone();
        if !self.key.is_empty() {
            said = Said::about(&self.key, said);
        }
        match self.line {
            Some(line) => Said::plain(Key::SaidAbout)
                .and_said("what", Said::with(Key::MistakeAtLine, "line", line))
                .and_said("why", said),
            None => said,
        }
    }
}

/// In English, for developers.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

/// In the order of their lines.
pub(crate) fn sort(problems: &mut [Problem]) {
    problems.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
}

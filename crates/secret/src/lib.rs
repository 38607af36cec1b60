//! A password that cannot be printed by accident, and files that are nobody else's.

mod private;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

pub use private::shut_out_others;

/// A password. `Debug`, `Display` and serialisation all give `***`.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "String")]
pub struct Secret {
    text: String,
    origin: Option<Origin>,
}

/// Where a password is kept, which may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In this file.
    File(PathBuf),
    /// In the environment variable of this name.
    Variable(String),
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Secret {
    /// Wraps a password.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            origin: None,
        }
    }

    /// A password that was read from the file at `path`.
    pub fn from_file(text: impl Into<String>, path: impl AsRef<Path>) -> Self {
        Self {
            origin: Some(Origin::File(path.as_ref().to_owned())),
            ..Self::new(text)
        }
    }

    /// A password that was read from the environment variable of this name.
    pub fn from_variable(text: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            origin: Some(Origin::Variable(name.into())),
            ..Self::new(text)
        }
    }

    /// Where it is kept; unknown for one that was handed over as text.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// The password itself: only for the moment it is handed to the protocol.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// `text` with every occurrence of this password replaced, in case a library put it there.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        if self.text.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.text, "***")
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_itself_in_no_form() {
        let secret = Secret::new("hunter2");
        assert_eq!(
            format!("{secret} {secret:?} {:?}", Some(&secret)),
            "*** *** Some(***)"
        );
        assert_eq!(
            secret.scrub("401 for admin:hunter2@cam"),
            "401 for admin:***@cam"
        );
    }
}

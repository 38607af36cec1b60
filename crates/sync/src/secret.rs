//! A password that cannot be printed by accident.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A password. `Debug`, `Display` and serialisation all give `***`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes the password in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The password, for the moment in which the protocol needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes the password out of words that somebody else wrote.
    #[must_use]
    pub(crate) fn scrub(&self, words: &str) -> String {
        if self.0.is_empty() {
            words.to_owned()
        } else {
            words.replace(&self.0, "***")
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

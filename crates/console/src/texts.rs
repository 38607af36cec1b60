//! A text for a page, in each language: who reads it has chosen one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use words::{Group, Key, Language, Said};

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Texts {
    /// Chinese.
    zh: String,
    /// English.
    en: String,
}

impl Texts {
    pub(crate) fn each(text: impl Fn(Language) -> String) -> Self {
        let [zh, en] = Language::ALL.map(text);
        Self { zh, en }
    }

    /// What a stored code is called.
    pub(crate) fn named(group: Group, code: &str) -> Self {
        Self::each(|language| language.named(group, code).to_owned())
    }
}

impl From<Said> for Texts {
    fn from(said: Said) -> Self {
        Self::each(|language| said.text(language))
    }
}

impl From<Key> for Texts {
    fn from(key: Key) -> Self {
        Self::each(|language| language.text(key).to_owned())
    }
}

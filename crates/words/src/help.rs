//! What the command line says of itself in Chinese. Its English stands where commands and arguments are
//! documented.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static CHINESE: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("help.toml")).unwrap_or_default());

/// The Chinese of a sentence of `--help`.
#[must_use]
pub fn help_in_chinese(english: &str) -> Option<&'static str> {
    CHINESE.get(english).map(String::as_str)
}

/// Every sentence of `--help` that has a Chinese one.
pub fn helped() -> impl Iterator<Item = &'static str> {
    CHINESE.keys().map(String::as_str)
}

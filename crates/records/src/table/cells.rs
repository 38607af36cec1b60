//! What stands in cells for people: Chinese first, then English, whatever the site's language, for inspectors
//! and integrators read the same file.

use words::{Group, Key, Language};

use super::Cell;

/// A text in both languages.
#[must_use]
pub fn both(key: Key) -> String {
    format!("{} {}", Language::Zh.text(key), Language::En.text(key))
}

/// A code's name in both languages.
#[must_use]
pub fn named(group: Group, code: &str) -> Cell {
    let name = |language: Language| language.named(group, code);
    text(format!("{} {}", name(Language::Zh), name(Language::En)))
}

/// Anything as it is written.
#[must_use]
pub fn text(text: impl ToString) -> Cell {
    Cell::text(Some(text.to_string()))
}

/// A count.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "no ledger has 2^53 rows")]
pub fn count(count: u64) -> Cell {
    Cell::Number(count as f64)
}

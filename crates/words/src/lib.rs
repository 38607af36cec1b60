//! Every word a person reads, in Chinese and English.
//!
//! The texts stand in two files with the same keys, built into the program. Code names a text by
//! [`Key`], so a text that is missing does not compile; tests hold both files against the keys.
//!
//! Findings and errors of other crates carry a [`Said`]: the key and its values, which become a text where
//! the reader's language is known.
//!
//! Enumerations of other crates reach their words by the code under which they are stored:
//! [`Language::named`] with the [`Group`] they belong to.
//!
//! It knows nothing of passages, cameras or screens, only what things are called, how wide that stands and how
//! a moment is written.

mod catalogue;
mod chain;
mod clock;
mod columns;
mod help;
mod keys;
mod plates;
mod said;

pub use catalogue::{Group, Language, UnknownLanguage, catalogue};
pub use chain::chain;
pub use clock::{to_minute, to_second};
pub use columns::{padded, right};
pub use help::{help_in_chinese, helped};
pub use keys::Key;
pub use said::{Said, texts};

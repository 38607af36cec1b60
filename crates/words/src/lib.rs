//! Every word a person reads, in Chinese and English.
//!
//! The texts stand in two files with the same keys, built into the program. Code names a text by
//! [`Key`], so a text that is missing does not compile; tests hold both files against the keys.
//!
//! Enumerations of other crates reach their words by the code under which they are stored:
//! [`Language::named`] with the [`Group`] they belong to.
//!
//! It knows nothing of passages, cameras or screens, only what things are called and how wide that stands.

mod catalogue;
mod chain;
mod columns;
mod keys;
mod plates;

pub use catalogue::{Group, Language, UnknownLanguage};
pub use chain::chain;
pub use columns::padded;
pub use keys::Key;

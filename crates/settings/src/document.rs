//! A configuration file that has been parsed, with the line of every key.

use std::path::Path;

use toml::Spanned;
use toml::de::DeTable;

use crate::section::Section;
use crate::{Problem, syntax};

/// A configuration file that is valid TOML.
#[derive(Debug)]
pub struct Document<'a> {
    text: &'a str,
    table: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// Parses `text`.
    ///
    /// # Errors
    /// Everything in it that is not TOML, each with its line.
    pub fn parse(text: &'a str) -> Result<Self, Vec<Problem>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            Ok(Self { text, table })
        } else {
            Err(syntax::problems(text, &errors))
        }
    }

    /// The text under `key` at the root of what may not be TOML as a whole.
    #[must_use]
    pub fn peek(text: &str, key: &str) -> Option<String> {
        let (table, _) = DeTable::parse_recoverable(text);
        let value = table.get_ref().get(key)?;
        Some(value.get_ref().as_str()?.to_owned())
    }

    /// Reads everything in it through `read`, which is given the file's root. Relative paths are
    /// below `folder`.
    ///
    /// # Errors
    /// Every mistake that `read` noted, and every key that it did not ask for, sorted by line.
    pub fn read<T>(
        &self,
        folder: &Path,
        read: impl FnOnce(&Section) -> T,
    ) -> Result<T, Vec<Problem>> {
        let root = Section::root(self.text, folder, self.table.get_ref());
        let value = read(&root);
        let problems = root.into_problems();
        if problems.is_empty() {
            Ok(value)
        } else {
            Err(problems)
        }
    }
}

//! Settings as text that loads again.

use std::path::Path;
use std::time::Duration;

use secret::{Origin, Secret};
use toml::Value;

use crate::show_length;

/// Writes settings as a configuration file. Within a table, print its keys before its tables: a key
/// that follows a table's header is one of that table.
#[derive(Debug, Default)]
pub struct Printer {
    out: String,
    path: String,
}

impl Printer {
    /// What was printed.
    #[must_use]
    pub fn into_text(self) -> String {
        self.out
    }

    /// `[name]`, below the table that is being printed.
    pub fn table(&mut self, name: &str, show: impl FnOnce(&mut Self)) {
        self.below(name, ("[", "]"), show);
    }

    /// `[[name]]`, one of several.
    pub fn one_of_tables(&mut self, name: &str, show: impl FnOnce(&mut Self)) {
        self.below(name, ("[[", "]]"), show);
    }

    fn below(&mut self, name: &str, (open, close): (&str, &str), show: impl FnOnce(&mut Self)) {
        let above = self.path.clone();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(&key(name));
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out += &format!("{open}{}{close}\n", self.path);
        show(self);
        self.path = above;
    }

    /// A line for people, which says nothing to the reader.
    pub fn note(&mut self, words: &str) {
        for line in words.lines() {
            self.out += &format!("# {line}\n");
        }
    }

    /// Text, a whole number, a flag or a list.
    pub fn value(&mut self, name: &str, value: impl Into<Value>) {
        self.out += &format!("{} = {}\n", key(name), value.into());
    }

    /// A value that may not be set.
    pub fn maybe(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    /// A number, with no more digits than it was given.
    pub fn number(&mut self, name: &str, value: impl Into<f64> + std::fmt::Debug) {
        self.out += &format!("{} = {value:?}\n", key(name));
    }

    /// A length of time.
    pub fn length(&mut self, name: &str, value: Duration) {
        self.value(name, show_length(value));
    }

    /// A path.
    pub fn path(&mut self, name: &str, value: &Path) {
        self.value(name, value.display().to_string());
    }

    /// A path that may not be set.
    pub fn maybe_path(&mut self, name: &str, value: Option<&Path>) {
        if let Some(value) = value {
            self.path(name, value);
        }
    }

    /// The word that stands for a value among those that a section reads it from.
    pub fn word<T: PartialEq>(&mut self, name: &str, words: &[(&str, T)], value: &T) {
        if let Some((word, _)) = words.iter().find(|(_, known)| known == value) {
            self.value(name, *word);
        }
    }

    /// Where a secret is kept, as `<name>_file` or `<name>_env`. The secret itself is never shown.
    pub fn secret(&mut self, name: &str, secret: &Secret) {
        match secret.origin() {
            Some(Origin::File(path)) => self.path(&format!("{name}_file"), path),
            Some(Origin::Variable(variable)) => {
                self.value(&format!("{name}_env"), variable.as_str());
            }
            None if secret.expose().is_empty() => {}
            None => self.note(&format!("{name} is set, and is not shown")),
        }
    }

    /// Where a secret is kept, as `name = { file = "…" }` or `name = { env = "…" }`.
    pub fn secret_place(&mut self, name: &str, secret: &Secret) {
        let place = match secret.origin() {
            Some(Origin::File(path)) => ("file", path.display().to_string()),
            Some(Origin::Variable(variable)) => ("env", variable.clone()),
            None => return self.note(&format!("{name} is set, and is not shown")),
        };
        self.value(
            name,
            toml::Table::from_iter([(place.0.to_owned(), Value::from(place.1))]),
        );
    }
}

/// A key as it is written: in quotes unless it is plain.
fn key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(plain) {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    }
}

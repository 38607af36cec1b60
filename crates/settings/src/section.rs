//! One table of a configuration, read key by key.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use words::{Key, Said};

use crate::{Problem, problem, syntax};

/// What all sections of a document share.
struct Shared<'a> {
    text: &'a str,
    folder: PathBuf,
    problems: RefCell<Vec<Problem>>,
}

/// One table of the configuration, with the path that leads to it. A table that is not there is
/// empty: all its keys have their defaults.
///
/// Read every key before giving up, so that every mistake is told: whoever hands out the section
/// reports the keys that were not asked for.
pub struct Section<'a> {
    path: String,
    /// Where it begins in the file.
    starts: Option<usize>,
    table: Option<&'a DeTable<'a>>,
    used: RefCell<BTreeSet<String>>,
    shared: Rc<Shared<'a>>,
}

impl<'a> Section<'a> {
    pub(crate) fn root(text: &'a str, folder: &Path, table: &'a DeTable<'a>) -> Self {
        Self {
            path: String::new(),
            starts: None,
            table: Some(table),
            used: RefCell::default(),
            shared: Rc::new(Shared {
                text,
                folder: folder.to_owned(),
                problems: RefCell::default(),
            }),
        }
    }

    /// Ends reading.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.finish();
        let mut problems = self.shared.problems.take();
        problem::sort(&mut problems);
        problems
    }

    /// Reports the keys of this table that nobody asked for.
    fn finish(&self) {
        let used = self.used.borrow();
        let unknown = self.keys().into_iter().filter(|key| !used.contains(key));
        for key in unknown {
            let known: Vec<_> = used.iter().map(String::as_str).collect();
            let said = Said::with(Key::MistakeUnknownKey, "known", known.join(", "));
            let said = syntax::misplaced(self.shared.text, self.line(&key), said);
            self.problem(&key, said);
        }
    }

    /// Notes a mistake in the value of `key`; in the table itself where `key` is empty.
    pub fn problem(&self, key: &str, why: impl Into<Said>) {
        self.note(self.line(key), key, why.into());
    }

    /// Notes a mistake that stands at `span` within the value of `key`.
    pub(crate) fn problem_at(&self, span: Option<Range<usize>>, key: &str, why: Said) {
        let line = span.map(|span| syntax::line_of(self.shared.text, span.start));
        self.note(line.or_else(|| self.line(key)), key, why);
    }

    fn note(&self, line: Option<usize>, key: &str, why: Said) {
        let problem = Problem {
            line,
            key: self.key_path(key),
            why,
        };
        self.shared.problems.borrow_mut().push(problem);
    }

    /// Where a key stands. A path such as `pace.poll` or `allow[2].plate` is followed as far as it
    /// leads; what is missing stands where its table begins.
    fn line(&self, key: &str) -> Option<usize> {
        let (mut table, mut starts, mut rest) = (self.table, self.starts, key);
        while let Some(here) = table.filter(|_| !rest.is_empty()) {
            if let Some((name, _)) = here.get_key_value(rest) {
                starts = Some(name.span().start);
                break;
            }
            let (first, deeper) = rest.split_once('.').unwrap_or((rest, ""));
            let (name, index) = first.split_once('[').unwrap_or((first, ""));
            let Some((name, mut value)) = here.get_key_value(name) else {
                break;
            };
            starts = Some(name.span().start);
            let index: Option<usize> = index.trim_end_matches(']').parse().ok();
            if let Some(item) = index.and_then(|i| value.get_ref().get(i)) {
                starts = Some(item.span().start);
                value = item;
            }
            (table, rest) = (value.get_ref().as_table(), deeper);
        }
        starts.map(|offset| syntax::line_of(self.shared.text, offset))
    }

    fn key_path(&self, key: &str) -> String {
        match (self.path.is_empty(), key.is_empty()) {
            (true, _) => key.to_owned(),
            (false, true) => self.path.clone(),
            (false, false) => format!("{}.{key}", self.path),
        }
    }

    /// The value of `key`, which counts as asked for from now on.
    pub(crate) fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.used.borrow_mut().insert(key.to_owned());
        self.table?.get(key)
    }

    fn child(&self, path: String, starts: Option<usize>, table: Option<&'a DeTable<'a>>) -> Self {
        Self {
            path,
            starts,
            table,
            used: RefCell::default(),
            shared: Rc::clone(&self.shared),
        }
    }

    /// Whether `key` is written there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// Whether the table itself is there.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.table.is_some()
    }

    /// Whether nothing is written in this table, or it is not there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_none_or(DeTable::is_empty)
    }

    /// The keys that are written in this table.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let keys = self.table.into_iter().flat_map(DeTable::keys);
        keys.map(|key| key.get_ref().to_string()).collect()
    }

    /// A path of the configuration as it is meant: relative ones are below its folder.
    #[must_use]
    pub fn below_folder(&self, path: impl AsRef<Path>) -> PathBuf {
        self.shared.folder.join(path)
    }

    /// Folder of the configuration.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.shared.folder
    }

    /// Reads the table under `key`, an empty one when it is not there.
    pub fn table<T>(&self, key: &str, read: impl FnOnce(&Section) -> T) -> T {
        let path = self.key_path(key);
        let child = match self.value(key) {
            None => self.child(path, self.starts, None),
            Some(value) => {
                let table = value.get_ref().as_table();
                if table.is_none() {
                    let kind = kind(value.get_ref());
                    let said = Said::with(Key::MistakeNotATable, "name", key);
                    self.problem(key, said.and_said("kind", kind));
                }
                self.child(path, self.start_of(key), table)
            }
        };
        let read = read(&child);
        child.finish();
        read
    }

    /// Reads the table under `key` if it is there.
    pub fn optional<T>(&self, key: &str, read: impl FnOnce(&Section) -> Option<T>) -> Option<T> {
        let there = self.value(key).is_some();
        there.then(|| self.table(key, read)).flatten()
    }

    /// Reads each table under `[[key]]`.
    pub fn tables<T>(&self, key: &str, mut read: impl FnMut(&Section) -> Option<T>) -> Vec<T> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let Some(items) = value.get_ref().as_array() else {
            self.problem(key, Said::with(Key::MistakeNotTables, "name", key));
            return found;
        };
        for (i, item) in items.iter().enumerate() {
            let Some(table) = item.get_ref().as_table() else {
                self.problem(key, Said::with(Key::MistakeNotTables, "name", key));
                continue;
            };
            let path = format!("{}[{i}]", self.key_path(key));
            let child = self.child(path, Some(item.span().start), Some(table));
            found.extend(read(&child));
            child.finish();
        }
        found
    }

    fn start_of(&self, key: &str) -> Option<usize> {
        let (name, _) = self.table?.get_key_value(key)?;
        Some(name.span().start)
    }

    /// Reads the table under `key` if something is written in it.
    pub fn unless_empty<T>(
        &self,
        key: &str,
        read: impl FnOnce(&Section) -> Option<T>,
    ) -> Option<T> {
        self.table(key, |section| {
            (!section.is_empty()).then(|| read(section)).flatten()
        })
    }
}

/// What a value is.
pub(crate) fn kind(value: &DeValue<'_>) -> Key {
    match value {
        DeValue::String(_) => Key::TomlKindText,
        DeValue::Integer(_) | DeValue::Float(_) => Key::TomlKindNumber,
        DeValue::Boolean(_) => Key::TomlKindFlag,
        DeValue::Datetime(_) => Key::TomlKindDate,
        DeValue::Array(_) => Key::TomlKindList,
        DeValue::Table(_) => Key::TomlKindTable,
    }
}

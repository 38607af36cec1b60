//! Reads a TOML table key by key and collects every mistake instead of stopping at the first.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use toml::{Table, Value};

mod values;

/// One thing that is wrong in a configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// Where: `lane[0].camera.url`.
    pub(crate) key: String,
    /// What is wrong and what is allowed.
    pub(crate) message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

type Problems = Rc<RefCell<Vec<Problem>>>;

/// One table of the configuration with the path that leads to it.
pub(crate) struct Section {
    path: String,
    table: Table,
    used: RefCell<BTreeSet<String>>,
    problems: Problems,
}

impl Section {
    pub(crate) fn root(table: Table) -> Self {
        Self {
            path: String::new(),
            table,
            used: RefCell::default(),
            problems: Problems::default(),
        }
    }

    /// Ends reading: keys that nobody asked for are mistakes too.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.finish();
        let mut problems = self.problems.take();
        problems.sort();
        problems
    }

    /// Reports the keys of this table that nobody asked for.
    pub(crate) fn finish(&self) {
        let used = self.used.borrow();
        for key in self.table.keys().filter(|k| !used.contains(*k)) {
            let known: Vec<_> = used.iter().map(String::as_str).collect();
            self.problem(
                key,
                format!("unknown key; known here: {}", known.join(", ")),
            );
        }
    }

    pub(crate) fn problem(&self, key: &str, message: impl Into<String>) {
        let problem = Problem {
            key: self.key_path(key),
            message: message.into(),
        };
        self.problems.borrow_mut().push(problem);
    }

    fn key_path(&self, key: &str) -> String {
        match (self.path.is_empty(), key.is_empty()) {
            (true, _) => key.to_owned(),
            (false, true) => self.path.clone(),
            (false, false) => format!("{}.{key}", self.path),
        }
    }

    fn value(&self, key: &str) -> Option<&Value> {
        self.used.borrow_mut().insert(key.to_owned());
        self.table.get(key)
    }

    fn child(&self, path: String, table: Table) -> Self {
        Self {
            path,
            table,
            used: RefCell::default(),
            problems: Rc::clone(&self.problems),
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The table under `key`; an empty one when it is not there.
    pub(crate) fn section(&self, key: &str) -> Self {
        let table = match self.value(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table.clone(),
            Some(other) => {
                self.problem(key, format!("must be a table [{key}], not {}", kind(other)));
                Table::new()
            }
        };
        self.child(self.key_path(key), table)
    }

    /// The keys of this table.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.table.keys().cloned().collect()
    }

    /// The tables under `[[key]]`.
    pub(crate) fn sections(&self, key: &str) -> Vec<Self> {
        match self.value(key) {
            None => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .filter_map(|(i, item)| match item {
                    Value::Table(table) => {
                        Some(self.child(format!("{}[{i}]", self.key_path(key)), table.clone()))
                    }
                    _ => {
                        self.problem(key, format!("must be written as [[{key}]]"));
                        None
                    }
                })
                .collect(),
            Some(_) => {
                self.problem(key, format!("must be written as [[{key}]]"));
                Vec::new()
            }
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}

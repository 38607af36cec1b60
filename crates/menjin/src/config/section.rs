//! Reads a TOML table key by key and collects every mistake instead of stopping at the first.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::str::FromStr;
use std::time::Duration;

use toml::{Table, Value};

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

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text.clone()),
            other => {
                self.problem(key, format!("must be text in quotes, not {}", kind(other)));
                None
            }
        }
    }

    pub(crate) fn text_or(&self, key: &str, default: &str) -> String {
        self.text(key).unwrap_or_else(|| default.to_owned())
    }

    /// Text that has to be there; reports it when it is missing or empty.
    pub(crate) fn required(&self, key: &str, example: &str) -> String {
        let present = self.has(key);
        let text = self.text(key).unwrap_or_default();
        if !present || (text.is_empty() && self.table.get(key).is_some_and(Value::is_str)) {
            self.problem(
                key,
                format!("is required, for example {key} = \"{example}\""),
            );
        }
        text
    }

    /// A value written as text that parses into `T`.
    pub(crate) fn parsed<T: FromStr>(&self, key: &str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.text(key)?;
        text.parse()
            .map_err(|e: T::Err| self.problem(key, e.to_string()))
            .ok()
    }

    /// One of a few words.
    pub(crate) fn one_of<T: Copy>(&self, key: &str, words: &[(&str, T)], default: T) -> T {
        let Some(text) = self.text(key) else {
            return default;
        };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => *value,
            None => {
                let known: Vec<_> = words.iter().map(|(w, _)| format!("\"{w}\"")).collect();
                self.problem(
                    key,
                    format!("\"{text}\" is not one of {}", known.join(", ")),
                );
                default
            }
        }
    }

    /// A time span such as `"500ms"`, `"10s"`, `"5m"`, `"2h"`.
    pub(crate) fn duration(&self, key: &str, default: Duration) -> Duration {
        let Some(text) = self.text(key) else {
            return default;
        };
        match parse_duration(&text) {
            Some(span) if !span.is_zero() => return span,
            Some(_) => self.problem(key, "must be longer than 0"),
            None => self.problem(
                key,
                format!("\"{text}\" is no time span; write \"500ms\", \"10s\", \"5m\" or \"2h\""),
            ),
        }
        default
    }

    /// A number within bounds.
    pub(crate) fn number(&self, key: &str, default: f64, low: f64, high: f64) -> f64 {
        let number = match self.value(key) {
            None => return default,
            Some(Value::Float(number)) => *number,
            Some(Value::Integer(number)) => *number as f64,
            Some(other) => {
                self.problem(
                    key,
                    format!("must be a number from {low} to {high}, not {}", kind(other)),
                );
                return default;
            }
        };
        if (low..=high).contains(&number) {
            return number;
        }
        self.problem(key, format!("{number} is outside {low} to {high}"));
        default
    }

    pub(crate) fn integer(&self, key: &str, default: u32, low: u32, high: u32) -> u32 {
        match self.value(key) {
            None => default,
            Some(Value::Integer(n)) if (i64::from(low)..=i64::from(high)).contains(n) => *n as u32,
            Some(other) => {
                self.problem(
                    key,
                    format!("must be a whole number from {low} to {high}, not {other}"),
                );
                default
            }
        }
    }

    pub(crate) fn flag(&self, key: &str, default: bool) -> bool {
        match self.value(key) {
            None => default,
            Some(Value::Boolean(flag)) => *flag,
            Some(other) => {
                self.problem(key, format!("must be true or false, not {}", kind(other)));
                default
            }
        }
    }

    /// All keys of this table that have not been read yet, as the settings of another crate. Each
    /// key is tried alone first, so that every wrong one is reported and not only the first.
    pub(crate) fn rest<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        let mut good = Table::new();
        for (key, value) in &self.table {
            if !self.used.borrow_mut().insert(key.clone()) {
                continue;
            }
            let alone = Table::from_iter([(key.clone(), value.clone())]);
            match Value::Table(alone).try_into::<T>() {
                Ok(_) => drop(good.insert(key.clone(), value.clone())),
                // Said once below, with all keys in their places.
                Err(error) if error.message().starts_with("missing field") => {
                    drop(good.insert(key.clone(), value.clone()));
                }
                Err(error) => self.problem(key, error.message().trim().to_owned()),
            }
        }
        Value::Table(good)
            .try_into()
            .map_err(|e: toml::de::Error| self.problem("", e.message()))
            .ok()
    }

    /// The value under `key` read by serde, for lists and small tables.
    pub(crate) fn typed<T: serde::de::DeserializeOwned>(
        &self,
        key: &str,
        shape: &str,
    ) -> Option<T> {
        let value = self.value(key)?.clone();
        value
            .try_into()
            .map_err(|e: toml::de::Error| {
                self.problem(key, format!("{} (write {shape})", e.message()));
            })
            .ok()
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

fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let ms = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(ms).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_spans_need_a_unit() {
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(parse_duration("2h"), Some(Duration::from_secs(7200)));
        for wrong in [
            "10",
            "s",
            "-3s",
            "1.5s",
            "99999999999999999999s",
            "10 parsecs",
        ] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }
}

//! The values of a table, each read as what it has to be.

use std::str::FromStr;
use std::time::Duration;

use toml::{Table, Value};

use super::{Section, kind};

impl Section {
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

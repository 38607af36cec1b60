//! Reads a whole file and keeps going after each mistake.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use toml::{Table, Value};
use words::{Key, Said};

use crate::settings::BadSetting;

/// More mistakes than this help nobody.
const MAX_PROBLEMS: usize = 100;

/// What could be read, and everything that could not: each wrong value is reported, taken out, and
/// the rest is read again. All fields of `T` need defaults.
pub(super) fn tolerant<T: DeserializeOwned + Default>(mut table: Table) -> (T, Vec<BadSetting>) {
    let mut problems = Vec::new();
    while problems.len() < MAX_PROBLEMS {
        match serde_path_to_error::deserialize(Value::Table(table.clone())) {
            Ok(value) => return (value, problems),
            Err(error) => {
                let why = told(error.inner().message().trim());
                let gone = remove(&mut table, error.path());
                let key = gone.clone().unwrap_or_else(|| error.path().to_string());
                problems.push(BadSetting::new(key, why));
                if gone.is_none() {
                    break;
                }
            }
        }
    }
    (T::default(), problems)
}

/// What serde says of a value, as far as people get it wrong; the rest keeps its words, in a frame.
fn told(message: &str) -> Said {
    let unknown = message
        .strip_prefix("unknown field ")
        .and_then(|rest| rest.split_once(", "));
    let wrong_type = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.split_once(", expected "));
    let unknown_word = message
        .strip_prefix("unknown variant `")
        .and_then(|rest| rest.split_once("`, expected "));
    let listed = |known: &str| known.trim_start_matches("expected ").replace("one of ", "");
    if let Some((name, known)) = unknown {
        Said::with(Key::MistakeUnknownField, "name", name).and("known", listed(known))
    } else if let Some((text, known)) = unknown_word {
        Said::with(Key::MistakeNotOneOf, "text", text).and("known", listed(known))
    } else if let Some((found, wanted)) = wrong_type {
        let said = kind_of(found).map_or_else(
            || Said::with(Key::MistakeWrongType, "found", found),
            |kind| Said::plain(Key::MistakeWrongType).and_said("found", kind),
        );
        match kind_of(wanted.trim_start_matches("an ").trim_start_matches("a ")) {
            Some(kind) => said.and_said("wanted", kind),
            None => said.and("wanted", wanted),
        }
    } else {
        Said::with(Key::MistakeForm, "why", message)
    }
}

/// What serde calls a kind of value.
fn kind_of(text: &str) -> Option<Key> {
    let known = [
        ("string", Key::TomlKindText),
        ("str", Key::TomlKindText),
        ("integer", Key::TomlKindNumber),
        ("floating point", Key::TomlKindNumber),
        ("u8", Key::TomlKindNumber),
        ("u16", Key::TomlKindNumber),
        ("u32", Key::TomlKindNumber),
        ("u64", Key::TomlKindNumber),
        ("usize", Key::TomlKindNumber),
        ("f64", Key::TomlKindNumber),
        ("bool", Key::TomlKindFlag),
        ("sequence", Key::TomlKindList),
        ("map", Key::TomlKindTable),
        ("struct", Key::TomlKindTable),
    ];
    let found = known.iter().find(|(begins, _)| text.starts_with(begins));
    found.map(|(_, key)| *key)
}

/// Takes out what `path` leads to, or as much of it as is there, and says what that was.
fn remove(table: &mut Table, path: &Path) -> Option<String> {
    let keys: Vec<String> = path
        .iter()
        .map_while(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            _ => None,
        })
        .collect();
    let mut inner = table;
    let mut gone = Vec::new();
    for (n, key) in keys.iter().enumerate() {
        gone.push(key.clone());
        let deeper = n + 1 < keys.len() && matches!(inner.get(key), Some(Value::Table(_)));
        if !deeper {
            inner.remove(key)?;
            return Some(gone.join("."));
        }
        inner = inner.get_mut(key)?.as_table_mut()?;
    }
    None
}

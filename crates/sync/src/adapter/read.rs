//! Reads a whole file and keeps going after each mistake.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use toml::{Table, Value};

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
                let words = error.inner().message().trim().to_owned();
                let gone = remove(&mut table, error.path());
                let key = gone.clone().unwrap_or_else(|| error.path().to_string());
                problems.push(BadSetting { key, words });
                if gone.is_none() {
                    break;
                }
            }
        }
    }
    (T::default(), problems)
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

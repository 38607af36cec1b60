//! Lists of vehicles, where they come from and how old they are.

use std::collections::HashMap;

use jiff::Timestamp;
use plate::Color;
use serde::{Deserialize, Serialize};

use crate::Entry;

/// What being on a list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// May pass.
    Allow,
    /// May not pass.
    Deny,
}

/// How old a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// It stands in this site's configuration and does not age.
    Local,
    /// It was received from elsewhere and was right then.
    AsOf(Timestamp),
    /// It should come from elsewhere and never did.
    Never,
}

/// A list of vehicles.
#[derive(Debug, Clone)]
pub struct List {
    pub(crate) kind: ListKind,
    pub(crate) name: String,
    pub(crate) age: Age,
    entries: HashMap<String, Vec<Entry>>,
}

/// How a surely read plate stands to a list, strongest first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Standing<'a> {
    /// Listed, valid now, same colour or any.
    Listed(&'a Entry),
    /// Would be listed if its colour, which was not read, is the right one.
    ColorUnknown(&'a Entry),
    /// Listed for another time.
    NotValid(&'a Entry),
    /// Not listed.
    Absent,
}

impl List {
    /// A list received or configured. Entries are taken as they are but for their spelling, so
    /// that one odd line of a regulator's list does not cost the others.
    #[must_use]
    pub fn new(
        kind: ListKind,
        name: &str,
        age: Age,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Self {
        let mut by_plate: HashMap<String, Vec<Entry>> = HashMap::new();
        for mut entry in entries {
            entry.plate = crate::normalised(&entry.plate);
            if !entry.plate.is_empty() {
                by_plate.entry(entry.plate.clone()).or_default().push(entry);
            }
        }
        Self {
            kind,
            name: name.to_owned(),
            age,
            entries: by_plate,
        }
    }

    /// Vehicles on it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.values().map(Vec::len).sum()
    }

    /// Whether nobody is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn standing(&self, plate: &str, color: Color, now: Timestamp) -> Standing<'_> {
        let mut best = Standing::Absent;
        for entry in self.entries.get(plate).into_iter().flatten() {
            let standing = match (entry.color, entry.is_valid_at(now)) {
                (Some(listed), _) if listed != color && color != Color::Unknown => continue,
                (_, false) => Standing::NotValid(entry),
                (Some(_), true) if color == Color::Unknown => Standing::ColorUnknown(entry),
                (_, true) => Standing::Listed(entry),
            };
            if standing.strength() > best.strength() {
                best = standing;
            }
        }
        best
    }

    /// Whether an entry for emergency vehicles holds for this plate.
    pub(crate) fn is_emergency(&self, plate: &str, color: Color, now: Timestamp) -> bool {
        self.entries.get(plate).into_iter().flatten().any(|entry| {
            entry.emergency
                && entry.is_valid_at(now)
                && entry.color.is_none_or(|listed| listed == color)
        })
    }

    /// Entries valid now whose plate is the same or differs by one character.
    pub(crate) fn near(&self, plate: &str, now: Timestamp) -> impl Iterator<Item = &Entry> {
        let wanted: Vec<char> = plate.chars().collect();
        self.entries
            .iter()
            .filter(move |(listed, _)| within_one_edit(&wanted, listed))
            .flat_map(|(_, entries)| entries)
            .filter(move |entry| entry.is_valid_at(now))
    }
}

impl Standing<'_> {
    pub(crate) fn strength(self) -> u8 {
        match self {
            Self::Listed(_) => 3,
            Self::ColorUnknown(_) => 2,
            Self::NotValid(_) => 1,
            Self::Absent => 0,
        }
    }
}

/// Whether `b` can be made of `a` by changing, adding or leaving out at most one character.
fn within_one_edit(a: &[char], b: &str) -> bool {
    // A Chinese character takes three bytes: lengths far apart need no closer look.
    if b.len() > (a.len() + 1) * 4 {
        return false;
    }
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a.iter().rev().zip(b.iter().rev());
    let tail = tail.take_while(|(x, y)| x == y).count();
    head + tail + 1 >= a.len().max(b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_is_near_and_two_are_not() {
        let plate: Vec<char> = "冀A12345".chars().collect();
        for near in ["冀A12345", "冀A12346", "晋A12345", "冀A1234", "冀A123455"] {
            assert!(within_one_edit(&plate, near), "{near}");
        }
        for far in ["冀A12354", "晋B12345", "冀A123", "", "冀A1234挂学"] {
            assert!(!within_one_edit(&plate, far), "{far}");
        }
    }
}

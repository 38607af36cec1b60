//! Lists of vehicles, where they come from and how old they are.

use std::collections::HashMap;

use jiff::Timestamp;
use passage::ListKind;
use plate::{Color, PlateNumber};

use crate::Entry;

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
    entries: HashMap<PlateNumber, Vec<Entry>>,
    by_vin: HashMap<String, Entry>,
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
    /// A list received or configured. Entries are taken whatever their plates are, so that one odd
    /// line of a regulator's list does not cost the others.
    #[must_use]
    pub fn new(
        kind: ListKind,
        name: &str,
        age: Age,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Self {
        let mut by_plate: HashMap<PlateNumber, Vec<Entry>> = HashMap::new();
        let mut by_vin = HashMap::new();
        for entry in entries {
            if let Some(vin) = &entry.vin {
                by_vin.insert(vin.clone(), entry.clone());
            }
            if !entry.plate.is_empty() {
                by_plate.entry(entry.plate.clone()).or_default().push(entry);
            }
        }
        Self {
            kind,
            name: name.to_owned(),
            age,
            entries: by_plate,
            by_vin,
        }
    }

    /// Vehicles on it.
    #[must_use]
    pub fn len(&self) -> usize {
        let by_vin_alone = self.by_vin.values().filter(|e| e.plate.is_empty()).count();
        self.entries.values().map(Vec::len).sum::<usize>() + by_vin_alone
    }

    /// Whether nobody is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of a vehicle with this VIN, valid now.
    pub(crate) fn of_vin(&self, vin: &str, now: Timestamp) -> Option<&Entry> {
        self.by_vin.get(vin).filter(|entry| entry.is_valid_at(now))
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
        let wanted = PlateNumber::normalise(plate);
        self.entries
            .iter()
            .filter(move |(listed, _)| listed.is_near(&wanted))
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

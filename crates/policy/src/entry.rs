//! One line of a list.

use jiff::Timestamp;
use plate::{Color, PlateNumber};
use words::{Key, Said};

/// A vehicle on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Plate number, however it was written.
    pub plate: PlateNumber,
    /// Its VIN, where a platform gave it: it holds for any plate that the register knows it by.
    pub vin: Option<String>,
    /// Colour of the plate; without one the entry holds for any.
    pub color: Option<Color>,
    /// Why it is listed, as the guard should see it.
    pub reason: String,
    /// Valid from then on; without one, always was.
    pub from: Option<Timestamp>,
    /// Valid until just before then; without one, for ever.
    pub until: Option<Timestamp>,
    /// On an allow list: passes whatever a deny list says (ambulances, fire engines with
    /// ordinary plates). Means nothing on a deny list.
    pub emergency: bool,
}

/// Why an entry is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
#[allow(missing_docs)]
pub enum EntryError {
    NoPlate(PlateNumber),
    NeverValid {
        plate: PlateNumber,
        from: Timestamp,
        until: Timestamp,
    },
    UnknownColor(PlateNumber),
}

impl EntryError {
    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::NoPlate(plate) => {
                let said = Said::with(Key::MistakeEntryPlate, "plate", plate);
                // A list that holds it as written would never match.
                match plate.perhaps_meant() {
                    Some(meant) => said.then(Said::with(Key::MistakePlatePerhaps, "meant", meant)),
                    None => said,
                }
            }
            Self::NeverValid { plate, from, until } => {
                let said = Said::with(Key::MistakeEntryTimes, "plate", plate);
                said.and("from", from).and("until", until)
            }
            Self::UnknownColor(plate) => Said::with(Key::MistakeEntryColor, "plate", plate),
        }
    }
}

impl Entry {
    /// An entry for `plate` in any colour and at any time.
    #[must_use]
    pub fn of(plate: &str) -> Self {
        Self {
            plate: PlateNumber::normalise(plate),
            vin: None,
            color: None,
            reason: String::new(),
            from: None,
            until: None,
            emergency: false,
        }
    }

    /// Whether it holds at `now`.
    #[must_use]
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// The entry, or what is wrong with it.
    pub(crate) fn checked(self) -> Result<Self, EntryError> {
        if self.plate.validate(Color::Unknown).is_err() {
            return Err(EntryError::NoPlate(self.plate));
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            let plate = self.plate;
            return Err(EntryError::NeverValid { plate, from, until });
        }
        if self.color == Some(Color::Unknown) {
            return Err(EntryError::UnknownColor(self.plate));
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plates_are_listed_however_an_office_wrote_them() {
        for written in ["冀A·12345", " 冀a 12345", "冀Ａ１２３４５", "冀A-12345"] {
            let entry = Entry::of(written).checked().expect("a plate");
            assert_eq!(entry.plate, "冀A12345");
        }
    }

    #[test]
    fn an_entry_that_could_never_match_is_refused() {
        let error = Entry::of("A12345").checked().expect_err("no province");
        assert!(error.to_string().contains("冀A12345"));
        let backwards = Entry {
            from: Some(Timestamp::from_second(200).expect("time")),
            until: Some(Timestamp::from_second(100).expect("time")),
            ..Entry::of("冀A12345")
        };
        assert!(matches!(
            backwards.checked(),
            Err(EntryError::NeverValid { .. })
        ));
        let colorless = Entry {
            color: Some(Color::Unknown),
            ..Entry::of("冀A12345")
        };
        assert!(matches!(
            colorless.checked(),
            Err(EntryError::UnknownColor(_))
        ));
    }
}

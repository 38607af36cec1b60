//! What people set right in passages.

use std::str::FromStr;

use ledger::Reader;
use passage::{Change, CorrectedItem, PassageId, PassageView};
use plate::{Color, PlateNumber};
use records::code::{self, CodeTable};
use words::{Group, Key, Language};

use crate::Error;

/// The passage of this number.
///
/// # Errors
/// When there is none, or the ledger can't be read.
pub fn passage(reader: &Reader, id: PassageId) -> Result<PassageView, Error> {
    reader.passage(id)?.ok_or(Error::NoPassage(id))
}

/// The plate that `text` writes. One that is not a plate of this colour is taken only when the
/// person says that it is so.
///
/// # Errors
/// When the plate is unusual and nobody said so.
pub fn plate(text: &str, color: Color, is_unusual: bool) -> Result<PlateNumber, Error> {
    let plate = PlateNumber::normalise(text);
    let doubts = records::plate_doubts(&plate, color);
    if is_unusual || doubts.is_empty() {
        return Ok(plate);
    }
    Err(Error::UnusualPlate {
        plate,
        color,
        doubts,
    })
}

/// What a person calls by its code or its name in either language.
///
/// # Errors
/// When the table has no such code.
pub fn coded<T: FromStr>(table: &'static CodeTable, text: &str) -> Result<T, Error> {
    let found = table.find(text).and_then(|code| code.code.parse().ok());
    found.ok_or_else(|| Error::NotACode {
        text: text.to_owned(),
        table,
    })
}

/// What a person says of a passage, as written; what is not said stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Corrections<'a> {
    /// The plate that it has.
    pub plate: Option<&'a str>,
    /// The plate's colour by code or name.
    pub color: Option<&'a str>,
    /// The direction by code or name.
    pub direction: Option<&'a str>,
    /// The plate is so, although it is not one, or not one of its colour.
    pub is_unusual: bool,
}

impl Corrections<'_> {
    /// The changes to a passage; none when nothing is said.
    ///
    /// # Errors
    /// When a text can't be what it should be, or the plate is unusual once the passage is changed.
    pub fn changes(&self, view: &PassageView) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        let mut change = |item, value| {
            changes.push(Change {
                item,
                replaces: view.holds(item),
                value,
            });
        };
        let color: Option<Color> = match self.color {
            Some(text) => Some(coded(&code::PLATE_COLOR, text)?),
            None => None,
        };
        if let Some(text) = self.plate {
            let color = color.unwrap_or(view.reading.color);
            let plate = plate(text, color, self.is_unusual)?;
            change(CorrectedItem::Plate, plate.to_string());
        } else if let Some(color) = color {
            self.fits_the_plate_held(view, color)?;
        }
        if let Some(color) = color {
            change(CorrectedItem::Color, color.to_string());
        }
        if let Some(text) = self.direction {
            change(CorrectedItem::Direction, coded(&code::DIRECTION, text)?);
        }
        Ok(changes)
    }

    /// A plate that was read or given before is not at issue, but a new colour must fit it.
    fn fits_the_plate_held(&self, view: &PassageView, color: Color) -> Result<(), Error> {
        let Some((held, _)) = view.plate().filter(|_| !self.is_unusual) else {
            return Ok(());
        };
        let plate = PlateNumber::stored(held.to_owned());
        match plate.color_problem(color) {
            None => Ok(()),
            Some(problem) => Err(Error::UnusualPlate {
                plate,
                color,
                doubts: vec![problem.into()],
            }),
        }
    }
}

/// What a change makes of what, for a person.
#[must_use]
pub fn before_and_after(change: &Change, language: Language) -> String {
    let item = language.text(match change.item {
        CorrectedItem::Plate => Key::ColumnPlate,
        CorrectedItem::Color => Key::ColumnColor,
        CorrectedItem::Direction => Key::ColumnDirection,
        CorrectedItem::Cargo => Key::ColumnCargo,
    });
    let shown = |value: &str| match change.item {
        CorrectedItem::Color => match value.parse() {
            Ok(color) => language.text(Key::of_color(color)).to_owned(),
            Err(_) => value.to_owned(),
        },
        CorrectedItem::Direction => language.named(Group::Direction, value).to_owned(),
        CorrectedItem::Plate | CorrectedItem::Cargo => value.to_owned(),
    };
    let before = change.replaces.as_deref().map(shown);
    let before = before.unwrap_or_else(|| language.text(Key::CaptionUnread).to_owned());
    let after = shown(&change.value);
    language.fill(
        Key::ConsoleChanged,
        &[("item", &item), ("before", &before), ("after", &after)],
    )
}

//! What people add to passages: corrections, cargo, passages from paper.

use std::str::FromStr;

use ledger::{
    Cargo, CargoSource, CargoUnit, Change, CorrectedItem, PassageId, PassageView, Reader,
};
use records::code::{self, CodeTable};
use records::{Register, Rules};

use crate::Error;

/// The passage of this number.
///
/// # Errors
/// When there is none, or the ledger can't be read.
pub fn passage(reader: &Reader, id: PassageId) -> Result<PassageView, Error> {
    reader.passage(id)?.ok_or(Error::NoPassage(id))
}

/// A plate as it is stored.
///
/// # Errors
/// When the text can't be a plate.
pub fn plate(text: &str, rules: &Rules) -> Result<String, Error> {
    let Some(item) = Register::Vehicle.item("plateNo") else {
        return Ok(text.to_owned());
    };
    let plate = records::parse(Register::Vehicle, item, text, rules).map_err(Error::Plate)?;
    Ok(plate.as_str().unwrap_or_default().to_owned())
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
}

impl Corrections<'_> {
    /// The changes to a passage; none when nothing is said.
    ///
    /// # Errors
    /// When a text can't be what it should be.
    pub fn changes(&self, view: &PassageView, rules: &Rules) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        let mut change = |item, value| {
            changes.push(Change {
                item,
                replaces: view.holds(item),
                value,
            });
        };
        if let Some(text) = self.plate {
            change(CorrectedItem::Plate, plate(text, rules)?);
        }
        if let Some(text) = self.color {
            change(CorrectedItem::Color, coded(&code::PLATE_COLOR, text)?);
        }
        if let Some(text) = self.direction {
            change(CorrectedItem::Direction, coded(&code::DIRECTION, text)?);
        }
        Ok(changes)
    }
}

/// Cargo as a person says it; `unit` is t or L.
///
/// # Errors
/// When the unit is another one or the amount can't be one.
pub fn cargo(name: Option<String>, amount: Option<f64>, unit: &str) -> Result<Cargo, Error> {
    let unit: CargoUnit = unit.parse().map_err(|_| Error::Unit(unit.to_owned()))?;
    if amount.is_some_and(|amount| !amount.is_finite() || amount < 0.0) {
        return Err(Error::Amount);
    }
    Ok(Cargo {
        name,
        amount,
        unit,
        source: CargoSource::Typed,
        gross_t: None,
        tare_t: None,
        net_t: None,
        ticket: None,
        weighed_at: None,
    })
}

/// The change that gives a passage this cargo.
///
/// # Errors
/// When the cargo can't be written down.
pub fn cargo_change(view: &PassageView, cargo: &Cargo) -> serde_json::Result<Change> {
    Ok(Change {
        item: CorrectedItem::Cargo,
        replaces: view.holds(CorrectedItem::Cargo),
        value: serde_json::to_string(cargo)?,
    })
}

//! What a person says of the cargo.

use passage::{Cargo, CargoSource, CargoUnit, Change, CorrectedItem, PassageView};

use crate::Error;
use crate::said::plain;

const NAME_CHARS: usize = 100;

/// No vehicle on a road carries more, in tonnes; who types kilograms for tonnes is far above.
const MOST_TONNES: f64 = 100.0;
/// The same in litres.
const MOST_LITRES: f64 = 100_000.0;

/// What a person says of the cargo, as written; what is not said stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct CargoSaid<'a> {
    /// What it is.
    pub name: Option<&'a str>,
    /// How much.
    pub amount: Option<&'a str>,
    /// t or L; tonnes when nothing is said.
    pub unit: Option<&'a str>,
    /// The amount is so, although no vehicle carries as much.
    pub is_large: bool,
}

impl CargoSaid<'_> {
    /// The cargo that holds from now on, of what was `known`; `None` when nothing is said.
    ///
    /// # Errors
    /// When the amount is none, or more than a vehicle carries and nobody said that it is so, or the
    /// unit is another one or that of nothing.
    pub fn cargo(&self, known: Option<&Cargo>) -> Result<Option<Cargo>, Error> {
        let said = |text: &str| !text.trim().is_empty();
        let name = self.name.filter(|name| said(name));
        let amount = self.amount.filter(|amount| said(amount));
        if name.is_none() && amount.is_none() {
            return match self.unit {
                Some(_) => Err(Error::NoCargo),
                None => Ok(None),
            };
        }
        let mut cargo = known.cloned().unwrap_or_else(nothing);
        if let Some(name) = name {
            let name = plain(name, NAME_CHARS, false).map_err(Error::Refused)?;
            cargo.name = Some(name);
        }
        if let Some(amount) = amount {
            // What was weighed is not what a person says.
            let unit = unit(self.unit)?;
            cargo = Cargo {
                name: cargo.name,
                amount: Some(self.sound(amount, unit)?),
                unit,
                ..nothing()
            };
        }
        Ok(Some(cargo))
    }

    /// The change that gives a passage this cargo.
    ///
    /// # Errors
    /// As [`Self::cargo`], and when nothing is said.
    pub fn change(&self, view: &PassageView) -> Result<Change, Error> {
        let cargo = self.cargo(view.cargo.as_ref())?.ok_or(Error::NoCargo)?;
        let item = CorrectedItem::Cargo;
        Ok(Change {
            item,
            replaces: view.holds(item),
            value: serde_json::to_string(&cargo).map_err(|e| Error::NoAnswer(e.into()))?,
        })
    }

    fn sound(&self, text: &str, unit: CargoUnit) -> Result<f64, Error> {
        let amount = records::number(text).filter(|amount| *amount >= 0.0);
        let amount = amount.ok_or_else(|| Error::Amount(text.to_owned()))?;
        let most = match unit {
            CargoUnit::Tonne => MOST_TONNES,
            CargoUnit::Litre => MOST_LITRES,
        };
        if amount > most && !self.is_large {
            let (most, perhaps) = (most, amount / 1000.0);
            return Err(Error::LargeAmount {
                amount,
                unit,
                most,
                perhaps,
            });
        }
        Ok(amount)
    }
}

fn unit(text: Option<&str>) -> Result<CargoUnit, Error> {
    let Some(text) = text else {
        return Ok(CargoUnit::Tonne);
    };
    match records::narrow(text).trim() {
        "t" | "T" | "吨" => Ok(CargoUnit::Tonne),
        "L" | "l" | "升" => Ok(CargoUnit::Litre),
        _ => Err(Error::Unit(text.to_owned())),
    }
}

/// Of which nothing is known yet but that a person speaks of it.
fn nothing() -> Cargo {
    Cargo {
        name: None,
        amount: None,
        unit: CargoUnit::Tonne,
        source: CargoSource::Typed,
        gross_t: None,
        tare_t: None,
        net_t: None,
        ticket: None,
        weighed_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use words::Language;

    fn said<'a>(name: Option<&'a str>, amount: Option<&'a str>) -> CargoSaid<'a> {
        CargoSaid {
            name,
            amount,
            ..CargoSaid::default()
        }
    }

    #[test]
    fn what_is_not_said_stays_and_nothing_said_changes_nothing() {
        let cargo = |said: CargoSaid<'_>, known| said.cargo(known).expect("sound");
        let coke = cargo(said(Some("焦炭"), Some("31.5")), None).expect("said");
        assert_eq!(
            (coke.name.as_deref(), coke.amount),
            (Some("焦炭"), Some(31.5))
        );
        let ore = cargo(said(Some("矿石"), None), Some(&coke)).expect("said");
        assert_eq!(
            (ore.name.as_deref(), ore.amount),
            (Some("矿石"), Some(31.5))
        );
        let less = cargo(said(None, Some("３０")), Some(&ore)).expect("said");
        assert_eq!(
            (less.name.as_deref(), less.amount),
            (Some("矿石"), Some(30.0))
        );
        assert_eq!(cargo(said(None, None), Some(&less)), None);
        assert_eq!(cargo(said(Some(" "), None), Some(&less)), None);
    }

    #[test]
    fn what_was_weighed_keeps_its_masses_when_a_person_only_names_it() {
        let weighed = Cargo {
            amount: Some(30.0),
            net_t: Some(30.0),
            source: CargoSource::Weighbridge,
            ..nothing()
        };
        let named = said(Some("焦炭"), None).cargo(Some(&weighed));
        let named = named.expect("sound").expect("said");
        assert_eq!(
            (named.net_t, named.source),
            (Some(30.0), CargoSource::Weighbridge)
        );
        let typed = said(None, Some("29")).cargo(Some(&weighed));
        let typed = typed.expect("sound").expect("said");
        assert_eq!((typed.net_t, typed.source), (None, CargoSource::Typed));
    }

    #[test]
    fn more_than_a_vehicle_carries_needs_a_word_of_its_own_and_kilograms_are_offered_as_tonnes() {
        let kilograms = said(None, Some("31500"));
        let error = kilograms.cargo(None).expect_err("no vehicle carries it");
        for language in Language::ALL {
            let text = error.text(language);
            assert!(text.contains("31500 t") && text.contains("31.5"), "{text}");
            assert!(text.contains("--large-amount"), "{text}");
        }
        let so = CargoSaid {
            is_large: true,
            ..kilograms
        };
        assert!(so.cargo(None).is_ok());
        let litres = CargoSaid {
            unit: Some("Ｌ"),
            ..kilograms
        };
        let tank = litres.cargo(None).expect("a tank").expect("said");
        assert_eq!(tank.unit, CargoUnit::Litre);
    }

    #[test]
    fn what_is_no_amount_or_no_unit_is_told() {
        for amount in ["-1", "nan", "31,5", "许多"] {
            let error = said(None, Some(amount)).cargo(None).expect_err(amount);
            assert!(error.text(Language::Zh).contains(amount), "{error:?}");
        }
        let unit = CargoSaid {
            unit: Some("kg"),
            ..said(None, Some("5"))
        };
        assert!(matches!(unit.cargo(None), Err(Error::Unit(_))));
    }
}

//! What the vehicle register holds, for rules that ask for it.

use std::collections::HashMap;

use passage::VehicleFacts;
use plate::{Color, PlateNumber};
use serde_json::{Map, Value};

/// The registered vehicles, by plate and colour. Made once and brought up to date with what changed.
#[derive(Debug, Clone, Default)]
pub struct Vehicles(HashMap<(PlateNumber, Color), VehicleFacts>);

impl Vehicles {
    /// What holds from now on for the vehicle that the register calls so (plate and colour); `None`
    /// when it is registered no longer. A name that is none changes nothing.
    pub fn set(&mut self, name: &str, facts: Option<VehicleFacts>) {
        let Some((plate, color)) = name.split_once('|') else {
            return;
        };
        let Ok(color) = color.parse() else {
            return;
        };
        let name = (PlateNumber::from(plate), color);
        match facts {
            Some(facts) => self.0.insert(name, facts),
            None => self.0.remove(&name),
        };
    }

    /// What is known of a vehicle. A plate whose colour was not read may be of another vehicle than the
    /// one that is registered.
    #[must_use]
    pub fn get(&self, plate: &str, color: Color) -> Option<&VehicleFacts> {
        self.0.get(&(PlateNumber::from(plate), color))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The facts among the values of a register's record.
#[must_use]
pub fn facts_of(values: &Map<String, Value>) -> VehicleFacts {
    let text = |item: &str| {
        let text = values.get(item)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    VehicleFacts {
        emission: text("emissionStandard"),
        fuel: text("fuelType"),
        kind: text("vehicleType"),
        usage: text("useCharacter"),
        networked: text("networkStatus").and_then(|code| match code.as_str() {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        }),
        vin: text("vin"),
    }
}

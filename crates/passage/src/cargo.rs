//! What a vehicle carried, and what a weighbridge says of it.

use jiff::Timestamp;
use plate::PlateNumber;
use serde::{Deserialize, Serialize};

use crate::coded;

coded! {
    /// Unit of an amount of cargo.
    pub enum CargoUnit {
        /// Tonnes.
        Tonne = "t",
        /// Litres.
        Litre = "L",
    }
}

coded! {
    /// Where cargo is known from.
    pub enum CargoSource {
        /// A person typed it in.
        Typed = "typed",
        /// A weighbridge's record.
        Weighbridge = "weighbridge",
    }
}

/// What a vehicle carried. What is not known is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cargo {
    /// What it is.
    pub name: Option<String>,
    /// How much, in `unit`.
    pub amount: Option<f64>,
    /// Unit of `amount`.
    pub unit: CargoUnit,
    /// Where it is known from.
    pub source: CargoSource,
    /// Mass with the vehicle, tonnes.
    pub gross_t: Option<f64>,
    /// Mass of the vehicle alone, tonnes.
    pub tare_t: Option<f64>,
    /// Mass of the cargo, tonnes.
    pub net_t: Option<f64>,
    /// The weighbridge's ticket.
    pub ticket: Option<String>,
    /// When it was weighed.
    pub weighed_at: Option<Timestamp>,
}

/// What a weighbridge recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    /// Plate of the vehicle that was weighed.
    pub plate: PlateNumber,
    /// When it was weighed.
    pub weighed_at: Timestamp,
    /// Ticket number; may be empty.
    pub ticket: String,
    /// What was carried.
    pub cargo: Option<String>,
    /// Mass with the vehicle, kilograms.
    pub gross_kg: Option<i64>,
    /// Mass of the vehicle, kilograms.
    pub tare_kg: Option<i64>,
    /// Mass of the cargo, kilograms.
    pub net_kg: Option<i64>,
}

impl Weighing {
    /// The cargo that it tells of.
    #[must_use]
    pub fn cargo(&self) -> Cargo {
        #[expect(clippy::cast_precision_loss, reason = "no truck weighs 2^53 kg")]
        let tonnes = |kg: Option<i64>| kg.map(|kg| kg as f64 / 1000.0);
        let net = self.net_kg.or_else(|| Some(self.gross_kg? - self.tare_kg?));
        Cargo {
            name: self.cargo.clone(),
            amount: tonnes(net),
            unit: CargoUnit::Tonne,
            source: CargoSource::Weighbridge,
            gross_t: tonnes(self.gross_kg),
            tare_t: tonnes(self.tare_kg),
            net_t: tonnes(net),
            ticket: Some(self.ticket.clone()).filter(|ticket| !ticket.is_empty()),
            weighed_at: Some(self.weighed_at),
        }
    }
}

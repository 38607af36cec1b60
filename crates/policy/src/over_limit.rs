//! What holds now of what a platform said about vehicles over the limit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plate::{Color, PlateNumber};

use crate::Entry;

/// Stands as a list's reason where the platform gave none; [`crate::explain`] says it in words.
pub const OVER_LIMIT: &str = "over_limit";

/// What a platform said about one vehicle: it is over the limit, or no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverLimitNotice {
    /// The vehicle's plate; empty where the platform names it by its VIN alone.
    pub plate: PlateNumber,
    /// Its VIN, if the platform gave it.
    pub vin: Option<String>,
    /// The plate's colour as the platform said it, empty when it said none. Vehicles are told apart
    /// by it even where it is not a colour that we know.
    pub color_said: String,
    /// The colour, if it is one that we know; otherwise the notice is about the plate in any colour.
    pub color: Option<Color>,
    /// Why the vehicle is listed, in the platform's words; empty when it said nothing.
    pub reason: String,
    /// The vehicle is over the limit no longer.
    pub released: bool,
    /// When the vehicle was listed.
    pub issued_at: Option<Timestamp>,
    /// When it was released.
    pub released_at: Option<Timestamp>,
}

/// Plate and colour; or a VIN, where there is no plate.
type Vehicle = (PlateNumber, String, Option<String>);

impl OverLimitNotice {
    fn vehicle(&self) -> Vehicle {
        let vin = self.vin.clone().filter(|_| self.plate.is_empty());
        (self.plate.clone(), self.color_said.clone(), vin)
    }

    /// When the platform said so, if it told.
    fn said_at(&self) -> Option<Timestamp> {
        let released_at = self.released_at.filter(|_| self.released);
        released_at.or(self.issued_at)
    }

    /// Whether this holds rather than what was received `before` it about the same vehicle. A time
    /// that the platform gave counts for more than the order in which its words arrived. At the
    /// same time a release is the later word.
    fn overrules(&self, before: &Self) -> bool {
        match (before.said_at(), self.said_at()) {
            (Some(before), Some(now)) if before != now => now > before,
            (Some(_), Some(_)) => self.released || !before.released,
            _ => true,
        }
    }

    fn into_entry(self) -> Entry {
        Entry {
            plate: self.plate,
            vin: self.vin,
            color: self.color,
            reason: if self.reason.is_empty() {
                crate::OVER_LIMIT.to_owned()
            } else {
                self.reason
            },
            from: None,
            until: None,
            emergency: false,
        }
    }
}

/// The vehicles that are over the limit now: of what was said about a vehicle, in the order in which
/// it was received, the last word holds. The same number with another colour is another vehicle.
#[must_use]
pub fn over_limit_now(said: impl IntoIterator<Item = OverLimitNotice>) -> Vec<Entry> {
    let mut last: BTreeMap<Vehicle, OverLimitNotice> = BTreeMap::new();
    for notice in said {
        let vehicle = notice.vehicle();
        if last
            .get(&vehicle)
            .is_none_or(|before| notice.overrules(before))
        {
            last.insert(vehicle, notice);
        }
    }
    let listed = last.into_values().filter(|notice| !notice.released);
    listed.map(OverLimitNotice::into_entry).collect()
}

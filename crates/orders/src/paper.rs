//! Passages from the paper ledger: where they were, and whether they are there already.

use std::collections::BTreeSet;
use std::fmt::Display;

use jiff::{SignedDuration, Timestamp};
use ledger::{Filter, PlatePart, Reader};
use passage::{PaperEntry, PassageId, Register};
use records::{code, narrow, said_moment};
use words::{Key, Said, to_minute};

use crate::{CargoSaid, Error, Refused, RefusedKind, Site, coded, plate};

/// So far from a passage of the same plate in the same direction, another one is believed without a
/// word: a vehicle can't come twice within it.
const APART: SignedDuration = SignedDuration::from_mins(5);

/// A passage as a person reads it off the paper.
#[derive(Debug, Clone, Copy)]
pub struct PaperSaid<'a> {
    /// When it passed, by the site's clock.
    pub at: &'a str,
    /// Plate.
    pub plate: &'a str,
    /// Its colour by code or name.
    pub color: &'a str,
    /// The plate is so, although it is not one, or not one of its colour.
    pub is_unusual: bool,
    /// Direction by code or name.
    pub direction: &'a str,
    /// Entrance number.
    pub entrance: &'a str,
    /// Barrier number.
    pub barrier: &'a str,
    /// Lane, if the paper tells.
    pub lane: Option<&'a str>,
    /// What it carried.
    pub cargo: CargoSaid<'a>,
    /// Who types it in.
    pub who: &'a str,
    /// Why it is on paper.
    pub why: &'a str,
}

impl PaperSaid<'_> {
    /// As it is ordered; whether the place is known is told when it is done.
    ///
    /// # Errors
    /// When a text can't be what it should be.
    pub fn entry(&self, site: &Site, now: Timestamp) -> Result<PaperEntry, Error> {
        let color = coded(&code::PLATE_COLOR, self.color)?;
        let typed = |text: &str| narrow(text).trim().to_owned();
        Ok(PaperEntry {
            lane: self.lane.map(typed).unwrap_or_default(),
            entrance: typed(self.entrance),
            barrier: typed(self.barrier),
            direction: coded(&code::DIRECTION, self.direction)?,
            passed_at: said_moment(self.at, &site.zone, now)?,
            plate: plate(self.plate, color, self.is_unusual)?,
            color,
            cargo: self.cargo.cargo(None)?,
            who: self.who.to_owned(),
            why: self.why.to_owned(),
        })
    }
}

/// The entry at the place that it means, as the site spells it.
pub(crate) fn placed(
    mut entry: PaperEntry,
    site: &Site,
    reader: &Reader,
) -> Result<PaperEntry, Refused> {
    let places = Places::of(site, reader)?;
    let unknown = |key, name: &str, known: &BTreeSet<&str>| {
        let known = known.iter().copied().collect::<Vec<_>>().join(", ");
        let values: [(&str, &dyn Display); 2] = [("name", &name), ("known", &known)];
        Err(Refused::invalid(Said::other(
            site.language.fill(key, &values),
        )))
    };
    let known = places.entrances();
    let Some(entrance) = spelled(&known, &entry.entrance) else {
        return unknown(Key::ConsoleNoEntrance, &entry.entrance, &known);
    };
    let known = places.barriers(entrance);
    let Some(barrier) = spelled(&known, &entry.barrier) else {
        return unknown(Key::ConsoleNoBarrier, &entry.barrier, &known);
    };
    let known = site.lanes_at(entrance, barrier);
    let lane = match entry.lane.as_str() {
        "" => "",
        lane => match spelled(&known, lane) {
            Some(lane) => lane,
            None => return unknown(Key::ConsoleNoLane, lane, &known),
        },
    };
    (entry.entrance, entry.barrier, entry.lane) =
        (entrance.to_owned(), barrier.to_owned(), lane.to_owned());
    Ok(entry)
}

/// The known name that was meant, apart from case.
fn spelled<'a>(known: &BTreeSet<&'a str>, name: &str) -> Option<&'a str> {
    let mut known = known.iter();
    known
        .find(|known| known.eq_ignore_ascii_case(name))
        .copied()
}

/// Entrances and their barriers: those of the lanes, and those that are registered.
struct Places(BTreeSet<(String, String)>);

impl Places {
    fn of(site: &Site, reader: &Reader) -> Result<Self, Refused> {
        let lanes = site.lanes.iter();
        let mut places: BTreeSet<_> = lanes
            .map(|lane| (lane.entrance.clone(), lane.barrier.clone()))
            .collect();
        for record in reader.every_record(Register::Barrier) {
            let record = record?;
            if let (Some(entrance), Some(barrier)) =
                (record.text("entranceCode"), record.text("gateCode"))
            {
                places.insert((entrance.to_owned(), barrier.to_owned()));
            }
        }
        Ok(Self(places))
    }

    fn entrances(&self) -> BTreeSet<&str> {
        self.0
            .iter()
            .map(|(entrance, _)| entrance.as_str())
            .collect()
    }

    fn barriers(&self, entrance: &str) -> BTreeSet<&str> {
        let own = self.0.iter().filter(|(known, _)| known == entrance);
        own.map(|(_, barrier)| barrier.as_str()).collect()
    }
}

/// A passage of this plate in this direction at about this time that is in the ledger already.
pub(crate) fn known(entry: &PaperEntry, reader: &Reader) -> ledger::Result<Option<PassageId>> {
    let filter = Filter {
        from: entry.passed_at.checked_sub(APART).ok(),
        until: entry.passed_at.checked_add(APART).ok(),
        plate: Some(PlatePart {
            text: entry.plate.to_string(),
            whole: true,
            similar: false,
        }),
        direction: Some(entry.direction),
        ..Filter::default()
    };
    let found = reader.search(&filter, None, 1)?.passages;
    Ok(found.first().map(|passage| passage.id))
}

/// Why a passage that is there already is not entered again.
pub(crate) fn twice(entry: &PaperEntry, id: PassageId, site: &Site) -> Refused {
    let time = to_minute(entry.passed_at, &site.zone);
    let values: [(&str, &dyn Display); 3] =
        [("number", &id), ("plate", &entry.plate), ("time", &time)];
    Refused {
        kind: RefusedKind::Conflict,
        said: Said::other(site.language.fill(Key::ConsoleEnteredBefore, &values)),
    }
}

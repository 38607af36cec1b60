//! Freezing: what there is to draw from is counted and hashed before anybody knows the seed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::{FrozenDay, FrozenPart, InspectionView, Population, Reader};
use passage::Register;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use words::{Key, Said};

use crate::Error;

/// Days that are frozen at most: 24 months and what leap years add.
pub const MOST_DAYS: usize = 800;

/// The form that is written now.
const FORM: u32 = 1;

/// What was frozen. As JSON it is kept byte for byte, and its SHA-256 is the code of the freeze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// Version of this form.
    pub form: u32,
    /// The site's name.
    pub site: String,
    /// IANA name of its zone.
    pub zone: String,
    /// When.
    pub at: Timestamp,
    /// First day of the span.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// Entrances whose passages count; all of them when there is none.
    pub entrances: Vec<String>,
    /// Links of the chain.
    pub links: i64,
    /// Hash of the last of them.
    pub head: String,
    /// Number of the last passage.
    pub last_passage: i64,
    /// Number of the last revision of a record.
    pub last_revision: i64,
    /// Each day of the span.
    pub days: Vec<FrozenDay>,
    /// In-plant vehicles in force.
    pub vehicles: RecordsFrozen,
    /// Machines in force.
    pub machines: RecordsFrozen,
}

/// The records of a register that held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordsFrozen {
    /// How many.
    pub count: u64,
    /// SHA-256 over the hashes of their rows, in the order in which they were first entered.
    pub sha256: String,
}

impl Freeze {
    /// What is kept of an inspection.
    ///
    /// # Errors
    /// When it can't be understood.
    pub fn of(inspection: &InspectionView) -> Result<Self, Error> {
        serde_json::from_str(&inspection.content).map_err(|error| Error::Kept {
            id: inspection.id,
            why: error.to_string(),
        })
    }

    /// All passages of the span.
    #[must_use]
    pub fn passages(&self) -> u64 {
        self.days.iter().map(|day| day.passages).sum()
    }

    /// The passages of a day, as the ledger finds them again.
    #[must_use]
    pub fn population(&self, day: &FrozenDay) -> Population<'_> {
        Population {
            from_ms: day.from_ms,
            until_ms: day.until_ms,
            entrances: &self.entrances,
            last_passage: self.last_passage,
        }
    }

    /// The day of this date.
    #[must_use]
    pub fn day(&self, day: Date) -> Option<&FrozenDay> {
        self.days.iter().find(|frozen| frozen.day == day)
    }
}

/// Goes over the ledger and gives what is to be kept: a JSON text and its SHA-256. Rows are read one after the
/// other; 24 months need no more memory than a day.
///
/// # Errors
/// When the span can't be, or the ledger can't be read.
pub fn frozen(
    reader: &Reader,
    (site, zone): (&str, &TimeZone),
    (from, until): (Date, Date),
    entrances: &[String],
    now: Timestamp,
) -> Result<(String, String), Error> {
    let today = now.to_zoned(zone.clone()).date();
    if until > today {
        return Err(Error::asked(Said::with(Key::InspectFuture, "day", until)));
    }
    let mut parts = Vec::new();
    let mut day = from;
    while day <= until && parts.len() <= MOST_DAYS {
        parts.push(FrozenPart {
            day,
            from: day.to_zoned(zone.clone())?.timestamp(),
            until: day.tomorrow()?.to_zoned(zone.clone())?.timestamp(),
        });
        day = day.tomorrow()?;
    }
    if parts.is_empty() || parts.len() > MOST_DAYS {
        return Err(Error::asked(Said::with(
            Key::InspectSpan,
            "most",
            MOST_DAYS,
        )));
    }
    let mut entrances: Vec<_> = entrances.to_vec();
    entrances.sort();
    entrances.dedup();
    let found = reader.freeze(&parts, &entrances)?;
    if found.days.iter().all(|day| day.passages == 0) {
        return Err(Error::asked(Key::InspectEmpty));
    }
    let records = |register| -> Result<RecordsFrozen, Error> {
        let records = reader.frozen_records(register, found.last_revision)?;
        let rows = records.iter().map(|record| record.row.content());
        Ok(RecordsFrozen {
            count: records.len() as u64,
            sha256: over(rows),
        })
    };
    let freeze = Freeze {
        form: FORM,
        site: site.to_owned(),
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        at: now,
        from,
        until,
        entrances,
        links: found.links,
        head: found.head,
        last_passage: found.last_passage,
        last_revision: found.last_revision,
        days: found.days,
        vehicles: records(Register::InPlantVehicle)?,
        machines: records(Register::Machine)?,
    };
    let content = serde_json::to_string(&freeze)?;
    let code = sha256(content.as_bytes());
    Ok((content, code))
}

/// SHA-256 over these hashes, one after the other.
pub(crate) fn over(hashes: impl Iterator<Item = [u8; 32]>) -> String {
    let mut hasher = Sha256::new();
    hashes.for_each(|hash| hasher.update(hash));
    hex::encode(hasher.finalize())
}

/// SHA-256 as lower-case hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

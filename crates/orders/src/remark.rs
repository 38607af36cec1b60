//! Notes and tags that people give a vehicle.

use jiff::Timestamp;
use passage::{NewRemark, RemarkId, RemarkKind};
use plate::PlateNumber;
use serde::{Deserialize, Serialize};
use words::Key;

use crate::said::{WHY_CHARS, plain};
use crate::{Done, Refused, Writes};

/// A tag is read beside a plate.
const TAG_CHARS: usize = 10;
const NOTE_CHARS: usize = 1000;
const NAME_CHARS: usize = 60;
/// The longest plate, armed police, has nine characters; who types more has typed something else.
const PLATE_CHARS: usize = 12;

/// A note or tag for a vehicle.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemarkSaid {
    /// The plate, however it is written.
    pub plate: String,
    /// Only of this colour; of any without it.
    #[serde(default)]
    pub color: Option<plate::Color>,
    /// Note or tag.
    pub kind: RemarkKind,
    /// What it says.
    pub words: String,
    /// Who says so.
    pub who: String,
}

/// Keeps it.
pub(crate) fn keep(
    said: RemarkSaid,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let plate = PlateNumber::normalise(&said.plate);
    let length = plate.as_str().chars().count();
    if length == 0 || length > PLATE_CHARS {
        return Err(Refused::invalid(Key::LedgerRemarkNeeds));
    }
    let (most, lines) = match said.kind {
        RemarkKind::Note => (NOTE_CHARS, true),
        RemarkKind::Tag => (TAG_CHARS, false),
    };
    let remark = NewRemark {
        plate: plate.to_string(),
        color: said.color,
        kind: said.kind,
        words: plain(&said.words, most, lines)?,
        who: plain(&said.who, NAME_CHARS, false)?,
        at: now,
    };
    writes.write(Box::new(move |writer| {
        writer.keep_remark(&remark).map(Done::Remarked)
    }))
}

/// Takes it back.
pub(crate) fn withdraw(
    id: RemarkId,
    (who, why): (String, &str),
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let why = plain(why, WHY_CHARS, false)?;
    writes.write(Box::new(move |writer| {
        writer.withdraw_remark(id, (&who, &why), now)?;
        Ok(Done::RemarkWithdrawn(id))
    }))
}

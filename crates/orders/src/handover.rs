//! One shift hands over to the next.

use jiff::Timestamp;
use ledger::{NewHandover, Reader};
use reports::{ShiftSheet, shift_begin};
use serde::{Deserialize, Serialize};
use words::Key;

use crate::said::plain;
use crate::{Done, Refused, Writes};

const REMARK_CHARS: usize = 4000;
const NAME_CHARS: usize = 40;

/// A shift that ends now.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandoverSaid {
    /// Its beginning; when the last one was handed over, without it.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// What whoever hands over has to say; may be empty.
    #[serde(default)]
    pub remarks: String,
    /// Who hands over.
    pub who: String,
    /// Who is to take over.
    pub taker: String,
    /// The taker has confirmed it: whoever sends this has made sure.
    #[serde(default)]
    pub is_taken: bool,
}

/// Makes the sheet of the shift that ends now, and keeps it.
pub(crate) fn hand_over(
    said: HandoverSaid,
    reader: &Reader,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let taker = plain(&said.taker, NAME_CHARS, false)?;
    let remarks = match said.remarks.trim() {
        "" => String::new(),
        remarks => plain(remarks, REMARK_CHARS, true)?,
    };
    let from = match said.from {
        Some(from) => from,
        None => shift_begin(reader, now)?,
    };
    if from >= now || taker == said.who {
        return Err(Refused::invalid(Key::LedgerHandoverNeeds));
    }
    let sheet = ShiftSheet::of(reader, (from, now), now)?;
    let content = serde_json::to_string(&sheet);
    let content = content.map_err(|_| Refused::failed(Key::ControlBrokeOff))?;
    let new = NewHandover {
        from: sheet.from,
        until: now,
        content,
        remarks,
        who: said.who,
        taker,
        is_taken: said.is_taken,
        at: now,
    };
    writes.write(Box::new(move |writer| {
        writer.keep_handover(&new).map(Done::HandedOver)
    }))
}

/// The taker confirms a sheet.
pub(crate) fn take_over(
    id: i64,
    who: String,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    writes.write(Box::new(move |writer| {
        writer.take_over(id, &who, now)?;
        Ok(Done::HandedOver(id))
    }))
}

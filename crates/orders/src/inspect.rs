//! What is kept of an inspection: freeze, draw, and what the inspector says.

use inspection::{Drawn, Error, ErrorKind, InspectionAct};
use jiff::Timestamp;
use ledger::{NewDraw, NewMark, Reader};
use words::{Key, Said};

use crate::{Done, Refused, RefusedKind, Site, Writes};

/// Most characters of a remark and of a name.
const MOST_CHARS: usize = 500;

/// Does it, durable on return.
pub(crate) fn perform(
    act: InspectionAct,
    site: &Site,
    reader: &Reader,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    match act {
        InspectionAct::Freeze {
            from,
            until,
            entrances,
            who,
        } => {
            let of = (site.name.as_str(), &site.zone);
            // Read beside the writer: passages go on being written, and are none of what is frozen.
            let (content, code) = inspection::frozen(reader, of, (from, until), &entrances, now)?;
            writes.write(Box::new(move |writer| {
                let id = writer.keep_inspection(&content, &code, &who, now)?;
                Ok(Done::Inspected(id))
            }))
        }
        InspectionAct::Draw {
            inspection,
            seed,
            counts,
            who,
        } => {
            let frozen = frozen(reader, inspection)?;
            let (_, content) = inspection::drawn(reader, &frozen, &seed, counts)?;
            let draw = NewDraw {
                inspection,
                seed,
                content,
                who,
                at: now,
            };
            writes.write(Box::new(move |writer| {
                writer.keep_draw(&draw)?;
                Ok(Done::Inspected(draw.inspection))
            }))
        }
        InspectionAct::Mark(mark) => {
            fits(&mark, reader)?;
            writes.write(Box::new(move |writer| {
                writer.keep_mark(&mark, now)?;
                Ok(Done::Inspected(mark.inspection))
            }))
        }
    }
}

fn frozen(reader: &Reader, id: i64) -> Result<ledger::InspectionView, Refused> {
    let found = reader.inspection(id)?;
    found.ok_or_else(|| Refused::invalid(Said::with(Key::InspectNone, "id", id)))
}

/// Something is said of what was drawn, and of nothing else.
fn fits(mark: &NewMark, reader: &Reader) -> Result<(), Refused> {
    let id = mark.inspection;
    let drawn = Drawn::of(&frozen(reader, id)?)?;
    let long = mark.remark.chars().count() > MOST_CHARS;
    if long || !drawn.has(mark.kind, &mark.subject) {
        let said = Said::with(Key::InspectNotAmong, "subject", &mark.subject);
        return Err(Refused::invalid(said.and("id", id)));
    }
    Ok(())
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::Asked => RefusedKind::Invalid,
            ErrorKind::Conflict => RefusedKind::Conflict,
            ErrorKind::Failed => RefusedKind::Failed,
        };
        Self {
            kind,
            said: error.said(),
        }
    }
}

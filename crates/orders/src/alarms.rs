//! What people do with alarms: seeing one, and practising.

use alarm::{AlarmId, Cause, CauseKind};
use jiff::Timestamp;
use ledger::Reader;
use words::{Key, Said};

use crate::{Done, Refused, Writes};

/// Notes who has seen an alarm and why it was so; what happened once is over by that.
pub(crate) fn see(
    id: AlarmId,
    (who, why): (String, String),
    reader: &Reader,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let known = reader.alarm(id)?;
    let known = known.ok_or_else(|| Refused::invalid(Said::with(Key::LedgerNoAlarm, "id", id)))?;
    let ends = known.ends_when_seen();
    writes.write(Box::new(move |writer| {
        writer.see_alarm(id, ends, (&who, &why), now)?;
        Ok(Done::Seen(id))
    }))
}

/// Raises an alarm that everybody is told of and that says it is a drill.
pub(crate) fn drill(
    kind: CauseKind,
    who: String,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    writes.write(Box::new(move |writer| {
        let cause = Cause::of(kind, &who);
        let (id, _) = writer.raise_alarm(&cause, true, now)?;
        Ok(Done::Drilled(id))
    }))
}

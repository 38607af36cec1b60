//! Sending what is older than a sink.

use jiff::Timestamp;
use ledger::Backfill;
use passage::PassageId;

use crate::{Done, Refused, Writes};

/// Passages that are queued in one commit, so that the gate's own commits get their turn between.
const AT_ONCE: usize = 500;

/// Queues what the sinks never had a row for, from a time on; how many that were.
pub(crate) fn queue(
    sinks: &[String],
    from: Timestamp,
    (who, why): (&str, &str),
    at: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let mut queued = 0;
    for sink in sinks {
        let mut next = Some(PassageId(0));
        while let Some(after) = next {
            let (sink, who, why) = (sink.clone(), who.to_owned(), why.to_owned());
            let step = writes.write(Box::new(move |writer| {
                let order = Backfill {
                    sink: &sink,
                    from,
                    who: &who,
                    why: &why,
                    at,
                };
                writer.backfill(&order, after, AT_ONCE).map(Done::Step)
            }))?;
            next = None;
            if let Done::Step(step) = step {
                queued += step.queued;
                next = step.next;
            }
        }
    }
    Ok(Done::Queued(queued))
}

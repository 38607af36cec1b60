//! Doing what was ordered.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ledger::{Handle, Reader, Removed, Writer};
use passage::{Correction, NewPhoto, PaperEntry, PaperPassage, PassageKey};
use photo::Font;
use words::{Key, Said};

use crate::render::{self, Rendered};
use crate::{
    Done, Order, Refused, Site, alarms, backfill, handover, hold, inspect, lift, paper, remark,
    rules, visit,
};

/// Longest time between a weighing and the passage it may belong to.
const LONGEST_WINDOW_S: u64 = 24 * 3600;

/// A job for the ledger's writer.
pub type Job = Box<dyn FnOnce(&mut Writer) -> ledger::Result<Done> + Send>;

/// The ledger's writer, wherever that is.
pub trait Writes {
    /// Does the job, and gives what came of it.
    ///
    /// # Errors
    /// What the ledger refused.
    fn write(&mut self, job: Job) -> Result<Done, Refused>;
}

/// In the daemon, where the writer has a thread of its own.
impl Writes for &Handle {
    fn write(&mut self, job: Job) -> Result<Done, Refused> {
        Ok(self.write_blocking(job)?)
    }
}

/// Does what was ordered, durable on return. `font` is asked for only when a photo is rendered.
///
/// # Errors
/// When nothing was done: the order is wrong, something else holds by now, or the ledger can't
/// take it.
pub fn perform(
    order: Order,
    site: &Site,
    reader: &Reader,
    writes: &mut dyn Writes,
    font: &dyn Fn() -> Result<Arc<Font>, Refused>,
) -> Result<Done, Refused> {
    let now = Timestamp::now();
    match order {
        Order::Records { revisions } => {
            let revisions: Result<Vec<_>, String> =
                revisions.into_iter().map(|r| r.revision(now)).collect();
            let revisions = revisions.map_err(|item| {
                Refused::invalid(Said::with(Key::ControlNotBase64, "item", item))
            })?;
            writes.write(Box::new(move |writer| {
                let written = writer.write_records(&revisions)?;
                Ok(Done::Records(written.len()))
            }))
        }
        Order::Correct {
            passage,
            changes,
            who,
            why,
        } => {
            let correction = Correction {
                changes,
                who,
                why,
                at: now,
            };
            let known = reader.passage(passage)?;
            let rendered = match &known {
                Some(view) => render::again(view, &correction, site, reader, font)?,
                None => Vec::new(),
            };
            writes.write(Box::new(move |writer| {
                let photos: Vec<NewPhoto<'_>> = rendered.iter().map(Rendered::as_new).collect();
                let revision = writer.correct(passage, &correction, &photos)?;
                Ok(Done::Corrected {
                    revision,
                    photo: !rendered.is_empty(),
                })
            }))
        }
        Order::Paper { entry, again } => {
            if entry.passed_at > now {
                return Err(Refused::invalid(Key::ControlFuture));
            }
            let entry = paper::placed(*entry, site, reader)?;
            enter(entry, again, site, now, writes)
        }
        Order::Weighings {
            weighings,
            source,
            window_s,
            who,
        } => {
            let window = Duration::from_secs(window_s.min(LONGEST_WINDOW_S));
            writes.write(Box::new(move |writer| {
                writer
                    .add_weighings(&weighings, &source, window, &who, now)
                    .map(Done::Weighed)
            }))
        }
        Order::Resend { rows, who, why } => writes.write(Box::new(move |writer| {
            writer.resend(&rows, now, &who, &why)?;
            Ok(Done::Resent(rows.len()))
        })),
        Order::Backfill {
            sinks,
            from,
            who,
            why,
        } => backfill::queue(&sinks, from, (&who, &why), now, writes),
        Order::Lift { lane, who, why } => lift::lift(&lane, (who, why), site, now, writes),
        Order::Hold {
            lane,
            minutes,
            who,
            why,
        } => hold::hold(&lane, minutes, (who, why), site, now, writes),
        Order::EndHold { lane, who, why } => hold::end(lane, (who, why), site, now, writes),
        Order::KeepClip { passage, who } => writes.write(Box::new(move |writer| {
            let is_new = writer.request_clip(passage, &who, now)?;
            Ok(if is_new {
                Done::ClipAsked(passage)
            } else {
                Done::ClipKnown(passage)
            })
        })),
        Order::Arms => Ok(hold::arms(site)),
        Order::SeeAlarm { alarm, who, why } => alarms::see(alarm, (who, why), reader, now, writes),
        Order::Drill { kind, who } => alarms::drill(kind, who, now, writes),
        Order::Rule(change) => rules::write(*change, site, now, writes),
        Order::Review(change) => rules::review(change, now, writes),
        Order::Inspect { act } => inspect::perform(act, site, reader, now, writes),
        Order::Remark(said) => remark::keep(said, now, writes),
        Order::WithdrawRemark { remark, who, why } => {
            remark::withdraw(remark, (who, &why), now, writes)
        }
        Order::MarkVisits { marks, who, why } => visit::mark(marks, (who, &why), now, writes),
        Order::WithdrawVisitMark { mark, who, why } => {
            visit::withdraw(mark, (who, &why), now, writes)
        }
        Order::HandOver(said) => handover::hand_over(said, reader, now, writes),
        Order::TakeOver { handover, who } => handover::take_over(handover, who, now, writes),
        Order::Retain => retain(site, reader, now, writes),
    }
}

/// Where it is known, and whether it is there, is looked at in the writer's turn: two who type the same
/// page make one passage of it.
fn enter(
    entry: PaperEntry,
    again: bool,
    site: &Site,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let said = entry.clone();
    let done = writes.write(Box::new(move |writer| {
        if let Some(id) = paper::known(&entry, &writer.reader()?)?.filter(|_| !again) {
            return Ok(Done::Known(id));
        }
        let paper = PaperPassage {
            key: PassageKey::random(),
            entry,
            entered_at: now,
        };
        writer.enter_paper(&paper, &[]).map(Done::Entered)
    }))?;
    match done {
        Done::Known(id) => Err(paper::twice(&said, id, site)),
        done => Ok(done),
    }
}

/// A round by a person's order: whoever gives it has looked at the clock.
fn retain(
    site: &Site,
    reader: &Reader,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let mut write = |job: housekeeping::RemovalJob| {
        let done = writes.write(Box::new(move |writer| job(writer).map(Done::Removed)))?;
        match done {
            Done::Removed(removed) => Ok(removed),
            _ => Ok(Removed::default()),
        }
    };
    let (plan, data, zone) = (&site.retention, &site.data_folder, &site.zone);
    let done = housekeeping::round(plan, data, zone, reader, (now, true), &mut write);
    done.map(|done| Done::Removed(done.removed))
}

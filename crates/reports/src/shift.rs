//! The sheet by which one shift hands over to the next: what passed, what people did, and what is open.

mod sheet;

use alarm::AlarmView;
use jiff::{SignedDuration, Timestamp};
use ledger::{Reader, SinkCounters, Tally};
use passage::{HoldView, LiftView, RemarkView, VisitMarkView};
use words::Language;

pub use sheet::{
    ShiftAlarm, ShiftCorrection, ShiftCount, ShiftHold, ShiftLift, ShiftNote, ShiftSheet,
    ShiftTask, ShiftUploads, ShiftVisit, ShiftWords,
};

use crate::OpenTasks;

/// Rows of one kind on a sheet; whoever needs more looks at their page.
const MOST: usize = 300;
/// A shift begins so long ago where none was handed over yet.
const FIRST: SignedDuration = SignedDuration::from_hours(12);
/// No shift is longer; what was not handed over for longer is in the ledger all the same.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// When a shift that ends at this time began: when the last one was handed over.
///
/// # Errors
/// When the ledger can't be read.
pub fn shift_begin(reader: &Reader, until: Timestamp) -> ledger::Result<Timestamp> {
    let last = reader.handovers(1)?.pop().map(|sheet| sheet.until);
    let begin = last.filter(|last| *last < until).unwrap_or(until - FIRST);
    Ok(begin.max(until - LONGEST))
}

impl ShiftSheet {
    /// The sheet of a shift, as things are at this time.
    ///
    /// # Errors
    /// When the ledger can't be read.
    pub fn of(
        reader: &Reader,
        (from, until): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> ledger::Result<Self> {
        let from = from.max(until - LONGEST);
        let corrected = reader.corrected_during(from, until, MOST)?;
        let lifts = reader.lifts(from, MOST)?;
        let holds = reader.holds(from, MOST)?;
        let alarms = reader.alarms_during(from, until, MOST)?;
        let notes = reader.remarks_during(from, until, MOST)?;
        let visits = reader.visit_marks_during(from, until, MOST)?;
        let open = OpenTasks::of(reader, now)?;
        let full = |rows: usize| rows == MOST;
        let is_cut = open.more
            || [corrected.len(), lifts.len(), holds.len(), alarms.len()]
                .into_iter()
                .chain([notes.len(), visits.len()])
                .any(full);
        let (outages, alarms): (Vec<_>, Vec<_>) = alarms
            .iter()
            .partition(|alarm| alarm.kind().is_outage() && !alarm.drill);
        Ok(Self {
            from,
            until,
            counts: reader.tally(from, until)?.iter().map(count).collect(),
            lost: reader.lost(from, until)?.len(),
            corrections: corrected
                .iter()
                .flat_map(|view| corrections(view, from, until))
                .collect(),
            lifts: lifts
                .iter()
                .rev()
                .filter(|l| l.lift.at < until)
                .map(lift)
                .collect(),
            holds: holds
                .iter()
                .rev()
                .filter(|h| h.hold.from < until)
                .map(hold)
                .collect(),
            notes: notes.iter().map(note).collect(),
            visits: visits.iter().map(visit).collect(),
            tasks: open.tasks.iter().map(task).collect(),
            alarms: alarms.into_iter().map(told).collect(),
            outages: outages.into_iter().map(told).collect(),
            uploads: reader.sinks()?.iter().map(uploads).collect(),
            is_cut,
        })
    }
}

fn count(tally: &Tally) -> ShiftCount {
    ShiftCount {
        lane: tally.lane.clone(),
        direction: tally.direction,
        verdict: tally.decision,
        passages: tally.passages,
        unread: tally.unread,
        corrected: tally.corrected,
        paper: tally.paper,
    }
}

fn corrections(
    view: &passage::PassageView,
    from: Timestamp,
    until: Timestamp,
) -> impl Iterator<Item = ShiftCorrection> {
    let within = move |at: Timestamp| from <= at && at < until;
    let kept = view.corrections.iter().filter(move |c| within(c.at));
    kept.map(|kept| ShiftCorrection {
        passage: view.id.0,
        plate: view.reading.plate.clone(),
        item: kept.item,
        before: kept.before.clone(),
        after: kept.after.clone(),
        who: kept.who.clone(),
        why: kept.why.clone(),
        at: kept.at,
    })
}

fn lift(view: &LiftView) -> ShiftLift {
    ShiftLift {
        lift: view.id.0,
        lane: view.lift.lane.clone(),
        way: view.lift.way,
        who: view.lift.who.clone(),
        why: view.lift.why.clone(),
        at: view.lift.at,
        passage: view.passage().map(|id| id.0),
    }
}

fn hold(view: &HoldView) -> ShiftHold {
    ShiftHold {
        hold: view.id.0,
        lane: view.hold.lane.clone(),
        who: view.hold.who.clone(),
        why: view.hold.why.clone(),
        from: view.hold.from,
        until: view.over_at(),
        ended_by: view.ended().map(|end| end.who.clone()),
    }
}

fn note(view: &RemarkView) -> ShiftNote {
    ShiftNote {
        plate: view.remark.plate.clone(),
        kind: view.remark.kind,
        words: view.remark.words.clone(),
        who: view.remark.who.clone(),
        at: view.remark.at,
        withdrawn_by: view.withdrawn.as_ref().map(|taken| taken.who.clone()),
    }
}

fn visit(view: &VisitMarkView) -> ShiftVisit {
    ShiftVisit {
        kind: view.mark.kind(),
        entry: view.mark.entry().0,
        exit: view.mark.exit().map(|id| id.0),
        left_at: view.mark.left_at(),
        who: view.who.clone(),
        why: view.why.clone(),
        at: view.at,
        withdrawn_by: view.withdrawn.as_ref().map(|taken| taken.who.clone()),
    }
}

fn task(open: &crate::OpenTask) -> ShiftTask {
    ShiftTask {
        kind: open.kind,
        passage: open.passage.id.0,
        plate: open.passage.reading.plate.clone(),
        lane: open.passage.lane.clone(),
        at: open.passage.decided_at,
    }
}

fn told(alarm: &AlarmView) -> ShiftAlarm {
    ShiftAlarm {
        alarm: alarm.id.0,
        kind: alarm.kind(),
        what: ShiftWords {
            zh: alarm.what(Language::Zh),
            en: alarm.what(Language::En),
        },
        lane: alarm.cause.lane.clone(),
        raised_at: alarm.raised_at,
        cleared_at: alarm.cleared().map(|step| step.at),
        seen_by: alarm.seen().map(|step| step.who.clone()),
        seen_why: alarm.seen().map(|step| step.why.clone()),
    }
}

fn uploads(counters: &SinkCounters) -> ShiftUploads {
    ShiftUploads {
        sink: counters.sink.clone(),
        waiting: counters.waiting,
        refused: counters.refused,
        oldest_waiting: counters.oldest_waiting,
    }
}

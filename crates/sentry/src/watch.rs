//! The watch itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alarm::{AlarmId, Board, BoardChange, Cause, CauseKind};
use gate::InputEvent;
use jiff::Timestamp;
use ledger::{AlarmFilter, ErrorKind, Handle, Happening, Reader, Topic};
use passage::{LiftId, LiftStep, LiftStepView};
use status::Status;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::MissedTickBehavior;
use words::Language;

use crate::clock::ClockWatch;
use crate::lifts::ByHand;
use crate::unwatched::{Unwatched, keep_watched};
use crate::{AlarmSettings, causes_of, lifts, passages, slow};

/// How often all is looked at. HJ 1321-2023 wants the guard told at once.
const LOOK: Duration = Duration::from_secs(1);
/// How often the ledger is asked for what only it knows.
const SLOW: Duration = Duration::from_secs(30);
/// What was written to the ledger that is read at a time; a passage writes some ten things.
const WITHIN: usize = 2_000;
/// Open alarms that are shown.
const SHOWN: usize = 500;
/// Name under which the ledger keeps how far passages were looked at.
const FOLLOWER: &str = "sentry";
/// Name under which the ledger keeps up to which lift was looked.
const LIFTS: &str = "sentry-lifts";
/// The kind of downlink that lists over-limit vehicles, as the ledger names it.
pub(crate) const OVER_LIMIT_LISTS: &str = "over_limit";

/// Alarms, lifts with their passage, and up to where was looked.
type Happenings = (Vec<Cause>, Vec<(LiftId, LiftStepView)>, i64);

/// What a sentry works with.
pub struct SentryParts {
    /// Looked at, and told which alarms are open.
    pub status: Arc<Status>,
    /// Where alarms are kept.
    pub ledger: Handle,
    /// When something is an alarm.
    pub settings: AlarmSettings,
    /// Platforms that send lists of over-limit vehicles.
    pub lists: Vec<String>,
}

/// Keeps watch until aborted; `inputs` tells changes of inputs beside barriers.
pub async fn keep_watch(parts: SentryParts, mut inputs: broadcast::Receiver<InputEvent>) {
    let begun = Instant::now();
    let Some(mut sentry) = Sentry::take_post(parts).await else {
        return;
    };
    let topics = [Topic::Passages, Topic::Lifts];
    let mut passages = sentry.parts.ledger.committed(&topics);
    let mut alarms = sentry.parts.ledger.committed(&[Topic::Alarms]);
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    sentry.show().await;
    loop {
        tokio::select! {
            _ = looks.tick() => sentry.look(begun.elapsed()).await,
            news = passages.changed() => if news.is_err() { return },
            event = inputs.recv() => sentry.moved(event).await,
            news = alarms.changed() => {
                if news.is_err() {
                    return;
                }
                sentry.show().await;
                continue;
            }
        }
        sentry.follow_lifts().await;
        sentry.follow().await;
    }
}

struct Sentry {
    parts: SentryParts,
    board: Board,
    /// What the ledger did not take yet.
    unwritten: Vec<BoardChange>,
    clock: ClockWatch,
    slow: Vec<Cause>,
    slow_at: Option<Duration>,
    /// Up to where passages were looked at.
    place: i64,
    told_failure: bool,
    by_hand: ByHand,
    unwatched: Unwatched,
}

impl Sentry {
    /// Takes over what is open. None when the ledger is closed.
    async fn take_post(parts: SentryParts) -> Option<Self> {
        let look = |reader: &Reader| {
            let open = reader.alarms(&open_ones(), SHOWN)?;
            let place = match reader.follower(FOLLOWER)? {
                Some(place) => place.min(reader.last_place()?),
                // What passed before there was a sentry raises no alarm now.
                None => reader.last_place()?,
            };
            Ok::<_, ledger::Error>((open, place, Unwatched::since(reader)?))
        };
        let (open, place, unwatched) = loop {
            match parts.ledger.read(look).await {
                Ok(found) => break found,
                Err(error) if error.kind() == ErrorKind::Closed => return None,
                Err(error) => tracing::warn!(%error, "open alarms could not be read"),
            }
            tokio::time::sleep(LOOK).await;
        };
        let clock = ClockWatch::new(parts.settings.clock_step);
        Some(Self {
            board: Board::resumed(&open, Duration::ZERO),
            unwritten: Vec::new(),
            clock,
            slow: Vec::new(),
            slow_at: None,
            place,
            parts,
            told_failure: false,
            by_hand: ByHand::default(),
            unwatched,
        })
    }

    async fn look(&mut self, now: Duration) {
        let wall = Timestamp::now();
        if let Some(step) = self.clock.look(wall, Instant::now()) {
            let seconds = format!("{:+.1}", step.as_secs_f64());
            let cause = Cause::of(CauseKind::ClockStep, &wall.to_string()).with(seconds);
            self.raise(&cause).await;
        }
        for cause in self.unwatched.look(&self.parts.status, wall) {
            self.raise(&cause).await;
        }
        if self.unwatched.is_due(now) {
            keep_watched(&self.parts.status, &self.parts.ledger).await;
        }
        if self.slow_at.is_none_or(|at| now - at >= SLOW) {
            self.slow_at = Some(now);
            self.look_slowly(wall).await;
        }
        let mut causes = causes_of(&self.parts.status, wall);
        causes.extend(self.slow.iter().cloned());
        let mut changes = std::mem::take(&mut self.unwritten);
        changes.extend(self.board.look(&causes, now));
        for change in changes {
            if !self.write(&change).await && !matches!(change, BoardChange::Raise(_)) {
                self.unwritten.push(change);
            }
        }
    }

    async fn look_slowly(&mut self, now: Timestamp) {
        let (settings, lists) = (self.parts.settings.clone(), self.parts.lists.clone());
        let look = move |reader: &Reader| slow::causes(reader, &settings, &lists, now);
        match self.parts.ledger.read(look).await {
            Ok(causes) => self.slow = causes,
            Err(error) => tracing::warn!(%error, "lists and stays could not be looked at"),
        }
        self.close_lifts(now).await;
    }

    /// Lifts that no vehicle used.
    async fn close_lifts(&mut self, now: Timestamp) {
        let window = self.parts.settings.lift_window;
        let look = self
            .parts
            .ledger
            .read(move |reader| lifts::unused(reader, window, now));
        let Ok(unused) = look.await else { return };
        for lift in unused {
            let id = lift.id;
            let step = LiftStepView {
                step: LiftStep::Unused,
                at: now,
                passage: None,
                detail: String::new(),
            };
            // Vehicles that pass a gate held open belong to no lift.
            let (lane, until) = (lift.lift.lane.clone(), lift.lift.at + window);
            let from = lift.lift.at;
            let held = self
                .parts
                .ledger
                .read(move |reader| reader.was_held(&lane, from, until));
            let Ok(held) = held.await else { return };
            // The alarm first: a lift that is closed is not looked at again.
            if !held && self.raise(&lifts::unused_cause(&lift)).await.is_none() {
                return;
            }
            let keep = self
                .parts
                .ledger
                .write(move |writer| writer.step_lift(id, &step));
            let kept = keep.await;
            self.taken(&kept);
        }
    }

    /// Each lift is an alarm. Of one through the program it is said already who and why: that person has seen it.
    async fn follow_lifts(&mut self) {
        let look = |reader: &Reader| {
            let last = LiftId(reader.follower(LIFTS)?.unwrap_or(0));
            reader.lifts_after(last, WITHIN)
        };
        let Ok(new) = self.parts.ledger.read(look).await else {
            return;
        };
        for lift in new {
            let Some(alarm) = self.raise(&lifts::cause(&lift)).await else {
                return;
            };
            let (who, why, at) = (lift.lift.who, lift.lift.why, lift.lift.at);
            let noted = self.parts.ledger.write(move |writer| {
                if !who.is_empty() && !why.is_empty() {
                    // Seen already after a break between the two.
                    match writer.see_alarm(alarm, true, (&who, &why), at) {
                        Err(error) if error.kind() != ErrorKind::Conflict => return Err(error),
                        _ => {}
                    }
                }
                writer.set_follower(LIFTS, lift.id.0)
            });
            let noted = noted.await;
            if !self.taken(&noted) {
                return;
            }
        }
    }

    /// Writes one change down; false when the ledger did not take it. A cause that could not be raised is
    /// raised at the next look.
    async fn write(&mut self, change: &BoardChange) -> bool {
        match (change, change.step()) {
            (BoardChange::Raise(cause), _) => match self.raise(cause).await {
                Some(id) => {
                    self.board.raised(cause, id);
                    self.see_hold(cause, id).await;
                    true
                }
                None => false,
            },
            (BoardChange::Again { id, times } | BoardChange::Clear { id, times }, Some(step)) => {
                let (id, times, now) = (*id, *times, Timestamp::now());
                let written = self
                    .parts
                    .ledger
                    .write(move |writer| writer.step_alarm(id, step, times, now));
                let written = written.await;
                tracing::info!(alarm = %id, times, step = step.as_str(), "alarm");
                self.taken(&written)
            }
            _ => true,
        }
    }

    async fn raise(&mut self, cause: &Cause) -> Option<AlarmId> {
        let (own, now) = (cause.clone(), Timestamp::now());
        let raised = self
            .parts
            .ledger
            .write(move |writer| writer.raise_alarm(&own, false, now));
        let raised = raised.await;
        self.taken(&raised);
        let (id, is_new) = raised.ok()?;
        if is_new {
            let what = cause.what(Language::En);
            tracing::error!(alarm = %id, kind = cause.kind.as_str(), subject = cause.subject, "{what}");
        }
        Some(id)
    }

    /// Of a gate that is held open it is said already who does and why: that person has seen the alarm.
    async fn see_hold(&mut self, cause: &Cause, id: AlarmId) {
        let lane = cause
            .lane
            .as_deref()
            .filter(|_| cause.kind == CauseKind::HeldOpen);
        let lane = lane.and_then(|lane| self.parts.status.lane(lane));
        let Some(hold) = lane.and_then(|lane| lane.hold()) else {
            return;
        };
        let (who, why, at) = (hold.hold.who, hold.hold.why, Timestamp::now());
        let noted = self.parts.ledger.write(move |writer| {
            match writer.see_alarm(id, false, (&who, &why), at) {
                Err(error) if error.kind() != ErrorKind::Conflict => Err(error),
                _ => Ok(()),
            }
        });
        let noted = noted.await;
        self.taken(&noted);
    }

    /// Whether the ledger took it; told once when it does not.
    fn taken<T>(&mut self, written: &ledger::Result<T>) -> bool {
        if let Err(error) = written
            && !self.told_failure
        {
            tracing::error!(%error, "an alarm could not be written down; it is tried again");
        }
        self.told_failure = written.is_err();
        written.is_ok()
    }

    /// Looks at what became of passages since the last time.
    async fn follow(&mut self) {
        loop {
            let (place, settings) = (self.place, self.parts.settings.clone());
            let look = move |reader: &Reader| happened(reader, place, &settings);
            let (causes, ties, reached) = match self.parts.ledger.read(look).await {
                Ok(found) => found,
                Err(error) => {
                    tracing::warn!(%error, "passages could not be looked at for alarms");
                    return;
                }
            };
            if reached == place {
                return;
            }
            for (lift, step) in ties {
                let keep = self
                    .parts
                    .ledger
                    .write(move |writer| writer.step_lift(lift, &step));
                let kept = keep.await;
                if !self.taken(&kept) {
                    return;
                }
            }
            for cause in &causes {
                if self.raise(cause).await.is_none() {
                    return;
                }
            }
            self.place = reached;
            let keep = self
                .parts
                .ledger
                .write(move |writer| writer.set_follower(FOLLOWER, reached));
            if let Err(error) = keep.await {
                tracing::warn!(%error, "how far passages were looked at could not be kept");
            }
        }
    }

    /// An input has changed: perhaps somebody raised an arm past the program.
    async fn moved(&mut self, event: Result<InputEvent, RecvError>) {
        let event = match event {
            Ok(event) => event,
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "inputs changed faster than they could be looked at");
                return;
            }
            // The lanes have ended, and all else will.
            Err(RecvError::Closed) => return tokio::time::sleep(LOOK).await,
        };
        let Some(lift) = self.by_hand.lift(&event) else {
            return;
        };
        let lane = self.parts.status.lane(&lift.lane);
        if lane.is_some_and(|lane| lane.hold().is_some()) {
            tracing::info!(
                lane = lift.lane,
                "an arm was raised at a gate that is held open"
            );
            return;
        }
        let keep = self
            .parts
            .ledger
            .write(move |writer| writer.keep_lift(&lift));
        let kept = keep.await;
        self.taken(&kept);
    }

    /// Tells the status which alarms are open.
    async fn show(&self) {
        let open = self
            .parts
            .ledger
            .read(|reader| reader.alarms(&open_ones(), SHOWN));
        match open.await {
            Ok(open) => self.parts.status.set_alarms(open),
            Err(error) => tracing::warn!(%error, "open alarms could not be read"),
        }
    }
}

fn open_ones() -> AlarmFilter {
    AlarmFilter {
        open: true,
        ..AlarmFilter::default()
    }
}

/// The alarms that passages are of which something was written after `place`, the lifts that they belong to,
/// and up to where that was.
fn happened(reader: &Reader, place: i64, settings: &AlarmSettings) -> ledger::Result<Happenings> {
    let reached = reader.last_place()?.min(place + WITHIN as i64);
    let (mut causes, mut ties) = (Vec::new(), Vec::new());
    for happened in reader.happened(place, WITHIN)? {
        if happened.place > reached {
            break;
        }
        let Some(passage) = reader.passage(happened.passage)? else {
            continue;
        };
        match happened.what {
            Happening::Decided => causes.extend(passages::when_decided(&passage)),
            Happening::Finished => {
                let used: Vec<_> = ties.iter().map(|(lift, _)| *lift).collect();
                let tie = lifts::of_passage(reader, &passage, settings.lift_window, &used)?;
                // Whom a person let through has not broken through.
                if tie.is_some() || reader.lift_of(passage.id)?.is_some() {
                    ties.extend(tie);
                    continue;
                }
                let before = reader.before_in_lane(&passage)?;
                let before = before.as_ref();
                causes.extend(passages::when_finished(&passage, before, settings.close));
            }
            Happening::Corrected => {}
        }
    }
    Ok((causes, ties, reached))
}

//! Passages in the terminal, as they commit.

mod lines;

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use ledger::Handle;
use passage::{DeliveryState, PassageId, PassageView};
use words::Language;

use crate::{Status, unqueued_standing};

/// Passages that are read at a time.
const PAGE: usize = 50;
/// What was written to the ledger that is looked through at a time for alarms.
const WRITTEN: usize = 2_000;
/// Before a ledger that could not be read is asked again.
const AGAIN: Duration = Duration::from_secs(1);
/// After so long without a passage a line tells how the cameras are.
const SILENCE: Duration = Duration::from_secs(15);

/// Prints passages as they commit, and again when they are uploaded.
pub struct Viewer {
    on: bool,
    language: Language,
    zone: TimeZone,
    last: PassageId,
    /// Up to where alarms were told.
    place: i64,
    pending: Vec<PassageId>,
    told_ended: HashSet<PassageId>,
    progress: Instant,
}

impl Viewer {
    /// One that prints nothing unless it is on. It begins with what stands open and with what is
    /// committed from now on: what was shown before is not shown again. What was never queued for
    /// `sinks` is told, in the log too.
    pub async fn begin(
        ledger: &Handle,
        sinks: Vec<String>,
        (language, zone): (Language, TimeZone),
        on: bool,
    ) -> Self {
        let place = zone.clone();
        let found = ledger.read(move |reader| {
            let last = reader.recent(1)?.first().map(|passage| passage.id);
            let open = reader.open_passages()?;
            let unqueued = unqueued_standing(reader, &sinks, language, &place)?;
            let place = reader.last_place()?;
            Ok::<_, ledger::Error>((last, open, unqueued.wrong, place))
        });
        let (last, open, unqueued, place) = found.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is in the ledger could not be looked at");
            // None of long ago is told as if it were new.
            (None, Vec::new(), Vec::new(), i64::MAX)
        });
        let viewer = Self {
            on,
            language,
            zone,
            last: last.unwrap_or(PassageId(0)),
            place,
            pending: open.iter().map(|passage| passage.id).collect(),
            told_ended: HashSet::new(),
            progress: Instant::now(),
        };
        for line in unqueued {
            tracing::warn!("{line}");
            if on {
                viewer.print(&line);
            }
        }
        viewer
    }

    /// Prints what is new; gives after how long to look again without news: there was more than a
    /// page, or the ledger could not be read.
    pub async fn look(&mut self, ledger: &Handle) -> Option<Duration> {
        if !self.on {
            return None;
        }
        let (last, pending, place) = (self.last, self.pending.clone(), self.place);
        let found = ledger.read(move |reader| {
            let new = reader.since(last, PAGE)?;
            let mut old = Vec::new();
            for id in pending {
                old.extend(reader.passage(id)?);
            }
            let alarms = reader.alarm_news(place, WRITTEN)?;
            Ok::<_, ledger::Error>((new, old, alarms))
        });
        let Ok((new, old, (alarms, reached))) = found.await else {
            return Some(AGAIN);
        };
        let is_more = new.len() == PAGE || reached - place >= WRITTEN as i64;
        let more = is_more.then_some(Duration::ZERO);
        self.place = reached;
        for line in alarms.iter().filter_map(|news| self.alarm_line(news)) {
            self.print(&line);
        }
        for passage in new {
            self.last = passage.id;
            self.pending.push(passage.id);
            self.print(&self.line(&passage));
            if let Some(why) = self.why_line(&passage) {
                self.print(&why);
            }
        }
        for passage in old {
            if passage.finished.is_some()
                && self.told_ended.insert(passage.id)
                && !is_done(&passage)
            {
                self.print(&self.ended_line(&passage));
            }
            if is_done(&passage) {
                self.pending.retain(|id| *id != passage.id);
                self.told_ended.remove(&passage.id);
                self.print(&self.ended_line(&passage));
            }
        }
        more
    }

    /// Prints how the cameras are, when nothing else was printed for a while.
    pub fn tell_progress(&mut self, status: &Status) {
        if self.on && self.progress.elapsed() > SILENCE {
            self.progress = Instant::now();
            self.print(&self.progress_line(status));
        }
    }

    /// Whether every passage was printed with its end, and no sink waits for anything.
    #[must_use]
    pub fn nothing_waits(&self, status: &Status) -> bool {
        self.pending.is_empty() && status.sinks().iter().all(|s| s.waiting == 0)
    }

    fn print(&self, line: &str) {
        let mut out = std::io::stdout().lock();
        let line = if out.is_terminal() && line.starts_with('…') {
            format!("\x1b[2m{line}\x1b[0m")
        } else {
            line.to_owned()
        };
        // A closed terminal must not stop the gate.
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}

fn is_done(passage: &PassageView) -> bool {
    passage.finished.is_some()
        && passage.deliveries.iter().all(|d| {
            matches!(
                d.state,
                DeliveryState::Acknowledged | DeliveryState::Refused
            )
        })
}

#[cfg(test)]
mod tests;

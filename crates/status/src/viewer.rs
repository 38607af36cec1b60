//! Passages in the terminal, as they commit.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Handle;
use passage::{DeliveryState, PassageId, PassageView};
use words::{Group, Key, Language, padded};

use crate::Status;

/// Passages that are read at a time.
const PAGE: usize = 50;
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
    pending: Vec<PassageId>,
    told_ended: HashSet<PassageId>,
    progress: Instant,
}

impl Viewer {
    /// One that prints nothing unless it is on.
    #[must_use]
    pub fn new(language: Language, zone: TimeZone, on: bool) -> Self {
        Self {
            on,
            language,
            zone,
            last: PassageId(0),
            pending: Vec::new(),
            told_ended: HashSet::new(),
            progress: Instant::now(),
        }
    }

    /// Prints what is new; gives after how long to look again without news: there was more than a
    /// page, or the ledger could not be read.
    pub async fn look(&mut self, ledger: &Handle) -> Option<Duration> {
        if !self.on {
            return None;
        }
        let (last, pending) = (self.last, self.pending.clone());
        let found = ledger.read(move |reader| {
            let new = reader.since(last, PAGE)?;
            let mut old = Vec::new();
            for id in pending {
                old.extend(reader.passage(id)?);
            }
            Ok::<_, ledger::Error>((new, old))
        });
        let Ok((new, old)) = found.await else {
            return Some(AGAIN);
        };
        let more = (new.len() == PAGE).then_some(Duration::ZERO);
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

    fn line(&self, passage: &PassageView) -> String {
        let l = self.language;
        let reading = &passage.reading;
        let plate = if reading.plate.is_empty() {
            l.text(Key::CaptionUnread).to_owned()
        } else {
            reading.plate.clone()
        };
        // Of a truck seen from behind, the trailer's plate may be the only one.
        let trailer = reading
            .trailer_plate
            .as_ref()
            .filter(|trailer| **trailer != reading.plate)
            .map_or_else(String::new, |t| format!(" + {t}"));
        format!(
            "#{:<3} {}  {} {} {}{trailer}  {}  {:>5.1}%  {}（{}）  {}",
            passage.id,
            self.time(passage.decided_at),
            padded(&passage.lane, 10),
            l.named(Group::Direction, passage.direction.as_str()),
            plate,
            l.named(Group::PlateColor, reading.color.as_str()),
            reading.confidence * 100.0,
            l.named(Group::Decision, passage.decision.as_str()),
            l.named(Group::Reason, &passage.reason),
            l.named(Group::Upload, "new"),
        )
    }

    /// What the decision rests on beside its rule, for the guard to compare.
    fn why_line(&self, passage: &PassageView) -> Option<String> {
        let said = policy::explain(&passage.reason, &passage.grounds, self.language, &self.zone);
        let beside = &said[1..];
        (!beside.is_empty()).then(|| format!("      {}", beside.join("  ")))
    }

    fn ended_line(&self, passage: &PassageView) -> String {
        let l = self.language;
        let outcome = passage
            .finished
            .as_ref()
            .map_or("waiting", |f| f.outcome.as_str());
        let uploads: Vec<_> = passage
            .deliveries
            .iter()
            .map(|d| format!("{} {}", d.sink, l.named(Group::Upload, d.state.as_str())))
            .collect();
        format!(
            "#{:<3} {}  {} {}  {}",
            passage.id,
            passage
                .finished
                .as_ref()
                .map_or_else(String::new, |f| self.time(f.at)),
            padded(&passage.reading.plate, 10),
            l.named(Group::Outcome, outcome),
            uploads.join("  "),
        )
    }

    fn progress_line(&self, status: &Status) -> String {
        let cameras: Vec<_> = status
            .cameras()
            .iter()
            .map(|camera| {
                let state = camera.state.borrow();
                let (code, l) = (state.status.code(), self.language);
                let status = l.named(Group::Camera, code);
                if state.status.is_fault() {
                    let why = l.named(Group::CameraWhy, code);
                    let next = l.named(Group::CameraNext, code);
                    format!("{} {status}（{why}；{next}）", camera.name)
                } else {
                    format!("{} {status}", camera.name)
                }
            })
            .collect();
        format!("…    {}", cameras.join("  "))
    }

    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone())
            .strftime("%H:%M:%S")
            .to_string()
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

//! Waiting for the end, and showing passages in the terminal meanwhile.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use ledger::{Handle, Topic};
use passage::{DeliveryState, PassageId, PassageView};
use status::Status;
use tokio::signal::unix::{SignalKind, signal};
use words::{Group, Language, padded};

use super::daemon::Parts;
use crate::cli::RunArgs;
use crate::config::Config;

/// Passages and uploads tell by their commits when to look. Nobody tells that all cameras have ended,
/// or that it is time for a line on how they are: so often that is looked at.
const TICK: Duration = Duration::from_secs(1);
/// Passages that are read at a time.
const PAGE: usize = 50;
/// A camera that has not delivered for this long after it once did has ended its recording.
const QUIET: Duration = Duration::from_secs(8);

/// Waits until somebody or something says stop, and says what it was.
pub(crate) async fn until_stopped(parts: &Parts, args: &RunArgs) -> &'static str {
    let (status, ledger) = (&parts.status, &parts.ledger);
    let mut viewer = Viewer::new(&parts.config, args.watch);
    let ends = args
        .seconds
        .map(|s| Instant::now() + Duration::from_secs(s));
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return "signals cannot be received";
    };
    let mut ended = Ended::default();
    let mut news = ledger.committed(&[Topic::Passages, Topic::Deliveries]);
    let mut look_in = Some(Duration::ZERO);
    loop {
        let left = ends.map(|end| end.saturating_duration_since(Instant::now()));
        let tick = [left, look_in]
            .into_iter()
            .flatten()
            .fold(TICK, Duration::min);
        // In this order: whoever asks whether all is done has looked at what is committed.
        let is_news = tokio::select! {
            biased;
            _ = interrupt.recv() => return "interrupted",
            _ = terminate.recv() => return "told to terminate",
            Ok(()) = news.changed() => true,
            () = tokio::time::sleep(tick) => false,
        };
        if is_news || look_in.is_some() {
            look_in = viewer.look(ledger).await;
        } else {
            viewer.tell_progress(status);
        }
        if ends.is_some_and(|end| Instant::now() >= end) {
            return "the time is over";
        }
        if args.until_done && ended.all(status) && viewer.nothing_waits(status) {
            return "all cameras have ended and everything is uploaded";
        }
    }
}

/// Whether every camera has delivered and delivers no more.
#[derive(Default)]
struct Ended {
    quiet_since: Option<Instant>,
}

impl Ended {
    fn all(&mut self, status: &Status) -> bool {
        let quiet = status.cameras().iter().all(|camera| {
            let state = camera.state.borrow();
            state.frames_delivered > 0 && !state.status.delivers()
        });
        if !quiet {
            self.quiet_since = None;
            return false;
        }
        self.quiet_since.get_or_insert_with(Instant::now).elapsed() > QUIET
    }
}

/// Prints passages as they commit, and again when they are uploaded.
struct Viewer {
    on: bool,
    language: Language,
    zone: jiff::tz::TimeZone,
    last: PassageId,
    pending: Vec<PassageId>,
    told_ended: HashSet<PassageId>,
    progress: Instant,
}

impl Viewer {
    fn new(config: &Config, on: bool) -> Self {
        Self {
            on,
            language: config.language,
            zone: config.site.zone.clone(),
            last: PassageId(0),
            pending: Vec::new(),
            told_ended: HashSet::new(),
            progress: Instant::now(),
        }
    }

    /// Prints what is new; gives after how long to look again without news: there was more than a
    /// page, or the ledger could not be read.
    async fn look(&mut self, ledger: &Handle) -> Option<Duration> {
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
            return Some(TICK);
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

    fn tell_progress(&mut self, status: &Status) {
        if self.on && self.progress.elapsed() > Duration::from_secs(15) {
            self.progress = Instant::now();
            self.print(&self.progress_line(status));
        }
    }

    fn nothing_waits(&self, status: &Status) -> bool {
        self.pending.is_empty() && status.sinks().iter().all(|s| s.waiting == 0)
    }

    fn line(&self, passage: &PassageView) -> String {
        let l = self.language;
        let reading = &passage.reading;
        let plate = if reading.plate.is_empty() {
            l.text(words::Key::CaptionUnread).to_owned()
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

    fn time(&self, at: jiff::Timestamp) -> String {
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

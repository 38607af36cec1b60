//! Passages in the terminal, as they commit.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Handle;
use passage::{CorrectedItem, CorrectionView, DeliveryState, PassageId, PassageView};
use words::{Group, Key, Language, padded};

use crate::{Status, unqueued_standing};

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
            Ok::<_, ledger::Error>((last, open, unqueued.wrong))
        });
        let (last, open, unqueued) = found.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is in the ledger could not be looked at");
            (None, Vec::new(), Vec::new())
        });
        let viewer = Self {
            on,
            language,
            zone,
            last: last.unwrap_or(PassageId(0)),
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
        let upload = first_state(passage).map(|state| l.named(Group::Upload, state.as_str()));
        let line = format!(
            "#{:<3} {}  {} {} {}{trailer}  {}  {}  {}  {}",
            passage.id,
            self.time(passage.decided_at),
            padded(&passage.lane, 10),
            l.named(Group::Direction, passage.direction.as_str()),
            plate,
            l.named(Group::PlateColor, reading.color.as_str()),
            self.confidence(passage),
            l.fill(
                Key::TerminalDecided,
                &[
                    (
                        "decision",
                        &l.named(Group::Decision, passage.decision.as_str()),
                    ),
                    ("reason", &l.named(Group::Reason, &passage.reason)),
                ],
            ),
            upload.unwrap_or_default(),
        );
        line.trim_end().to_owned()
    }

    /// How sure the machine was; what a person said or corrected is not its reading.
    fn confidence(&self, passage: &PassageView) -> String {
        let by_person = |c: &CorrectionView| c.item == CorrectedItem::Plate;
        let key = if passage.paper.is_some() {
            Key::PassagePaper
        } else if passage.corrections.iter().any(by_person) {
            Key::PassageCorrected
        } else {
            return format!("{:>5.1}%", passage.reading.confidence * 100.0);
        };
        self.language.text(key).to_owned()
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
                    l.fill(
                        Key::TerminalFault,
                        &[
                            ("camera", &camera.name),
                            ("status", &status),
                            ("why", &why),
                            ("next", &next),
                        ],
                    )
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

/// How far the delivery of the passage itself is, where there is one.
fn first_state(passage: &PassageView) -> Option<DeliveryState> {
    passage.deliveries.first().map(|delivery| delivery.state)
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
mod tests {
    use jiff::SignedDuration;
    use ledger::{Options, OutboxSink, Takes, Writer};
    use passage::{Change, Correction, Direction, PaperEntry, PaperPassage, PassageKey};

    use super::*;

    fn paper(at: Timestamp) -> PaperPassage {
        PaperPassage {
            key: PassageKey::random(),
            entry: PaperEntry {
                lane: "north-in".to_owned(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                direction: Direction::In,
                passed_at: at,
                plate: "苏A12345".into(),
                color: plate::Color::Yellow,
                cargo: None,
                who: "李工".to_owned(),
                why: "停电".to_owned(),
            },
            entered_at: at,
        }
    }

    fn opened(data: &std::path::Path, sinks: &[&str]) -> Writer {
        let sink = |name: &&str| OutboxSink {
            name: (*name).to_owned(),
            wait: Duration::ZERO,
            takes: Takes::default(),
        };
        let options = Options {
            sinks: sinks.iter().map(sink).collect(),
            ..Options::default()
        };
        Writer::open(data, options).expect("a ledger")
    }

    async fn begun(ledger: &Handle) -> Viewer {
        let words = (Language::Zh, TimeZone::UTC);
        Viewer::begin(ledger, vec!["province".to_owned()], words, false).await
    }

    #[tokio::test]
    async fn what_was_committed_before_the_start_is_not_shown_again() {
        let data = tempfile::tempdir().expect("a folder");
        let at = Timestamp::now() - SignedDuration::from_hours(1);
        let mut writer = opened(data.path(), &[]);
        let earlier = writer.enter_paper(&paper(at), &[]).expect("entered");
        let (ledger, _thread) = Handle::start(writer).expect("a thread");
        let viewer = begun(&ledger).await;
        assert_eq!((viewer.last, viewer.pending.len()), (earlier, 0));
    }

    #[tokio::test]
    async fn a_line_says_what_a_person_said_and_an_upload_only_where_there_is_one() {
        let data = tempfile::tempdir().expect("a folder");
        let at = Timestamp::now() - SignedDuration::from_hours(1);
        let mut writer = opened(data.path(), &[]);
        let nowhere = writer.enter_paper(&paper(at), &[]).expect("entered");
        drop(writer);
        let mut writer = opened(data.path(), &["province"]);
        let queued = writer.enter_paper(&paper(at), &[]).expect("entered");
        let view = |writer: &Writer, id| {
            let reader = writer.reader().expect("a ledger");
            reader.passage(id).expect("readable").expect("there")
        };
        let (nowhere, queued) = (view(&writer, nowhere), view(&writer, queued));
        let (ledger, _thread) = Handle::start(writer).expect("a thread");
        let viewer = begun(&ledger).await;
        let line = viewer.line(&nowhere);
        assert!(line.contains("纸质台账") && !line.contains('%'), "{line}");
        assert!(!line.contains("待上传"), "nobody gets it: {line}");
        assert!(viewer.line(&queued).contains("待上传"));
    }

    #[tokio::test]
    async fn a_corrected_plate_does_not_keep_the_machines_certainty() {
        let data = tempfile::tempdir().expect("a folder");
        let at = Timestamp::now() - SignedDuration::from_hours(1);
        let mut writer = opened(data.path(), &[]);
        let id = writer.enter_paper(&paper(at), &[]).expect("entered");
        let change = Change {
            item: CorrectedItem::Plate,
            replaces: Some("苏A12345".to_owned()),
            value: "苏A12346".to_owned(),
        };
        let correction = Correction {
            changes: vec![change],
            who: "李工".to_owned(),
            why: "看照片".to_owned(),
            at,
        };
        writer.correct(id, &correction, &[]).expect("corrected");
        let reader = writer.reader().expect("a ledger");
        let mut view = reader.passage(id).expect("readable").expect("there");
        // As one that a camera saw.
        view.paper = None;
        view.reading.confidence = 1.0;
        let (ledger, _thread) = Handle::start(writer).expect("a thread");
        let line = begun(&ledger).await.line(&view);
        assert!(
            line.contains("已更正") && !line.contains("100.0%"),
            "{line}"
        );
    }
}

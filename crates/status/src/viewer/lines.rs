//! The lines that a [`Viewer`] prints.

use std::fmt::Display;

use alarm::StepKind;
use jiff::Timestamp;
use ledger::AlarmNews;
use passage::{CorrectedItem, CorrectionView, DeliveryState, PassageView};
use words::{Group, Key, padded};

use super::Viewer;
use crate::Status;

impl Viewer {
    pub(super) fn line(&self, passage: &PassageView) -> String {
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
    pub(super) fn why_line(&self, passage: &PassageView) -> Option<String> {
        let mut said =
            policy::explain(&passage.reason, &passage.grounds, self.language, &self.zone);
        let held = |id| self.language.fill(Key::HoldPassage, &[("id", &id)]);
        said.extend(passage.hold.map(held));
        let beside = &said[1..];
        (!beside.is_empty()).then(|| format!("      {}", beside.join("  ")))
    }

    pub(super) fn ended_line(&self, passage: &PassageView) -> String {
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

    /// An alarm that was raised, or one that lasted and is over; nothing where a person has seen it.
    pub(super) fn alarm_line(&self, news: &AlarmNews) -> Option<String> {
        let (l, alarm) = (self.language, &news.alarm);
        let what = alarm.what(l);
        match news.step {
            None => {
                let next = alarm.cause.next_step(l);
                let values: [(&str, &dyn Display); 3] =
                    [("id", &alarm.id), ("what", &what), ("next", &next)];
                Some(l.fill(Key::TerminalAlarm, &values))
            }
            Some(StepKind::Cleared) if !alarm.ends_when_seen() => {
                let values: [(&str, &dyn Display); 2] = [("id", &alarm.id), ("what", &what)];
                Some(l.fill(Key::TerminalAlarmOver, &values))
            }
            Some(_) => None,
        }
    }

    pub(super) fn progress_line(&self, status: &Status) -> String {
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
}

/// How far the delivery of the passage itself is, where there is one.
fn first_state(passage: &PassageView) -> Option<DeliveryState> {
    passage.deliveries.first().map(|delivery| delivery.state)
}

//! A passage to a platform: its record, then what follows it, each part once.
//!
//! Every part that the platform acknowledges is noted in the ledger, so that a try that failed
//! half-way goes on where it stood. "Already there" counts only for the payload that was sent first.

mod follow;
mod trip;

use ledger::{Restored, Sent};
use passage::{OutboxKind, PassageView};
use serde_json::{Map, Value, json};

use super::deliver::{Stop, Told};
use super::photo::{self, Photo};
use super::talk::AnswerMeaning;
use super::{Platform, form};
use crate::adapter::{CorrectionHow, Operation, PhotoForm, PhotoPlace};
use crate::worker::Delivery;
use trip::{THROUGH, Trip};

/// What a person is told when the platform has a number already that this ledger never sent.
fn not_ours(words: &str, serial: &str, gap: Option<&Restored>) -> String {
    match gap {
        None => format!(
            "{words}; but this ledger never sent {serial}: the platform has another record under this number"
        ),
        Some(gap) => format!(
            "{words}; this ledger was restored from a backup of {}, and may have sent {serial} before it was lost: \
             compare the platform's record with the passage, then send it again, which acknowledges it",
            gap.made_at
        ),
    }
}

impl Platform {
    /// Where ends of passages go, when the platform has such an address.
    pub(super) fn end_address(&self) -> Option<(Operation, String)> {
        let operation = self.adapter.passage_end.clone()?;
        let path = self.talk.path("passage_end", &operation)?;
        Some((operation, path))
    }

    pub(super) async fn passage(
        &mut self,
        row: &Delivery,
        passage: &PassageView,
    ) -> Result<String, Stop> {
        let mut trip = self.trip(row, passage).await?;
        let photos = photo::of(row, passage);
        if self.adapter.photos.form == PhotoForm::Ftp {
            self.photos_by_ftp(&mut trip, &photos).await?;
        }
        if self.adapter.photos.place == PhotoPlace::Record {
            for photo in &photos {
                let word = self.photo_word(photo, &trip.serial);
                trip.facts
                    .insert(photo.item.to_owned(), Value::String(word));
            }
        }
        let end = self
            .end_address()
            .filter(|_| row.item.kind == OutboxKind::PassageFinished);
        let words = match end {
            Some((operation, path)) => self.end(&mut trip, &photos, &operation, path).await?,
            None => self.record(&mut trip, &photos).await?,
        };
        self.photos_after(&mut trip, &photos).await?;
        self.cargo(&mut trip).await?;
        Ok(words)
    }

    /// The record itself, or its correction when the platform has an earlier one.
    async fn record(&mut self, trip: &mut Trip<'_>, photos: &[Photo<'_>]) -> Result<String, Stop> {
        let operation = self.adapter.passage.clone();
        let value = form::value(&self.adapter, &operation, &self.zone, &trip.facts)?;
        let sha256 = form::sha256(&value);
        let step = format!("record:{sha256}");
        if trip.steps.contains(&step) {
            return Ok("the platform has it already; there is nothing new to tell".to_owned());
        }
        let sent = self.note_passage(trip, &operation, &sha256).await?;
        if trip.has_record() {
            return self
                .correction(trip, photos, &operation, value, &step, sent.is_new)
                .await;
        }
        let value = self.with_revision(value, 0);
        let told = self.ask(trip, photos, "passage", &operation, value).await?;
        let (meaning, words) = (told.meaning, told.words);
        match meaning {
            AnswerMeaning::AlreadyThere
                if sent.is_new && sent.first_sha256 == sha256 && self.is_shareable() =>
            {
                Err(Stop::Refused(not_ours(
                    &words,
                    &trip.serial,
                    sent.gap.as_ref(),
                )))
            }
            AnswerMeaning::AlreadyThere if sha256 != sent.first_sha256 => {
                // It has what was sent first, and what is new since must follow.
                self.note(trip, format!("record:{}", sent.first_sha256))
                    .await?;
                if trip.will_be_followed() {
                    return Ok(format!("{words}; what is new follows"));
                }
                let value = form::value(&self.adapter, &operation, &self.zone, &trip.facts)?;
                self.correction(trip, photos, &operation, value, &step, true)
                    .await
            }
            _ => {
                // Before the record counts as told: the exit of this vehicle asks for it.
                if let Some(id) = told.through_id {
                    self.note(trip, format!("{THROUGH}{id}")).await?;
                }
                self.note(trip, step).await?;
                Ok(words)
            }
        }
    }

    async fn correction(
        &mut self,
        trip: &mut Trip<'_>,
        photos: &[Photo<'_>],
        operation: &Operation,
        value: Map<String, Value>,
        step: &str,
        is_new: bool,
    ) -> Result<String, Stop> {
        let told = match self.adapter.correction.how {
            CorrectionHow::Unsupported => {
                let words = format!(
                    "not sent: this platform takes no corrections. It has an earlier record under {}; tell it what changed by hand",
                    trip.serial
                );
                return Err(Stop::Refused(words));
            }
            CorrectionHow::RevisionField => {
                let value = self.with_revision(value, trip.records());
                self.ask(trip, photos, "passage", operation, value).await?
            }
            CorrectionHow::Endpoint => {
                let mut send = self.adapter.correction.send.clone().unwrap_or_default();
                let value = if send.fields.is_empty() {
                    send.fields.clone_from(&operation.fields);
                    value
                } else {
                    form::value(&self.adapter, &send, &self.zone, &trip.facts)?
                };
                self.ask(trip, photos, "correction.send", &send, value)
                    .await?
            }
        };
        let words = told.words;
        if told.meaning == AnswerMeaning::AlreadyThere && is_new {
            return Err(Stop::Refused(format!(
                "{words}; the platform keeps its earlier record under {}: tell it what changed by hand",
                trip.serial
            )));
        }
        self.note(trip, step.to_owned()).await?;
        Ok(words)
    }

    /// Whether another gate, or this one before a restore, may have made the same serial number.
    fn is_shareable(&self) -> bool {
        !self.adapter.serial.template.contains("{key}")
    }

    fn with_revision(&self, mut value: Map<String, Value>, revision: usize) -> Map<String, Value> {
        if let Some(field) = &self.adapter.correction.revision_field {
            value.insert(field.clone(), json!(revision));
        }
        value
    }

    /// How a passage ended that was sent before its end.
    async fn end(
        &mut self,
        trip: &mut Trip<'_>,
        photos: &[Photo<'_>],
        operation: &Operation,
        path: String,
    ) -> Result<String, Stop> {
        let value = form::value(&self.adapter, operation, &self.zone, &trip.facts)?;
        let step = format!("end:{}", form::sha256(&value));
        if trip.steps.contains(&step) {
            return Ok("the platform has it already".to_owned());
        }
        let named = photos.iter().map(|p| (p.item, p)).collect::<Vec<_>>();
        let files = self.files(operation, &trip.facts, &named);
        let words = self.ask_at(path, operation, value, files).await?.words;
        self.note(trip, step).await?;
        Ok(words)
    }

    /// Sends a form of the passage's record.
    async fn ask(
        &mut self,
        trip: &Trip<'_>,
        photos: &[Photo<'_>],
        name: &str,
        operation: &Operation,
        value: Map<String, Value>,
    ) -> Result<Told, Stop> {
        let path = self.address(name, operation)?;
        let named = photos.iter().map(|p| (p.item, p)).collect::<Vec<_>>();
        let files = self.files(operation, &trip.facts, &named);
        self.ask_at(path, operation, value, files).await
    }

    /// Records what is about to be sent of a passage, with its completeness.
    async fn note_passage(
        &self,
        trip: &Trip<'_>,
        operation: &Operation,
        sha256: &str,
    ) -> Result<Sent, Stop> {
        let mut facts = trip.facts.clone();
        if self.adapter.photos.place == PhotoPlace::After {
            for (kind, item) in photo::KEY_PHOTOS {
                let there = trip.passage.photo(kind).is_some();
                facts.insert(item.to_owned(), json!(there.then_some("after")));
            }
        }
        let complete = form::completeness(operation, &facts);
        self.note_sending(trip.row, sha256, complete).await
    }

    async fn note(&self, trip: &mut Trip<'_>, step: String) -> Result<(), Stop> {
        self.note_step(&trip.subject, &step).await?;
        trip.steps.push(step);
        Ok(())
    }
}

//! One row to a platform, and what its answer means.

use jiff::Timestamp;
use ledger::{Sending, Sent};
use passage::Subject;
use serde_json::{Map, Value};

use super::Platform;
use super::form::{self, Unfit};
use super::request::{Asked, File};
use super::talk::{AnswerMeaning, MAX_ANSWER_BYTES};
use crate::adapter::Operation;
use crate::failure::{Failure, FailureKind, chain};
use crate::worker::{Answer, Delivery};

/// Why a row is not there yet.
pub(super) enum Stop {
    /// A person must look.
    Refused(String),
    /// It is tried again.
    Failed(Failure),
}

impl Stop {
    /// For what is no row that a person could send again.
    pub(super) fn failure(self) -> Failure {
        match self {
            Self::Refused(words) => Failure::new(FailureKind::Evidence, words),
            Self::Failed(failure) => failure,
        }
    }
}

/// What a platform said to a row that it has.
pub(super) struct Told {
    pub(super) meaning: AnswerMeaning,
    /// In its own words.
    pub(super) words: String,
    /// Its own number of the visit, which the exit has to repeat.
    pub(super) through_id: Option<String>,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        if failure.kind() == FailureKind::Unfit {
            return Self::Refused(format!("not sent: {failure}"));
        }
        Self::Failed(failure)
    }
}

impl From<Unfit> for Stop {
    fn from(unfit: Unfit) -> Self {
        Self::Refused(format!(
            "not sent: {}; correct it, then send it again",
            unfit.0
        ))
    }
}

impl From<ledger::Error> for Stop {
    fn from(error: ledger::Error) -> Self {
        Self::Failed(Failure::new(FailureKind::Evidence, chain(&error)))
    }
}

impl Platform {
    pub(super) async fn delivered(&mut self, row: &Delivery) -> Answer {
        let told = match &row.item.subject {
            Subject::Passage(passage) => self.passage(row, passage).await,
            Subject::Record(record) => self.register_record(row, record).await,
        };
        match told {
            Ok(words) => Answer::Acknowledged(words),
            Err(Stop::Refused(words)) => Answer::Refused(words),
            Err(Stop::Failed(failure)) => Answer::Failed(failure),
        }
    }

    pub(super) fn address(&self, name: &str, operation: &Operation) -> Result<String, Stop> {
        self.talk.path(name, operation).ok_or_else(|| {
            Stop::Refused(format!(
                "not sent: this platform's address for it is not known; set [platform.paths] {name:?}, then send it again"
            ))
        })
    }

    /// Sends, and gives only answers that acknowledge.
    pub(super) async fn ask_at(
        &mut self,
        path: String,
        operation: &Operation,
        value: Map<String, Value>,
        files: Vec<File>,
    ) -> Result<Told, Stop> {
        let asked = Asked {
            path,
            operation,
            value,
            files,
            answer_bytes: MAX_ANSWER_BYTES,
        };
        let said = self.talk.ask(&asked).await?;
        let words = self.talk.words(&said);
        match self.talk.meaning(&said) {
            AnswerMeaning::DataError => Err(Stop::Refused(words)),
            AnswerMeaning::Unclear => Err(Stop::Failed(Failure::new(FailureKind::Answer, words))),
            meaning => {
                let place = self.adapter.answer.through_id.as_deref();
                let through_id = match place.map(|place| form::at(&said.body, place)) {
                    Some(id @ (Value::String(_) | Value::Number(_))) => Some(form::plain(id)),
                    _ => None,
                };
                Ok(Told {
                    meaning,
                    words,
                    through_id: through_id.filter(|id| (1..=200).contains(&id.len())),
                })
            }
        }
    }

    /// Records what is about to be sent for a row, before it is sent.
    pub(super) async fn note_sending(
        &self,
        row: &Delivery,
        sha256: &str,
        (items_present, items_expected): (u32, u32),
    ) -> Result<Sent, Stop> {
        let sending = Sending {
            row: row.item.id,
            sha256: sha256.to_owned(),
            items_present,
            items_expected,
        };
        let noted = self
            .ledger
            .write(move |writer| writer.note_sending(&sending, Timestamp::now()));
        Ok(noted.await?)
    }

    /// Records that the platform has acknowledged one part of what is said about a subject.
    pub(super) async fn note_step(&self, subject: &str, step: &str) -> Result<(), Stop> {
        let (platform, subject) = (self.settings.name.clone(), subject.to_owned());
        let part = step.to_owned();
        let noted = self
            .ledger
            .write(move |writer| writer.note_step(&platform, &subject, &part, Timestamp::now()));
        Ok(noted.await?)
    }
}

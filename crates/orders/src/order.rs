//! What can be ordered, and what comes of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ledger::{BackfillStep, ErrorKind, NewFile, NewRevision, Removed, WeighingCounts};
use passage::{
    Change, OutboxId, PaperEntry, PassageId, RecordKey, RecordState, Register, Weighing,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use words::{Key, Language, Said};

/// What shall be changed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Append revisions of register records, all or none.
    Records {
        /// The revisions, each of another record.
        revisions: Vec<RecordChange>,
    },
    /// Correct a passage and render its key photo anew.
    Correct {
        /// Which one.
        passage: PassageId,
        /// What holds from now on.
        changes: Vec<Change>,
        /// Who says so.
        who: String,
        /// Why.
        why: String,
    },
    /// Enter a passage from paper.
    Paper {
        /// What the paper says.
        entry: Box<PaperEntry>,
        /// Also when the ledger has a passage like it.
        #[serde(default)]
        again: bool,
    },
    /// Keep weighings and find their passages.
    Weighings {
        /// All of one source.
        weighings: Vec<Weighing>,
        /// Name of the weighbridge.
        source: String,
        /// Longest time between a weighing and its passage, seconds.
        window_s: u64,
        /// Who hands them over.
        who: String,
    },
    /// Send refused rows again, all or none.
    Resend {
        /// Rows that were refused.
        rows: Vec<OutboxId>,
        /// Who says so.
        who: String,
        /// Why.
        why: String,
    },
    /// Queue passages of before a sink was configured, as backlog.
    Backfill {
        /// Names of sinks.
        sinks: Vec<String>,
        /// Passages decided from then on; what is older stays here on purpose.
        from: Timestamp,
        /// Who says so.
        who: String,
        /// Why.
        why: String,
    },
    /// Do a round of retention.
    Retain,
}

/// A [`NewRevision`] on its way to the ledger.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
#[serde(deny_unknown_fields)]
pub struct RecordChange {
    pub key: RecordKey,
    pub register: Register,
    pub base: u32,
    pub identity: String,
    pub values: Map<String, Value>,
    pub state: RecordState,
    pub who: String,
    pub why: String,
    #[serde(default)]
    pub files: Vec<Attachment>,
}

/// A file that belongs to an item of a record.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    pub item: String,
    pub base64: String,
}

impl Attachment {
    /// The file of `item`.
    #[must_use]
    pub fn of(item: &str, bytes: &[u8]) -> Self {
        Self {
            item: item.to_owned(),
            base64: STANDARD.encode(bytes),
        }
    }
}

impl RecordChange {
    /// As the ledger takes it; the file that is no base64 when one is not.
    pub(crate) fn revision(self, at: Timestamp) -> Result<NewRevision, String> {
        let files: Result<Vec<_>, String> = self
            .files
            .into_iter()
            .map(|file| match STANDARD.decode(file.base64) {
                Ok(bytes) => Ok(NewFile {
                    item: file.item,
                    bytes,
                }),
                Err(_) => Err(file.item),
            })
            .collect();
        Ok(NewRevision {
            key: self.key,
            register: self.register,
            base: self.base,
            identity: self.identity,
            values: self.values,
            state: self.state,
            at,
            who: self.who,
            why: self.why,
            files: files?,
        })
    }
}

/// What was done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// So many revisions were written.
    Records(usize),
    /// Number of the correction, and whether a photo was rendered with it.
    #[allow(missing_docs)]
    Corrected { revision: u32, photo: bool },
    /// Number of the passage.
    Entered(PassageId),
    /// The passage that is there already; nothing was entered.
    Known(PassageId),
    /// One step of queueing earlier passages.
    #[serde(skip)]
    Step(BackfillStep),
    /// So many passages were queued.
    Queued(u64),
    /// What became of the weighings.
    Weighed(WeighingCounts),
    /// So many rows go again.
    Resent(usize),
    /// What retention removed.
    Removed(Removed),
}

impl Done {
    /// For a person, where there is something to tell beside that it was done.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Corrected { revision, photo } => {
                let key = if *photo {
                    Key::ConsoleCorrectedWithPhoto
                } else {
                    Key::ConsoleCorrected
                };
                language.fill(key, &[("revision", revision)])
            }
            Self::Entered(id) => language.fill(Key::ConsoleEntered, &[("number", id)]),
            Self::Resent(count) => language.fill(Key::ConsoleResent, &[("count", count)]),
            Self::Weighed(weighed) => language.fill(
                Key::ConsoleWeighed,
                &[
                    ("kept", &weighed.kept),
                    ("known", &weighed.known),
                    ("matched", &weighed.matched),
                    ("unmatched", &weighed.unmatched),
                ],
            ),
            Self::Records(count) => language.fill(Key::ConsoleWritten, &[("count", count)]),
            Self::Queued(count) => language.fill(Key::ConsoleQueued, &[("count", count)]),
            Self::Removed(_) | Self::Known(_) | Self::Step(_) => {
                language.text(Key::ConsoleDone).to_owned()
            }
        }
    }
}

/// Why nothing was done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Refused {
    /// What kind of no it is.
    pub kind: RefusedKind,
    /// For a person.
    #[serde(with = "words::texts")]
    pub said: Said,
}

/// What kind of no it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedKind {
    /// The order makes no sense; send another one.
    Invalid,
    /// Something else holds by now; look and order again.
    Conflict,
    /// Try again later: disk full, ledger busy.
    Later,
    /// It failed.
    Failed,
}

impl From<ledger::Error> for Refused {
    fn from(error: ledger::Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::Invalid => RefusedKind::Invalid,
            ErrorKind::Conflict => RefusedKind::Conflict,
            kind if kind.is_transient() => RefusedKind::Later,
            _ => RefusedKind::Failed,
        };
        Self {
            kind,
            said: error.explained(),
        }
    }
}

impl Refused {
    /// The order makes no sense.
    #[must_use]
    pub fn invalid(why: impl Into<Said>) -> Self {
        Self {
            kind: RefusedKind::Invalid,
            said: why.into(),
        }
    }

    /// It failed.
    #[must_use]
    pub fn failed(why: impl Into<Said>) -> Self {
        Self {
            kind: RefusedKind::Failed,
            said: why.into(),
        }
    }
}

//! What is said through the control socket: one JSON object a line, and one back.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ledger::{
    Cargo, Change, Direction, ErrorKind, NewFile, NewRevision, OutboxId, PassageId, RecordKey,
    RecordState, Register, Removed, Weighed, Weighing,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Longest line either side takes.
pub(crate) const LINE_BYTES: usize = 64 << 20;

/// What shall be changed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Order {
    /// Append revisions of register records, all or none.
    Records { revisions: Vec<RevisionWire> },
    /// Correct a passage and render its key photo anew.
    Correct {
        passage: PassageId,
        changes: Vec<Change>,
        who: String,
        why: String,
    },
    /// Enter a passage from paper.
    Paper(Box<PaperWire>),
    /// Keep weighings and find their passages.
    Weighings {
        weighings: Vec<Weighing>,
        source: String,
        window_s: u64,
        who: String,
    },
    /// Send refused rows again, all or none.
    Resend {
        rows: Vec<OutboxId>,
        who: String,
        why: String,
    },
    /// Do a round of retention.
    Retain,
}

/// A passage from paper on its way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperWire {
    pub(crate) lane: String,
    pub(crate) entrance: String,
    pub(crate) barrier: String,
    pub(crate) direction: Direction,
    pub(crate) passed_at: Timestamp,
    pub(crate) plate: String,
    pub(crate) color: plate::Color,
    pub(crate) cargo: Option<Cargo>,
    pub(crate) who: String,
    pub(crate) why: String,
}

/// A [`NewRevision`] on its way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevisionWire {
    pub(crate) key: RecordKey,
    pub(crate) register: Register,
    pub(crate) base: u32,
    pub(crate) identity: String,
    pub(crate) values: Map<String, Value>,
    pub(crate) state: RecordState,
    pub(crate) who: String,
    pub(crate) why: String,
    #[serde(default)]
    pub(crate) files: Vec<FileWire>,
}

/// A file on its way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileWire {
    pub(crate) item: String,
    pub(crate) base64: String,
}

impl FileWire {
    pub(crate) fn of(item: &str, bytes: &[u8]) -> Self {
        Self {
            item: item.to_owned(),
            base64: STANDARD.encode(bytes),
        }
    }
}

impl RevisionWire {
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
pub(crate) enum Done {
    /// So many revisions were written.
    Records(usize),
    /// Number of the correction, and whether a photo was rendered with it.
    Corrected { revision: u32, photo: bool },
    /// Number of the passage.
    Entered(PassageId),
    /// What became of the weighings.
    Weighed(Weighed),
    /// So many rows go again.
    Resent(usize),
    /// What retention removed.
    Removed(Removed),
}

/// Why nothing was done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refused {
    pub(crate) kind: RefusedKind,
    /// For a person.
    pub(crate) words: String,
}

/// What kind of no it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefusedKind {
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
            words: crate::exit::chain(&error),
        }
    }
}

impl Refused {
    pub(crate) fn invalid(words: impl Into<String>) -> Self {
        Self {
            kind: RefusedKind::Invalid,
            words: words.into(),
        }
    }

    pub(crate) fn failed(words: impl Into<String>) -> Self {
        Self {
            kind: RefusedKind::Failed,
            words: words.into(),
        }
    }
}

/// The folder of the socket, which only the service's own user may enter.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join(".control")
}

/// The socket.
pub(crate) fn socket(data: &Path) -> PathBuf {
    folder(data).join("socket")
}

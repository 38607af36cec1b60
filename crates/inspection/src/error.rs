//! Why something of an inspection was not done.

use std::io;

use records::TableError;
use words::{Key, Language, Said, chain};

/// Why something of an inspection was not done.
#[derive(Debug)]
pub enum Error {
    /// It can't be done as asked.
    Asked(Said),
    /// The ledger can't be read, or refused.
    Ledger(ledger::Error),
    /// What is kept of an inspection can't be understood.
    Kept {
        /// Its number.
        id: i64,
        /// Why.
        why: String,
    },
    /// The chain of then is not in the ledger any more.
    HeadGone(i64),
    /// A workbook can't be written.
    Table(TableError),
    /// A file can't be read or written.
    Io(io::Error),
    /// The pack can't be written.
    Zip(zip::result::ZipError),
    /// A day lies outside the calendar.
    Calendar(jiff::Error),
    /// Whoever may write refused it.
    Refused(Said),
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Ask differently.
    Asked,
    /// Something else holds by now.
    Conflict,
    /// It could not be done.
    Failed,
}

macro_rules! from {
    ($($of:ty => $variant:ident),+) => {
        $(impl From<$of> for Error {
            fn from(error: $of) -> Self {
                Self::$variant(error)
            }
        })+
    };
}

from!(ledger::Error => Ledger, TableError => Table, io::Error => Io, zip::result::ZipError => Zip,
    jiff::Error => Calendar);

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Io(error.into())
    }
}

impl Error {
    pub(crate) fn asked(said: impl Into<Said>) -> Self {
        Self::Asked(said.into())
    }

    /// Whose turn it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Asked(_) => ErrorKind::Asked,
            Self::Ledger(error) => match error.kind() {
                ledger::ErrorKind::Invalid => ErrorKind::Asked,
                ledger::ErrorKind::Conflict => ErrorKind::Conflict,
                _ => ErrorKind::Failed,
            },
            _ => ErrorKind::Failed,
        }
    }

    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::Asked(said) | Self::Refused(said) => said.clone(),
            Self::Ledger(error) => error.explained(),
            Self::Kept { id, why } => Said::with(Key::InspectUnreadable, "id", id).and("why", why),
            Self::HeadGone(id) => Said::with(Key::InspectHeadGone, "id", id),
            Self::Table(error) => {
                let texts = Language::ALL.map(|language| error.text(language));
                Said::in_each(move |language| {
                    texts[usize::from(language != Language::ALL[0])].clone()
                })
            }
            Self::Io(error) => Said::of_io(error),
            Self::Zip(error) => Said::other(chain(error)),
            Self::Calendar(error) => Said::other(chain(error)),
        }
    }
}

//! Why something could not be taken away.

use std::io;
use std::path::PathBuf;

use records::code::CodeTable;
use records::{NotATime, TableError};
use words::{Key, Language, Said, chain};

/// Why something could not be taken away.
#[derive(Debug)]
pub enum Error {
    /// A text is not a time.
    Time(NotATime),
    /// A text is not a code of its table.
    NotACode {
        /// What was written.
        text: String,
        /// What would be right.
        table: &'static CodeTable,
    },
    /// A text is none of a few codes.
    NotAllowed {
        /// What was written.
        text: String,
        /// What would be right.
        known: String,
    },
    /// The ledger can't be read, or not as asked.
    Ledger(ledger::Error),
    /// A day lies outside the calendar.
    Calendar(jiff::Error),
    /// A table can't be written.
    Table(TableError),
    /// Photos would fill the disk.
    TooManyPhotos {
        /// What they may come to.
        gib: u64,
    },
    /// A file can't be written.
    Io(io::Error),
    /// All of this happened with a file.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: Box<Error>,
    },
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was asked for can't be done as asked: ask differently.
    Asked,
    /// It could not be done.
    Failed,
}

impl From<ledger::Error> for Error {
    fn from(error: ledger::Error) -> Self {
        Self::Ledger(error)
    }
}

impl From<TableError> for Error {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<jiff::Error> for Error {
    fn from(error: jiff::Error) -> Self {
        Self::Calendar(error)
    }
}

impl From<NotATime> for Error {
    fn from(error: NotATime) -> Self {
        Self::Time(error)
    }
}

impl Error {
    /// Whose turn it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Time(_)
            | Self::NotACode { .. }
            | Self::NotAllowed { .. }
            | Self::TooManyPhotos { .. } => ErrorKind::Asked,
            Self::Ledger(error) if error.kind() == ledger::ErrorKind::Invalid => ErrorKind::Asked,
            _ => ErrorKind::Failed,
        }
    }

    /// For a person.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Time(error) => error.said().text(language),
            Self::NotACode { text, table } => {
                let allowed = table.choices(language);
                let why = Said::with(Key::FindingNotACode, "allowed", allowed);
                Said::about(text, why).text(language)
            }
            Self::NotAllowed { text, known } => {
                language.fill(Key::AskOneOf, &[("text", text), ("known", known)])
            }
            Self::Ledger(error) => error.explained().text(language),
            Self::Calendar(error) => chain(error),
            Self::Table(error) => error.text(language),
            Self::TooManyPhotos { gib } => language.fill(Key::AskFewerPhotos, &[("gib", gib)]),
            Self::Io(error) => Said::of_io(error).text(language),
            Self::File { path, error } => {
                let why = Said::other(error.text(language));
                Said::about(path.display(), why).text(language)
            }
        }
    }
}

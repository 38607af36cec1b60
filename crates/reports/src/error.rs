//! Why something could not be taken away.

use std::io;
use std::path::PathBuf;

use records::code::CodeTable;
use records::{NotATime, TableError};
use words::{Language, chain};

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
    /// A text is not what it should be; in its own words.
    NotAllowed(String),
    /// The ledger can't be read, or not as asked.
    Ledger(ledger::Error),
    /// A day lies outside the calendar.
    Calendar(jiff::Error),
    /// A table can't be written.
    Table(TableError),
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
            Self::Time(_) | Self::NotACode { .. } | Self::NotAllowed(_) => ErrorKind::Asked,
            Self::Ledger(error) if error.kind() == ledger::ErrorKind::Invalid => ErrorKind::Asked,
            _ => ErrorKind::Failed,
        }
    }

    /// For a person.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Time(error) => error.text(language),
            Self::NotACode { text, table } => format!("{text}: {}", table.choices(language)),
            Self::NotAllowed(words) => words.clone(),
            Self::Ledger(error) if self.kind() == ErrorKind::Asked => error.to_string(),
            Self::Ledger(error) => chain(error),
            Self::Calendar(error) => chain(error),
            Self::Table(error) => error.text(language),
            Self::Io(error) => error.to_string(),
            Self::File { path, error } => format!("{}: {}", path.display(), error.text(language)),
        }
    }
}

//! Why nothing came of it.

use config::LoadError;
use words::Said;

/// Why nothing came of it.
#[derive(Debug)]
pub enum Error {
    /// What was asked for cannot be done as asked.
    Asked(Said),
    /// The order was refused, or nobody could be told it.
    Order(orders::Error),
    /// The ledger could not be read.
    Ledger(ledger::Error),
    /// An answer could not be written as JSON.
    Json(serde_json::Error),
    /// There is no configuration to work by.
    Config(LoadError),
}

impl From<orders::Error> for Error {
    fn from(error: orders::Error) -> Self {
        Self::Order(error)
    }
}

impl From<ledger::Error> for Error {
    fn from(error: ledger::Error) -> Self {
        Self::Ledger(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<LoadError> for Error {
    fn from(error: LoadError) -> Self {
        Self::Config(error)
    }
}

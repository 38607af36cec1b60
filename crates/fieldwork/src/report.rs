//! What came of it.

use words::{Language, Said, chain};

/// What to print, and whether it was as it should be.
#[derive(Debug)]
pub struct Report {
    /// In their order.
    pub lines: Vec<String>,
    /// Nothing has to be mended.
    pub fine: bool,
}

impl Report {
    /// One line for programs.
    pub(crate) fn json(value: &serde_json::Value) -> Self {
        Self::lines(vec![value.to_string()])
    }

    pub(crate) fn lines(lines: Vec<String>) -> Self {
        Self { lines, fine: true }
    }

    /// In each of these languages, one after the other.
    pub(crate) fn told(lines: &[Said], languages: &[Language]) -> Self {
        let of = |&language: &Language| lines.iter().map(move |said| said.text(language));
        Self::lines(languages.iter().flat_map(of).collect())
    }
}

/// Why nothing came of it.
#[derive(Debug)]
pub enum Error {
    /// What was asked for cannot be done as asked.
    Asked(Said),
    /// It failed.
    Failed(Said),
    /// There is no configuration to work by.
    Config(config::LoadError),
}

impl Error {
    /// For a person.
    #[must_use]
    pub fn said(self) -> Said {
        match self {
            Self::Asked(said) | Self::Failed(said) => said,
            Self::Config(error) => Said::in_each(|language| error.text(language)),
        }
    }

    pub(crate) fn system(error: &dyn std::error::Error) -> Self {
        Self::Failed(Said::other(chain(error)))
    }
}

impl From<onvif::Error> for Error {
    fn from(error: onvif::Error) -> Self {
        match error.fault() {
            onvif::DeviceFault::Address(_) => Self::Asked(error.said()),
            _ => Self::Failed(error.said()),
        }
    }
}

impl From<vision::Error> for Error {
    fn from(error: vision::Error) -> Self {
        Self::Failed(error.said())
    }
}

impl From<survey::Error> for Error {
    fn from(error: survey::Error) -> Self {
        match error {
            survey::Error::Camera(error) => Self::Failed(error.said()),
            survey::Error::Vision(error) => error.into(),
        }
    }
}

impl From<config::LoadError> for Error {
    fn from(error: config::LoadError) -> Self {
        Self::Config(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(Said::of_io(&error))
    }
}

//! What a command ends with: 0 fine, 1 the job failed, 2 wrong usage or configuration.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use words::{Language, Said, chain};

use config::{LoadError, languages};

use crate::cli;

/// Why a command did not do its job.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The job failed.
    Job(Said),
    /// What was asked for cannot be done as asked.
    Usage(Said),
    /// There is no configuration to work by.
    Config(LoadError),
    /// It failed and everything about it has been printed.
    Told,
}

/// How a command ends.
pub(crate) type Outcome = Result<(), Failure>;

impl Failure {
    /// A failed job, told by the error and the errors behind it in their own words.
    pub(crate) fn job(error: &dyn std::error::Error) -> Self {
        Self::Job(Said::other(chain(error)))
    }

    /// Wrong usage or configuration.
    pub(crate) fn usage(why: impl Into<Said>) -> Self {
        Self::Usage(why.into())
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::Config(error)
    }
}

impl From<ledger::Error> for Failure {
    fn from(error: ledger::Error) -> Self {
        Self::Job(error.explained())
    }
}

impl From<orders::Error> for Failure {
    fn from(error: orders::Error) -> Self {
        let said = Said::in_each(|language| error.text(language));
        match error.kind() {
            orders::ErrorKind::Asked => Self::Usage(said),
            orders::ErrorKind::Failed => Self::Job(said),
        }
    }
}

impl From<reports::Error> for Failure {
    fn from(error: reports::Error) -> Self {
        let said = Said::in_each(|language| error.text(language));
        match error.kind() {
            reports::ErrorKind::Asked => Self::Usage(said),
            reports::ErrorKind::Failed => Self::Job(said),
        }
    }
}

impl From<vision::Error> for Failure {
    fn from(error: vision::Error) -> Self {
        Self::Job(error.said())
    }
}

/// What was typed can't be understood, or asks for help: told in Chinese where that is read, else by clap.
pub(crate) fn wrong_usage(error: &clap::Error, languages: &[Language]) -> ExitCode {
    let chinese = languages.contains(&Language::Zh);
    match cli::chinese::complaint(error).filter(|_| chinese) {
        Some(complaint) => note(&complaint),
        // Help that can't be printed has no reader.
        None => error.print().unwrap_or_default(),
    }
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// What came of work at a gate, printed.
pub(crate) fn reported(done: Result<fieldwork::Report, fieldwork::Error>) -> Outcome {
    let report = done.map_err(|error| match error {
        fieldwork::Error::Asked(said) => Failure::Usage(said),
        fieldwork::Error::Failed(said) => Failure::Job(said),
        fieldwork::Error::Config(error) => Failure::Config(error),
    })?;
    crate::print::print(&report.lines)?;
    report.fine.then_some(()).ok_or(Failure::Told)
}

/// What came of a guard's work, printed.
pub(crate) fn printed(done: Result<Vec<String>, guardwork::Error>) -> Outcome {
    let lines = done.map_err(|error| match error {
        guardwork::Error::Asked(said) => Failure::Usage(said),
        guardwork::Error::Order(error) => error.into(),
        guardwork::Error::Ledger(error) => error.into(),
        guardwork::Error::Json(error) => error.into(),
        guardwork::Error::Config(error) => error.into(),
    })?;
    crate::print::print(&lines)
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Job(Said::of_io(&error))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::job(&error)
    }
}

/// Tells a person something beside the command's output.
#[expect(clippy::print_stderr, reason = "output is for what reads it")]
pub(crate) fn note(text: &str) {
    eprintln!("menjin: {text}");
}

/// The exit code, after telling the person why.
#[expect(
    clippy::print_stderr,
    reason = "the one place where a command tells why it failed"
)]
pub(crate) fn code(outcome: Outcome, config: Option<&Path>) -> ExitCode {
    let (code, said) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Told) => return ExitCode::from(1),
        Err(Failure::Job(said)) => (1, said),
        Err(Failure::Usage(said)) => (2, said),
        Err(Failure::Config(error)) => (2, Said::in_each(|language| error.text(language))),
    };
    let languages = languages(config).into_iter();
    let mut lines: Vec<_> = languages.map(|language| said.text(language)).collect();
    lines.dedup();
    for line in lines {
        eprintln!("menjin: {line}");
    }
    ExitCode::from(code)
}

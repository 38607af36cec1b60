//! What a command ends with: 0 fine, 1 the job failed, 2 wrong usage or configuration.

use std::process::ExitCode;

use words::{Language, chain};

/// Why a command did not do its job.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The job failed; the text is for a person.
    Job(String),
    /// What was asked for cannot be done as asked.
    Usage(String),
    /// It failed and everything about it has been printed.
    Told,
}

/// How a command ends.
pub(crate) type Outcome = Result<(), Failure>;

impl Failure {
    /// A failed job, told by the error and the errors behind it.
    pub(crate) fn job(error: &dyn std::error::Error) -> Self {
        Self::Job(chain(error))
    }

    /// An order that was not done.
    pub(crate) fn order(error: &orders::Error, language: Language) -> Self {
        match error.kind() {
            orders::ErrorKind::Asked => Self::Usage(error.text(language)),
            orders::ErrorKind::Failed => Self::Job(error.text(language)),
        }
    }

    /// A report or table that could not be made.
    pub(crate) fn report(error: &reports::Error, language: Language) -> Self {
        match error.kind() {
            reports::ErrorKind::Asked => Self::Usage(error.text(language)),
            reports::ErrorKind::Failed => Self::Job(error.text(language)),
        }
    }

    /// Wrong usage or configuration.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
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
pub(crate) fn code(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Told) => ExitCode::from(1),
        Err(Failure::Job(text)) => {
            eprintln!("menjin: {text}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(text)) => {
            eprintln!("menjin: {text}");
            ExitCode::from(2)
        }
    }
}

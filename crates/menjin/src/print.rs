//! Lines on standard output.

use std::io::{ErrorKind, Write as _};

use crate::exit::{Failure, Outcome};

/// One line. A reader that has gone away has seen enough.
pub(crate) fn say(text: &str) -> Outcome {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Err(Failure::Told),
        other => Ok(other?),
    }
}

/// Several lines.
pub(crate) fn print(lines: &[String]) -> Outcome {
    lines.iter().try_for_each(|line| say(line))
}

/// How far something is, beside its result.
#[expect(clippy::print_stderr, reason = "progress goes beside the result")]
pub(crate) fn progress(text: &str) {
    eprintln!("{text}");
}

//! What shells and `man` know of the command line.

use std::io;
use std::path::Path;

use clap::CommandFactory as _;
use words::Said;

use crate::cli::{Cli, CompletionsArgs, ManArgs};
use crate::exit::{Failure, Outcome};

/// The program that this is; without a commit where the build did not know it.
pub(crate) const BUILD: status::Build = status::Build {
    version: env!("CARGO_PKG_VERSION"),
    commit: env!("MENJIN_BUILD_COMMIT"),
};

/// Completions on standard output.
pub(crate) fn completions(args: &CompletionsArgs) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "menjin", &mut script);
    Ok(io::Write::write_all(&mut io::stdout().lock(), &script)?)
}

/// A page for the program and one for each command.
pub(crate) fn man(args: &ManArgs) -> Outcome {
    let failed = |e: io::Error| Failure::Job(Said::about(args.to.display(), Said::of_io(&e)));
    std::fs::create_dir_all(&args.to).map_err(failed)?;
    clap_mangen::generate_to(Cli::command(), Path::new(&args.to)).map_err(failed)
}

//! `menjin config`: the configuration in force, without secrets.

use std::io::Write;

use crate::cli::ConfigArgs;
use crate::config;
use crate::exit::{Failure, Outcome};

pub(crate) fn main(args: &ConfigArgs) -> Outcome {
    let config = config::load(&args.config).map_err(|e| Failure::usage(e.to_string()))?;
    std::io::stdout()
        .lock()
        .write_all(config.effective().as_bytes())
        .map_err(|e| Failure::job(&e))
}

//! `menjin config`: the configuration in force, without secrets.

use std::io::Write;

use config::ConfigArgs;

use crate::exit::Outcome;

pub(crate) fn main(args: &ConfigArgs) -> Outcome {
    let config = config::load(&args.config)?;
    let mut out = std::io::stdout().lock();
    Ok(out.write_all(config.effective().as_bytes())?)
}

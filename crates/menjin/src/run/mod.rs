//! `menjin run`: the daemon.
//!
//! One thread for each lane looks at frames and never waits; what it decides goes to the lane's
//! passage writer, a second thread that makes the photos and hands the passage to the ledger. Uploads,
//! barrier and status pages run beside them on the async runtime.

mod daemon;
mod daily;
mod lanes;
mod reports;
mod scales;
mod seen;
mod service;
mod service_manager;
mod sinks;
mod terminal;
mod watchdog;
mod weighings;

use std::time::Duration;

use tracing_subscriber::EnvFilter;

use crate::cli::RunArgs;
use crate::config;
use crate::exit::{Failure, Outcome};

/// How long work on disks may go on after everything else has ended.
const LAST_PATIENCE: Duration = Duration::from_secs(5);

pub(crate) fn main(args: &RunArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    start_log();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Failure::job(&e))?;
    let outcome = runtime.block_on(daemon::run(config, args));
    // A share that does not answer must not keep the program from ending.
    runtime.shutdown_timeout(LAST_PATIENCE);
    outcome
}

/// Events go to standard error; `RUST_LOG` chooses which.
fn start_log() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,retina=warn,rumqttc=warn,hyper=warn,ort=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // A second start in one process (tests) keeps the first log.
    let _ = log.try_init();
}

//! `menjin run`: the daemon.
//!
//! One thread for each lane looks at frames and never waits; what it decides goes to the lane's
//! passage writer, a second thread that makes the photos and hands the passage to the ledger. Uploads,
//! barrier and status pages run beside them on the async runtime.

mod alarms;
mod clips;
mod console;
mod daemon;
mod daily;
mod lanes;
mod listeners;
mod reports;
mod scales;
mod seen;
mod signs;
mod sinks;
mod terminal;
mod video;

use std::time::Duration;

use service::Restart;

use crate::cli::RunArgs;

use crate::exit::Outcome;

/// How long work on disks may go on after everything else has ended.
const LAST_PATIENCE: Duration = Duration::from_secs(5);

pub(crate) fn main(args: &RunArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    status::start_log();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let restart = Restart::default();
    let outcome = runtime.block_on(daemon::run(config, args, &restart));
    // A share that does not answer must not keep the program from ending.
    runtime.shutdown_timeout(LAST_PATIENCE);
    if outcome.is_ok() && restart.is_asked() {
        return Err(restart.go().into());
    }
    outcome
}

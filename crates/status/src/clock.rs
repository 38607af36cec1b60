//! Whether this computer's clock may be believed.

use std::sync::Arc;
use std::time::Duration;

use crate::Status;

const CHECK_EVERY: Duration = Duration::from_secs(60);

/// Asks the operating system now and then whether its clock follows a time server, until aborted.
/// With `assume_trusted` it is taken to.
pub async fn watch_clock(status: Arc<Status>, assume_trusted: bool) {
    loop {
        let trusted = assume_trusted || synchronized().await;
        if status.set_clock_trusted(trusted) && !trusted {
            tracing::warn!("the clock no longer follows a time server; photos say so");
        }
        tokio::time::sleep(CHECK_EVERY).await;
    }
}

async fn synchronized() -> bool {
    if tokio::fs::metadata("/run/systemd/timesync/synchronized")
        .await
        .is_ok()
    {
        return true;
    }
    // Covers chrony and ntpd as well: systemd asks the kernel.
    let answer = tokio::process::Command::new("timedatectl")
        .args(["show", "--property=NTPSynchronized", "--value"])
        // It would tell our own service manager how it ended.
        .env_remove("NOTIFY_SOCKET")
        .kill_on_drop(true)
        .output();
    match tokio::time::timeout(Duration::from_secs(5), answer).await {
        Ok(Ok(output)) => output.stdout.starts_with(b"yes"),
        _ => false,
    }
}

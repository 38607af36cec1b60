//! Whether this computer's clock may be believed.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::process::Command;

use crate::Status;

const CHECK_EVERY: Duration = Duration::from_secs(60);
/// systemd-timesyncd touches this file whenever a time server has told it the time, and leaves it
/// there when no server answers any more.
const LAST_SUCCESS: &str = "/run/systemd/timesync/synchronized";
/// An older success proves nothing. By default the next one comes within 35 minutes, and a clock of
/// its own goes wrong by half a second in this time.
const PROVES_FOR: Duration = Duration::from_secs(3 * 3600);
/// A service that does not answer is as good as none.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the operating system now and then whether its clock follows a time server, until aborted.
/// With `assume_trusted` it is taken to.
pub async fn watch_clock(status: Arc<Status>, assume_trusted: bool) {
    let mut told = true;
    loop {
        let trusted = assume_trusted || follows(Path::new(LAST_SUCCESS), timedatectl()).await;
        status.set_clock_trusted(trusted);
        if told && !trusted {
            tracing::warn!(
                "the clock does not follow a time server; photos say so. Look at `timedatectl timesync-status`"
            );
        }
        told = trusted;
        tokio::time::sleep(CHECK_EVERY).await;
    }
}

/// A young success is enough. Without one the kernel is asked: it knows of chrony and ntpd too, and
/// gives up by itself nine hours after anybody has last set it right (`maxerror`, adjtimex(2)).
async fn follows(last_success: &Path, mut asked: Command) -> bool {
    let changed = tokio::fs::metadata(last_success)
        .await
        .and_then(|file| file.modified());
    if changed.is_ok_and(|at| is_young(at, SystemTime::now())) {
        return true;
    }
    match tokio::time::timeout(PATIENCE, asked.output()).await {
        Ok(Ok(output)) => output.stdout.starts_with(b"yes"),
        _ => false,
    }
}

/// A success in the future was on a clock that has been set back since.
fn is_young(success: SystemTime, now: SystemTime) -> bool {
    now.duration_since(success)
        .is_ok_and(|age| age <= PROVES_FOR)
}

fn timedatectl() -> Command {
    let mut asked = Command::new("timedatectl");
    asked
        .args(["show", "--property=NTPSynchronized", "--value"])
        // It would tell our own service manager how it ended.
        .env_remove("NOTIFY_SOCKET")
        .kill_on_drop(true);
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(word: &str) -> Command {
        let mut says = Command::new("echo");
        says.arg(word);
        says
    }

    const HOUR: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn a_success_of_weeks_ago_is_no_trust_and_the_kernel_is_asked() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("synchronized");
        let file = std::fs::File::create(&path).expect("a file");
        let now = SystemTime::now();
        for (touched, is_followed) in [
            (now - HOUR, true),
            (now - 4 * HOUR, false),
            (now - 21 * 24 * HOUR, false),
            (now + HOUR, false),
        ] {
            file.set_modified(touched).expect("set");
            assert_eq!(follows(&path, says("no")).await, is_followed, "{touched:?}");
            assert!(follows(&path, says("yes")).await, "the kernel knows better");
        }
    }

    #[tokio::test]
    async fn without_a_success_the_kernel_is_believed_and_nobody_else() {
        let nowhere = Path::new("/nowhere/synchronized");
        assert!(follows(nowhere, says("yes")).await);
        assert!(!follows(nowhere, says("no")).await);
        assert!(!follows(nowhere, Command::new("/nowhere/timedatectl")).await);
    }
}

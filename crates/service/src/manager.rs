//! What the service manager is told and asks for (systemd, `Type=notify` and `WatchdogSec`). Without
//! one, as in a terminal, nobody is told.

use std::time::Duration;

use sd_notify::NotifyState;

/// The daemon works.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// The daemon is ending.
pub fn stopping() {
    tell(NotifyState::Stopping);
}

/// All that must move moves.
pub fn alive() {
    tell(NotifyState::Watchdog);
}

/// Within this time the service manager wants to be told that the daemon is alive, if it does.
#[must_use]
pub fn watchdog_interval() -> Option<Duration> {
    sd_notify::watchdog_enabled().filter(|interval| !interval.is_zero())
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager could not be told");
    }
}

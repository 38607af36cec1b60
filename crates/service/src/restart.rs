//! A daemon that begins anew as the same process, because a person asked for it: with what stands in its
//! configuration by now.

use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::Arc;

use tokio::sync::watch;

/// Asks for a restart, and tells whether somebody did. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Restart(Arc<watch::Sender<bool>>);

impl Restart {
    /// Asks for it: the daemon ends as it would for a signal, and begins anew.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody did.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody does.
    pub async fn asked(&self) {
        let mut asked = self.0.subscribe();
        // The sender is held here.
        let _ = asked.wait_for(|asked| *asked).await;
    }

    /// Replaces this process by what it was started as. The service manager sees the same process go on, so it
    /// must not have been told that it is stopping.
    ///
    /// # Errors
    /// When the program is no longer there; otherwise this does not return.
    #[must_use]
    pub fn go(&self) -> std::io::Error {
        let mut words = std::env::args_os();
        let name = words.next().unwrap_or_default();
        // The same file, unless an upgrade has put another in its place: then that one.
        let program = std::env::current_exe().ok().filter(|path| path.exists());
        let mut command = Command::new(program.unwrap_or_else(|| name.clone().into()));
        command.arg0(name).args(words).exec()
    }
}

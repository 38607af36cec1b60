//! `[console]`: where the console is served, and how long a session may rest.

use std::net::SocketAddr;
use std::time::Duration;

use settings::{Printer, Section};
use words::Key;

use crate::screens::ScreenSettings;
use crate::tls::Certificate;

/// A session that nobody uses for longer than this is over anywhere.
const LONGEST_IDLE: Duration = Duration::from_secs(24 * 3600);

/// Where the console is served, and to whom how long.
#[derive(Debug, Clone)]
pub struct ConsoleSettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Without one it is served without encryption.
    pub certificate: Option<Certificate>,
    /// A session ends when nobody has used it for so long.
    pub idle: Duration,
    /// The same for guards, who watch more than they type.
    pub guard_idle: Duration,
    /// What screens at the gate show to anybody.
    pub screens: ScreenSettings,
}

impl Default for ConsoleSettings {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 8080).into(),
            certificate: None,
            idle: Duration::from_secs(30 * 60),
            // A shift: whoever watches the gate must not find a log-in when a truck waits.
            guard_idle: Duration::from_secs(12 * 3600),
            screens: ScreenSettings::default(),
        }
    }
}

impl ConsoleSettings {
    /// Reads `[console]`. What is said over HTTP can be read by all who share the line, so without a
    /// certificate it is served to this computer only.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let default = Self::default();
        let listen = section.parsed("listen", Key::MistakeNotAnAddress);
        let listen: SocketAddr = listen.unwrap_or(default.listen);
        let certificate = Certificate::read(section);
        // A wrong one is a mistake already.
        let encrypted = section.has("certificate") || section.has("key_file");
        if !encrypted && !listen.ip().is_loopback() {
            section.problem("listen", Key::MistakeConsoleOpen);
        }
        Self {
            listen,
            certificate,
            idle: section.length_up_to("idle", default.idle, LONGEST_IDLE),
            guard_idle: section.length_up_to("guard_idle", default.guard_idle, LONGEST_IDLE),
            screens: section.table("screens", ScreenSettings::read),
        }
    }

    /// Shows what [`ConsoleSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("listen", self.listen.to_string());
        if let Some(certificate) = &self.certificate {
            certificate.show(printer);
        }
        printer.length("idle", self.idle);
        printer.length("guard_idle", self.guard_idle);
        printer.table("screens", |p| self.screens.show(p));
    }
}

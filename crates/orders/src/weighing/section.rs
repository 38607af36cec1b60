//! `[weighbridge]`: where the weighing software hands over its records, read and shown.

use std::time::Duration;

use jiff::tz::TimeZone;
use secret::Secret;
use settings::{Printer, Section};
use words::{Key, Said};

use super::Intake;

/// Shorter tokens can be guessed by whoever sits in the same network.
const TOKEN_CHARS: usize = 16;
const LONGEST_WINDOW: Duration = Duration::from_secs(24 * 3600);
const KEYS: [&str; 5] = ["listen", "token_file", "token_env", "source", "window"];

impl Intake {
    /// Whether any of its keys is written there.
    #[must_use]
    pub fn is_set(section: &Section) -> bool {
        KEYS.iter().any(|key| section.has(key))
    }

    /// Reads `[weighbridge]` for a site whose clock stands at `zone`.
    #[must_use]
    pub fn read(section: &Section, zone: &TimeZone) -> Option<Self> {
        let given = section.required("listen", "127.0.0.1:9181");
        let listen = given.parse().ok();
        if listen.is_none() && !given.is_empty() {
            section.problem("listen", Key::MistakeAddressPort);
        }
        let token = section.secret("token");
        let long_enough = |token: &Secret| token.expose().trim().chars().count() >= TOKEN_CHARS;
        if !token.as_ref().is_some_and(long_enough) {
            let said = Said::with(Key::MistakeToken, "least", TOKEN_CHARS);
            section.problem("token_file", said);
        }
        let source = section.text_or("source", "weighbridge");
        if source.trim().is_empty() {
            section.problem("source", Key::MistakeEmpty);
        }
        let window = section.length_up_to("window", Duration::from_secs(3600), LONGEST_WINDOW);
        Some(Self {
            listen: listen?,
            token: token?,
            source,
            window,
            zone: zone.clone(),
        })
    }

    /// Shows what [`Intake::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("listen", self.listen.to_string());
        printer.secret("token", &self.token);
        printer.value("source", self.source.as_str());
        printer.length("window", self.window);
    }
}

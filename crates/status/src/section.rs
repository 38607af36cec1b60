//! `[status]`, read and shown.

use std::net::SocketAddr;

use secret::Secret;
use settings::{Printer, Section};
use words::{Key, Said};

/// Shorter tokens can be guessed by whoever sits in the same network.
const TOKEN_CHARS: usize = 16;

/// Where `/healthz` and `/metrics` are served, and what has to be shown there.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusPages {
    /// Loopback, unless there is a token.
    pub address: SocketAddr,
    /// Shown as `Authorization: Bearer …`; none where everybody on this computer may look.
    pub token: Option<Secret>,
}

impl StatusPages {
    /// Reads `[status]`.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let default = SocketAddr::from(([127, 0, 0, 1], 9180));
        let address = section.parsed("listen", Key::MistakeNotAnAddress);
        let address: SocketAddr = address.unwrap_or(default);
        let token = section.secret("token");
        let is_short = |token: &Secret| token.expose().trim().chars().count() < TOKEN_CHARS;
        if token.as_ref().is_some_and(is_short) {
            let said = Said::with(Key::MistakeToken, "least", TOKEN_CHARS);
            section.problem("token_file", said);
        }
        let is_told = section.has("token_file") || section.has("token_env");
        if !address.ip().is_loopback() && !is_told {
            section.problem("listen", Key::MistakeNotLoopback);
        }
        Self { address, token }
    }

    /// Shows what is read.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("listen", self.address.to_string());
        if let Some(token) = &self.token {
            printer.secret("token", token);
        }
    }
}

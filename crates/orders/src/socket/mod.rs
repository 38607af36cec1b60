//! From a command to whoever may write.
//!
//! The daemon has the ledger's one writer, so an order goes to it through a socket in the data
//! folder, one JSON object a line, and one back; when no daemon runs, the command opens the ledger
//! itself. Both ways end in [`crate::perform`].

mod client;
mod door;
mod server;

use std::path::{Path, PathBuf};

pub(crate) use client::asked;
pub use client::submit;
pub use server::serve;

/// Longest line either side takes.
const LINE_BYTES: usize = 64 << 20;

/// The folder of the socket, which only the service's own user may enter.
fn folder(data: &Path) -> PathBuf {
    data.join(".control")
}

/// The socket.
fn socket(data: &Path) -> PathBuf {
    folder(data).join("socket")
}

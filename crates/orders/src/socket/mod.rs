//! From a command to whoever may write.
//!
//! The daemon has the ledger's one writer, so an order goes to it over HTTP through a socket in the data
//! folder, as `POST /orders`: [`crate::Order`] in JSON, and back comes [`crate::Done`] with status 200, or
//! [`crate::Refused`] with 422. When no daemon runs, the command opens the ledger itself. Both ways end in
//! [`crate::perform`], and so do those of the console.

mod client;
mod door;
mod server;

use std::path::{Path, PathBuf};

pub(crate) use client::asked;
pub use client::submit;
pub use server::serve;

/// Longest body either side takes.
const BODY_BYTES: usize = 64 << 20;
/// Where orders go.
const PATH: &str = "/orders";

/// The folder of the socket, which only the service's own user may enter.
fn folder(data: &Path) -> PathBuf {
    data.join(".control")
}

/// The socket.
fn socket(data: &Path) -> PathBuf {
    folder(data).join("socket")
}

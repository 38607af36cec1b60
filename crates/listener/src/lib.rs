//! HTTP listeners that nobody on the network can use up.
//!
//! Whatever the daemon serves over HTTP is bound and served here, so that each listener has the
//! same limits: time for the head and the body of a request, bytes of both, connections in all
//! and of one address, and the files that they may hold open. [`OpenFiles`] divides what the
//! process may open and keeps back what evidence needs; [`Listener`] keeps to its part.
//!
//! A connection counts as waiting until a whole request has come. When a listener is full, whoever
//! waits longest makes room for who comes new, first among those of an address that has too many:
//! ten thousand half requests keep nobody out who sends a whole one. Requests that are being
//! answered are never cut off for others.
//!
//! It knows no page, no token and no configuration.

mod body;
mod connections;
mod files;
mod server;

pub use body::{BodyProblem, whole};
pub use files::{Division, KeptBack, OpenFiles};
pub use server::{Listener, Peer};

//! The console's API over real HTTP on loopback, with a real ledger.
#![allow(clippy::unwrap_used)]

mod events;
mod hostile;
mod openapi;
mod passages;
mod roles;
mod session;
mod support;
mod take_away;
mod tls;

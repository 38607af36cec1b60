//! A ledger is frozen and drawn from, and the pack proves itself elsewhere.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod hostile;
mod pack;
mod plant;
mod sample;

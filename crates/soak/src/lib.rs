//! Trials of what a ledger promises when it is full. The long ones, with kills and outages, are the
//! program beside this library.

mod bench;
mod query;

pub use bench::{BenchError, LedgerBench};
pub use query::{Measured, measure};

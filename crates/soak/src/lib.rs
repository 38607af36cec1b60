//! Trials of what a ledger promises when it is full. The long ones, with kills and outages, are the
//! program beside this library.

mod query;

pub use query::{Measured, measure};

//! A ledger of the size it has after two years, filled in minutes, and the combined query measured
//! on it. Photos have rows and no files.

mod fill;
mod measure;

pub use fill::{Trial, fill};
pub use measure::{Measured, measure};

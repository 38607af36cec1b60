//! When to try again what did not answer: [`Backoff`] says how long the pauses are, [`Retry`]
//! counts failures in a row.

mod backoff;

pub use backoff::{Backoff, Retry};

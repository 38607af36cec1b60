//! Recorded video read again with the eyes of the lane, and compared with the ledger: what is in the video and not in the
//! ledger, in the ledger and not in the video, read differently; and where video is missing that nobody accounts for.
//!
//! Whoever deletes a row leaves its vehicle in the video; whoever cuts the video leaves a hole that no gap explains.
//!
//! It reads files and is handed the rest: it knows no configuration, no ledger and no command.

mod compare;
mod error;
mod eyes;
mod findings;
mod holes;
mod page;
mod pictures;
mod seams;
mod stretch;
#[cfg(test)]
mod tests;
mod told;

pub use compare::{Compared, Judgement};
pub use error::Error;
pub use eyes::{Eyes, ShownVehicle, Told, UnreadableVideo};
pub use findings::{Asked, Recount};
pub use holes::Hole;
pub use page::page;

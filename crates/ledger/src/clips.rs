//! Clips: which are wanted, by the ledger's own rows; what became of each; and which have had their time.

mod events;
mod read;
mod want;
mod write;

pub use read::{ClipFilter, KeptClips};

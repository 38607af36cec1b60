//! Changes by people: registers, corrections, paper, weighings.
//!
//! The daemon has the ledger's one writer, so such a change goes to it as an [`Order`] through a
//! socket in the data folder; when no daemon runs, the command opens the ledger itself. Both ways end
//! in [`perform::perform`].

mod client;
mod perform;
mod render;
mod server;
mod wire;

pub(crate) use client::submit;
pub(crate) use server::serve;
pub(crate) use wire::{Done, FileWire, Order, PaperWire, RevisionWire};

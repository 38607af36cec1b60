//! What people do beside the gate: registers, corrections, paper, weighings, sending again, and a
//! round of retention.
//!
//! Whoever asks for something (a command, later the console) builds an [`Order`] with the rules
//! here, and [`perform`] does it, durable on return. The daemon has the ledger's one writer, so a
//! command sends its order there through a socket in the data folder ([`submit`], [`serve`]); when
//! no daemon runs, it opens the ledger itself.
//!
//! It knows no command line and no configuration file: a [`Site`], the registers' rules, readers
//! and writers are handed to it. Errors carry what they are about and are made text by whoever
//! knows the reader's language ([`Error::text`]).

mod backfill;
mod cargo;
mod correction;
mod error;
mod order;
mod paper;
mod perform;
pub mod register;
mod render;
mod site;
mod socket;
pub mod weighing;

pub use cargo::CargoSaid;
pub use correction::{Corrections, before_and_after, coded, passage, plate};
pub use error::{Error, ErrorKind};
pub use order::{Attachment, Done, Order, RecordChange, Refused, RefusedKind};
pub use paper::PaperSaid;
pub use perform::{Job, Writes, perform};
pub use site::Site;
pub use socket::{serve, submit};

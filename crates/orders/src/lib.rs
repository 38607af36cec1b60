//! What people do beside the gate: registers, corrections, paper, weighings, notes, visits, hand-overs,
//! sending again, and a round of retention.
//!
//! Whoever asks for something (a command, later the console) builds an [`Order`] with the rules
//! here, and [`perform`] does it, durable on return. The daemon has the ledger's one writer, so a
//! command sends its order there through a socket in the data folder ([`submit`], [`serve`]); when
//! no daemon runs, it opens the ledger itself.
//!
//! It knows no command line and no configuration file: a [`Site`], the registers' rules, readers
//! and writers are handed to it. Errors carry what they are about and are made text by whoever
//! knows the reader's language ([`Error::text`]).

mod alarms;
mod arm;
mod attachment;
mod backfill;
mod cargo;
mod correction;
mod error;
mod handover;
mod hold;
mod inspect;
mod lift;
mod order;
mod paper;
mod perform;
pub mod register;
mod remark;
mod render;
pub mod rules;
mod rules_said;
mod said;
mod site;
mod socket;
mod visit;
pub mod weighing;

pub use attachment::Attachment;
pub use cargo::CargoSaid;
pub use correction::{Corrections, before_and_after, coded, passage, plate};
pub use error::{Error, ErrorKind};
pub use handover::HandoverSaid;
pub use hold::arm_states;
pub use order::{Done, Order, RecordChange, Refused, RefusedKind};
pub use paper::PaperSaid;
pub use perform::{Job, Writes, perform};
pub use remark::RemarkSaid;
pub use rules_said::{StrategySaid, VisitorSaid};
pub use site::Site;
pub use socket::{serve, submit};
pub use visit::exits_for;

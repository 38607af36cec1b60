//! What whoever doubts asks for on a command line: the ledger verified, a pack verified, an inspection, recorded
//! video, and whether that shows what the ledger says.
//!
//! Each piece of work gives a [`Report`] of lines to print. Who may write is handed to it.

mod clip_proof;
mod clips;
mod findings;
mod inspect;
mod recount;
mod verify;
mod video;
mod video_proof;

pub use fieldwork::{Error, Report};
pub use inspect::{InspectArgs, inspect};
pub use recount::{RecountArgs, recount};
pub use verify::{VerifyArgs, verify};
pub use video::{VideoArgs, VideoKind, video};

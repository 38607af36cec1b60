//! Looks at how all is and at what passages became, and raises and clears alarms.
//!
//! Once a second it gathers every cause that there is ([`causes_of`] of the daemon's status, lists that
//! are too old, vehicles that stay too long) and lets an [`alarm::Board`] make alarms of them. What happens
//! once, such as a denied vehicle that passed, it reads from the ledger's chain, from the place on where it
//! stopped: a restart misses nothing and raises nothing twice.
//!
//! It knows nobody who is told: alarms are in the ledger, and whoever tells of them follows it. It knows no
//! configuration but its own section.

mod causes;
mod clock;
mod lifts;
mod passages;
mod section;
mod slow;
mod unwatched;
mod watch;

pub use causes::causes_of;
pub use section::{AlarmSettings, StayRule};
pub use unwatched::keep_watched;
pub use watch::{SentryParts, keep_watch};

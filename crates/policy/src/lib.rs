//! May it pass?
//!
//! A [`Rulebook`] decides from a plate, its colour and the lists at hand. It is built once, when
//! lists change, and shared by all lanes. [`over_limit_now`] makes a list of what a platform said
//! about vehicles over time.
//!
//! # Rules, first match wins
//!
//! 1. No plate: the default for unread plates ([`RulebookSettings::unread`]).
//! 2. A plate that was not accepted as surely read: the same default, and the guard is told which
//!    listed plates it resembles. **Nothing uncertain is looked up as if it were sure.**
//! 3. An emergency plate (应急), or an allow entry marked `emergency` (ambulances, which carry
//!    ordinary plates): it passes, whatever a list says.
//! 4. On the deny list, valid now, same colour: it does not pass.
//! 5. On the deny list with a colour, but the colour was not read: the guard decides.
//! 6. On the allow list, valid now, same colour: it passes.
//! 7. On the allow list with a colour, but the colour was not read: the guard decides, unless any
//!    read plate may pass anyway.
//! 8. On the allow list but not valid now: the default for read plates, and the reason says so.
//! 9. The default for read plates ([`RulebookSettings::read`]).
//!
//! The same number with another colour is another vehicle: it matches no entry that has a colour.
//! A plate that differs from a listed one by one character never opens anything; it is reported
//! in [`passage::Grounds::look_alikes`] so that the guard can compare.
//!
//! Lists that come from elsewhere carry their age. They are used however old they are, and every
//! decision says how old that is.
//!
//! # Deliberately absent
//!
//! Clock, disk and network: whoever asks brings the time and the lists. What is done about a
//! decision: see `gate`.

mod entry;
mod explain;
mod list;
mod over_limit;
mod rulebook;
mod section;

pub use entry::{Entry, EntryError};
pub use explain::explain;
pub use list::{Age, List};
pub use over_limit::{OVER_LIMIT, OverLimitNotice, over_limit_now};
pub use rulebook::{Rulebook, RulebookProblem, RulebookSettings, SeenVehicle};

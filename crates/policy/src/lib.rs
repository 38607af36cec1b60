//! May it pass?
//!
//! A [`Rulebook`] decides from a plate, its colour and the lists at hand. It is built once, when
//! lists change, and shared by all lanes. [`over_limit_now`] makes a list of what a platform said
//! about vehicles over time.
//!
//! # Rules, first match wins
//!
//! 1. No plate: the default for unread plates ([`Defaults::unread`]).
//! 2. A plate that was not accepted as surely read: the same default, and the guard is told which
//!    listed plates it resembles. **Nothing uncertain is looked up as if it were sure.**
//! 3. An emergency or police plate (应急, 警, WJ), a vehicle that the register knows as police, fire or
//!    ambulance, or an allow entry marked `emergency` (such vehicles with ordinary plates): it
//!    passes, whatever a list or a strategy says.
//! 4. On the deny list, valid now, same colour: it does not pass. Lists of vehicles over the limit are
//!    deny lists.
//! 5. Registered with a VIN that is on a deny list: it does not pass, whatever its plate is now.
//! 6. On the deny list with a colour, but the colour was not read: the guard decides.
//! 7. Bound by a control strategy ([`Strategy`]) that a person has confirmed and that holds now: it
//!    does not pass, or the guard decides, as the strategy says. Where it can't be told whether it is
//!    bound, because the register does not know: [`Defaults::unclear`]. What forbids goes before what
//!    asks. Vehicles on an allow list are spared only by strategies that say so.
//! 8. A visitor ([`Visitor`]) in its time, in its colour: it passes, so many times a day; then the
//!    guard decides.
//! 9. On the allow list, valid now, same colour: it passes.
//! 10. On the allow list with a colour, but the colour was not read: the guard decides, unless any
//!     read plate may pass anyway.
//! 11. On the allow list but not valid now: the default for read plates, and the reason says so.
//! 12. The default for read plates ([`Defaults::read`]), where that is not to pass.
//! 13. A list from elsewhere is out of date: [`Defaults::stale`]; to pass, unless the site or the lane
//!     wants otherwise.
//! 14. Not registered: [`Defaults::unregistered`]; otherwise it passes.
//!
//! The same number with another colour is another vehicle: it matches no entry that has a colour.
//! A plate that differs from a listed one by one character never opens anything; it is reported
//! in [`passage::Grounds::look_alikes`] so that the guard can compare.
//!
//! Defaults are those of the lane where it has its own ([`LaneDefaults`]). A strategy is what a person
//! made of a platform's words and confirmed: no text of a platform gets here.
//!
//! Lists that come from elsewhere carry their age. They are used however old they are, and every
//! decision says how old that is.
//!
//! # Deliberately absent
//!
//! Clock, disk and network: whoever asks brings the time and the lists. What is done about a
//! decision: see `gate`.

mod binds;
mod describe;
mod entry;
mod explain;
mod judge;
mod list;
mod over_limit;
mod rulebook;
mod section;
mod site;
mod strategy;
mod strategy_file;
mod templates;
mod vehicles;
mod visitor;

pub use describe::describe;
pub use entry::{Entry, EntryError};
pub use explain::{explain, facts_text, in_short};
pub use list::{Age, List};
pub use over_limit::{OVER_LIMIT, OverLimitNotice, over_limit_now};
pub use rulebook::{InForce, Rulebook, SeenVehicle};
pub use site::{Defaults, LaneDefaults, RulebookProblem, RulebookSettings};
pub use strategy::{Action, Ban, ResponseLevel, Strategy, Warning};
pub use strategy_file::STRATEGY_BYTES;
pub use templates::Template;
pub use vehicles::{Vehicles, facts_of};
pub use visitor::Visitor;

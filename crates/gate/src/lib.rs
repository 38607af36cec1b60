//! May it pass? and the drivers that act.
//!
//! [`Policy`] decides from a plate, its colour and the lists at hand; [`Desk`] hands the decision
//! to a [`Barrier`] without making anybody wait.
//!
//! # Rules, first match wins
//!
//! 1. No plate: the default for unread plates ([`Settings::unread`]).
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
//! 9. The default for read plates ([`Settings::read`]).
//!
//! The same number with another colour is another vehicle: it matches no entry that has a colour.
//! A plate that differs from a listed one by one character never opens anything; it is reported
//! in [`Decision::similar`] so that the guard can compare.
//!
//! Lists that come from elsewhere carry their age. They are used however old they are, and every
//! decision says how old that is.
//!
//! # Fail safe
//!
//! The only order ever sent to a barrier is *raise*. Lowering belongs to the barrier's own
//! controller with its loop or radar; no deny, no manual state, no error and no shutdown lowers an
//! arm on a vehicle. A barrier that cannot be raised becomes an [`Alarm`] for the guard, who lifts
//! by hand. An order too old to belong to the vehicle at the barrier is dropped, not carried out.
//!
//! It knows nothing of the ledger and serves no pages. A display or voice at the entrance will be
//! a further driver beside [`Barrier`], fed by the same [`Decision`].

mod barrier;
mod decision;
mod desk;
mod entry;
mod list;
mod policy;
mod relay;
mod template;

pub use barrier::{Action, Actuation, Alarm, AlarmKind, Barrier, DryRun, Lift};
pub use decision::{Decision, ListAge, Reason, Similar, Verdict};
pub use desk::{Desk, Limits, Report};
pub use entry::{Entry, EntryError};
pub use list::{Age, List, ListKind};
pub use policy::{Policy, Seen, Settings, SettingsError};
pub use relay::{HttpRelay, Method, RelaySettings, RelaySettingsError};
pub use secret::Secret;

//! The rules in force: the site's own with what the ledger holds of platforms' lists, of strategies and
//! visitors that people have put in force, and of the vehicle register.
//!
//! [`follow`] keeps them up to date and hands them to all lanes as one [`GateRules`]; [`read`] reads them
//! once, for a question; [`replay`] asks what they would have decided of passages that are over.
//!
//! Only lists of vehicles get here of what platforms send down. A control strategy's text is kept word
//! for word and is for people: what acts is the rule that a person has made of it and confirmed.
//!
//! It only reads the ledger, and knows no configuration file and no lane.

mod follow;
mod held;
mod lists;
mod replay;
mod today;

pub use follow::{GateRules, follow};
pub use held::read;
pub use lists::Listing;
pub use replay::{Changed, Replay, replay, trial};
pub use today::Today;

//! What a daemon is made of: [`Service`]s, started one after the other and stopped in reverse by
//! [`Services`], begun anew by [`Restart`], and the service manager that is told how it goes ([`manager`],
//! [`dead_part`]).
//!
//! It knows nothing of what any service does.

pub mod manager;
mod restart;
mod services;
mod watchdog;

pub use restart::Restart;
pub use services::{Service, Services, Stopping};
pub use watchdog::dead_part;

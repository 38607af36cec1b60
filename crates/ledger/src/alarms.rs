//! Alarms: raised once, and what became of them.

mod news;
pub(crate) mod read;
mod write;

pub use news::AlarmNews;
pub use read::AlarmFilter;

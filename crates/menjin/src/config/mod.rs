//! The configuration: the list of rooms, what belongs to the site as a whole, and how all of it is
//! read and shown. What a room is set with, the room itself reads and shows.
//!
//! `config/menjin.toml` is the reference; a test reads it and compares it with the defaults.

mod load;
mod rooms;
mod site;
mod weighbridge;

pub(crate) use load::{LoadError, languages, load};
pub(crate) use rooms::Config;

#[cfg(test)]
mod tests;

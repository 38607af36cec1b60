//! A site's configuration: the list of rooms, what belongs to the site as a whole, and how all of it
//! is read and shown. What a room is set with, the room itself reads and shows.
//!
//! `config/menjin.toml` is the reference; a test reads it and compares it with the defaults.

mod asked;
mod installed;
mod load;
mod rooms;
mod site;
mod site_file;
mod sketch;
mod weighbridge;

pub use asked::{ConfigArgs, OrderTaker};
pub use installed::{usual_file, usual_models};
pub use load::{LoadError, languages, load};
pub use rooms::Config;
pub use site::SiteIdentity;
pub use site_file::{SiteFile, SiteFileError};
pub use sketch::LaneSketch;

#[cfg(test)]
mod tests;

//! Sections of a configuration file.
//!
//! A [`Document`] is parsed once. Each room reads its own [`Section`] key by key; a mistake does not
//! stop the reading, it is noted as a [`Problem`] with its line, so that a person hears of all of them
//! at once. Keys that nobody asked for are mistakes too. What was read a room shows through a
//! [`Printer`], as text that loads again to the same settings.
//!
//! ```
//! # use std::path::Path;
//! # use std::time::Duration;
//! use settings::{Document, Printer, Section};
//!
//! struct Pause(Duration);
//!
//! impl Pause {
//!     fn read(section: &Section) -> Self {
//!         Self(section.length("longest", Duration::from_secs(60)))
//!     }
//!
//!     fn show(&self, printer: &mut Printer) {
//!         printer.length("longest", self.0);
//!     }
//! }
//!
//! let document = Document::parse("[pause]\nlongest = \"1m 30s\"\n").expect("valid TOML");
//! let pause = document
//!     .read(Path::new("/etc/menjin"), |root| root.table("pause", Pause::read))
//!     .expect("without mistakes");
//! let mut printer = Printer::default();
//! printer.table("pause", |printer| pause.show(printer));
//! assert_eq!(printer.into_text(), "[pause]\nlongest = \"1m 30s\"\n");
//! ```
//!
//! It knows no room's keys, and opens no file but those that hold secrets, and those that it is asked for.

mod address;
mod document;
mod length;
mod printer;
mod problem;
mod secrets;
mod section;
mod syntax;
mod text_file;
mod values;

pub use address::shown_address;
pub use document::Document;
pub use length::{LengthError, parse_length, serde_length, show_length};
pub use printer::Printer;
pub use problem::Problem;
pub use secrets::secret_of;
pub use section::Section;
pub use text_file::text_file;

//! What a Chinese plate is.
//!
//! Classes and colours ([`Symbol`], [`Color`], [`Layout`]), the forms a plate number can take
//! ([`Form`]), a number as somebody wrote it ([`PlateNumber`]), what a reader believes about one
//! picture of a plate ([`Evidence`]), the most probable plate under the grammar ([`PlateRead`]) and
//! the vote over many pictures ([`Vote`]).
//!
//! It does no I/O and sees no pixels. Rules: GA 36-2018 for civil plates; military, armed police,
//! emergency, diplomatic, farm and aviation forms as seen on the road.

mod alike;
mod alphabet;
mod color;
mod decode;
mod evidence;
mod grammar;
mod number;
mod runs;
mod vote;

pub use alike::{folded, is_reader_mistake};
pub use alphabet::{CLASSES, SLOTS, Symbol, province_of};
pub use color::{Color, Layout, UnknownName};
pub use decode::{Alternative, CharRead, PlateRead};
pub use evidence::{Evidence, EvidenceError};
pub use grammar::{Form, is_valid};
pub use number::{PlateNumber, PlateProblem};
pub use vote::Vote;

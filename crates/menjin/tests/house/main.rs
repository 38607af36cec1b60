//! Habits of this house that no compiler holds, checked in the sources of every crate.

mod figures;
mod listeners;
mod names;
mod sources;
mod tables;
mod texts;

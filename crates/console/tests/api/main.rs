//! The console's API over real HTTP on loopback, with a real ledger.
#![allow(clippy::unwrap_used)]

mod alarms;
mod clips;
mod events;
mod handovers;
mod hostile;
mod inspections;
mod openapi;
mod passages;
mod programs;
mod registers;
mod roles;
mod rules;
mod screens;
mod session;
mod support;
mod take_away;
mod tls;
mod vehicles;
mod visits;

//! The gate in a browser: what guards, managers and inspectors see and do.
//!
//! One folder for each kind of thing that is asked for: `passages`, `vehicles`, `lanes`, `figures`,
//! `cameras`, `records`, `rules`, `handovers`, `people` and `session`; `events` tells an open page what happens, `pages` is the
//! web app itself, `screens` what anybody may see at the gate. Who may do what stands in one table (`routes`). The API describes itself: types and
//! handlers are the source of `openapi.json`.
//!
//! It calls `orders`, `reports`, `status` and the ledger's readers, and holds no rule of the trade; it
//! knows no configuration file but its own section. Accounts and sessions are in a file of its own.

mod alarms;
mod asked;
mod book;
mod cameras;
mod codes;
mod desk;
mod events;
mod figures;
mod handovers;
mod inspections;
mod lanes;
mod openapi;
mod pages;
mod passages;
mod people;
mod plates;
mod readers;
mod records;
mod refusal;
mod routes;
mod rules;
mod screens;
mod section;
mod session;
mod take_away;
mod texts;
mod tls;
mod vehicles;
mod video;

pub use cameras::{Fieldwork, Identity, LaneInField, NewLane, PlayedStream, Working};
pub use desk::{ConsoleParts, Opened, open};
pub use openapi::openapi;
pub use screens::ScreenSettings;
pub use section::ConsoleSettings;
pub use tls::Certificate;

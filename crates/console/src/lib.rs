//! The gate in a browser: what guards, managers and inspectors see and do.
//!
//! One folder for each kind of thing that is asked for: `passages`, `lanes`, `figures`,
//! `records`, `people` and `session`; `events` tells an open page what happens, `pages` is the
//! web app itself. Who may do what stands in one table (`routes`). The API describes itself: types and
//! handlers are the source of `openapi.json`.
//!
//! It calls `orders`, `reports`, `status` and the ledger's readers, and holds no rule of the trade; it
//! knows no configuration file but its own section. Accounts and sessions are in a file of its own.

mod asked;
mod book;
mod codes;
mod desk;
mod events;
mod figures;
mod lanes;
mod openapi;
mod pages;
mod passages;
mod people;
mod readers;
mod records;
mod refusal;
mod routes;
mod section;
mod session;
mod texts;
mod tls;

pub use desk::{ConsoleParts, Opened, open};
pub use openapi::openapi;
pub use section::ConsoleSettings;
pub use tls::Certificate;

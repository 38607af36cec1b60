//! What people see of a running daemon.
//!
//! Whoever does something writes what became of it into the one [`Status`]; pages, terminal and
//! console read it there. [`serve_pages`] serves `/healthz` and `/metrics`, [`watch_uploads`] says
//! when platforms get too little or too late, [`watch_clock`] whether the clock may be believed,
//! [`gate_states`] how gates are, for the heartbeats to platforms. [`Viewer`] prints passages as they
//! commit, [`start_log`] is where events go. [`LedgerFigures`], [`ledger_standing`] and [`Indicators`] are for when no daemon runs.
//!
//! It is handed narrow values and knows no configuration, and it changes nothing.

mod arms;
mod clock;
mod connections;
mod faults;
mod figures;
mod gates;
mod indicators;
mod lane;
mod ledger_check;
mod live;
mod log;
mod metrics;
mod not_counted;
mod pages;
mod section;
mod spans;
mod state;
mod storage;
mod unqueued;
mod uploads;
mod viewer;

pub use arms::arm_standing;
pub use clock::watch_clock;
pub use connections::Connections;
pub use faults::Fault;
pub use figures::LedgerFigures;
pub use gates::gate_states;
pub use indicators::{Indicators, daemon_page};
pub use lane::{BarrierAlarm, LaneCounters, count};
pub use ledger_check::ledger_standing;
pub use live::live_states;
pub use log::start_log;
pub use metrics::Build;
pub use not_counted::NotCountedCounters;
pub use pages::serve_pages;
pub use section::StatusPages;
pub use spans::Spans;
pub use state::{CameraView, ScaleView, Status};
pub use storage::storage_standing;
pub use unqueued::unqueued_standing;
pub use uploads::{Late, watch_uploads};
pub use viewer::Viewer;

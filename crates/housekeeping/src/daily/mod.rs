//! What the daemon leaves running: each of these goes on until it is aborted.

mod anchor;
mod backup;
mod retention;

pub use anchor::anchor_daily;
pub use backup::{BackupState, StopBackup, back_up_daily};
pub use retention::{DiskState, retain_hourly};

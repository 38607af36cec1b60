//! What is done each day without a person: backups, retention, the anchors in a file elsewhere, and
//! whether backups and the disk are in order.
//!
//! The rules ([`round`], [`is_due`], [`Forecast`], [`Coming`]) are handed plans, folders, the time
//! and a way to the ledger's writer; commands and daemon call the same ones. What the daemon leaves
//! running is in `daily`. It knows no configuration file and no status page.

mod anchors;
mod backups;
mod daily;
mod disk;
mod places;
mod plan;
mod removals;
mod round;
mod section;
mod standing;

pub use anchors::{AnchorsError, add_anchors, read_anchors};
pub use backups::{is_due, is_overdue};
pub use daily::{BackupState, DiskState, StopBackup, anchor_daily, back_up_daily, retain_hourly};
pub use disk::Forecast;
pub use places::BackupPlace;
pub use plan::{BackupPlan, RetentionPlan};
pub use removals::{Coming, removed};
pub use round::{RemovalJob, Round, round};
pub use standing::{Standing, backup_standing, disk_standing};

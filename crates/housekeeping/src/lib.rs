//! What is done each day without a person: a round of retention, the anchors in a file elsewhere,
//! and whether backups and the disk are in order.
//!
//! It is handed plans, folders and a way to the ledger's writer. It starts no thread and reads no
//! clock and no configuration: the daemon and the commands call the same functions.

mod anchors;
mod backups;
mod disk;
mod plan;
mod removals;
mod round;
mod section;
mod standing;

pub use anchors::{AnchorsError, add_anchors, read_anchors};
pub use backups::{is_due, is_overdue};
pub use disk::Forecast;
pub use plan::{BackupPlan, RetentionPlan};
pub use removals::{Coming, removed};
pub use round::{Job, Round, round};
pub use standing::{Standing, backup_standing, disk_standing};

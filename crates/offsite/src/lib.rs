//! Backups in an object store elsewhere that speaks S3, encrypted before they leave this computer.
//!
//! [`S3Store`] keeps what a folder of backups keeps: databases as they were at one moment, and every photo
//! that they name once. Databases are cut into blocks, so that a day's backup sends what has changed, and
//! one that was cut off goes on where it stopped. What the store sees, and what it could do, is in
//! `docs/design/ledger.md`.
//!
//! It knows no schedule and no command.

mod backup;
mod description;
mod key;
mod publish;
mod restore;
mod section;
mod settings;
mod staging;
mod store;
mod wire;

pub use key::BackupKey;
pub use settings::{Addressing, S3Settings};
pub use store::S3Store;

//! What a backup in a store says about itself.

use ledger::Manifest;
use serde::{Deserialize, Serialize};

/// A database is cut into blocks of this size: what changed in a day of 2,000 passages lies in a few of
/// them, and a database of 2 GB has 500.
pub(crate) const BLOCK_BYTES: usize = 4 << 20;

/// The manifest of a folder's backup, and the blocks of the database.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Description {
    pub(crate) manifest: Manifest,
    /// Hash of the first link of the ledger's chain: which ledger this is; none while it is empty.
    pub(crate) ledger: Option<String>,
    /// SHA-256 of each block, in their order.
    pub(crate) blocks: Vec<String>,
}

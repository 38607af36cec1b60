//! Proof that nothing was changed: hashes, photos, and rows compared with each other.

pub(crate) mod anchors;
pub(crate) mod chain;
pub(crate) mod check;
pub(crate) mod open;
pub(crate) mod verify;

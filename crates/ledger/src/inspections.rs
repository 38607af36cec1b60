//! What an inspector freezes and draws, and says of it.

pub(crate) mod compare;
pub(crate) mod freeze;
pub(crate) mod read;
pub(crate) mod write;

//! Copies elsewhere, their return, and photos that are let go.

pub(crate) mod backup;
pub(crate) mod earlier;
pub(crate) mod growth;
pub(crate) mod put_back;
pub(crate) mod removals;
pub(crate) mod restore;
pub(crate) mod restores;
pub(crate) mod retention;
pub(crate) mod space;

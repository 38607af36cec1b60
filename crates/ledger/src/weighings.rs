//! Weighings, and the passages they belong to.

pub(crate) mod scale;
pub(crate) mod weighing;

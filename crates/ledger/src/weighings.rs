//! Weighings, and the passages they belong to.

pub(crate) mod scale;
mod section;
pub(crate) mod weighing;

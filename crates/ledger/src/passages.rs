//! Passages: what they say, how they are corrected, searched and counted.

pub(crate) mod commit;
pub(crate) mod correct;
pub(crate) mod corrected;
mod entries;
pub(crate) mod facts;
pub(crate) mod happened;
pub(crate) mod inside;
pub(crate) mod marks;
pub(crate) mod query;
pub(crate) mod read;
pub(crate) mod search;
pub(crate) mod tally;
pub(crate) mod visits;

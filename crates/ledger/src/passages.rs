//! Passages: what they say, how they are corrected, searched and counted.

pub(crate) mod commit;
pub(crate) mod correct;
pub(crate) mod corrected;
pub(crate) mod correction;
pub(crate) mod facts;
pub(crate) mod model;
pub(crate) mod query;
pub(crate) mod read;
pub(crate) mod search;
pub(crate) mod tally;
pub(crate) mod view;
pub(crate) mod visits;

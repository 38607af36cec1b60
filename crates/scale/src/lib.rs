//! Weighing indicators (仪表) that send what they show over a serial line, again and again, and know
//! neither plate nor ticket.
//!
//! Bytes become [`WeightReading`]s in a [`Decoder`], readings become [`Weighed`] vehicles in a [`Deck`]:
//! both are handed their bytes and times, and do no I/O. [`follow`] keeps a line open and joins the
//! two. It knows no lane, no passage and no ledger: which vehicle it was, others find out.

mod deck;
mod format;
mod indicator;
mod section;

pub use deck::{Deck, DeckSettings, Event, Weighed};
pub use format::{Decoder, IndicatorFormat, LineCounts, Unit, Unusable, WeightReading};
pub use indicator::{Heard, IndicatorSettings, IndicatorStatus, LineState, follow, listen};

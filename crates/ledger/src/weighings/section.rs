//! How an indicator's weighings find their passages, read and shown.

use std::time::Duration;

use settings::{Printer, Section};

use crate::{MatchOrder, ScaleRule};

/// Weighings wait twice as long for their passages.
const LONGEST_WINDOW: Duration = Duration::from_secs(30 * 60);
const ORDERS: [(&str, MatchOrder); 3] = [
    ("any", MatchOrder::Any),
    ("passage_first", MatchOrder::PassageFirst),
    ("weighing_first", MatchOrder::WeighingFirst),
];

impl ScaleRule {
    /// Reads `window` and `order` of a `[[weighbridge.scale]]`.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        Self {
            window: section.length_up_to("window", Duration::from_secs(120), LONGEST_WINDOW),
            order: section.one_of("order", &ORDERS, MatchOrder::Any),
        }
    }

    /// Shows what [`ScaleRule::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.length("window", self.window);
        printer.word("order", &ORDERS, &self.order);
    }
}

//! Figures of weighing indicators.

use std::fmt::Write as _;

use super::head;
use crate::Status;

/// Name, kind, help and value of one figure per indicator.
type Figure = (
    &'static str,
    &'static str,
    &'static str,
    fn(&scale::IndicatorStatus) -> f64,
);

const FIGURES: [Figure; 6] = [
    (
        "scale_fault",
        "gauge",
        "1 while the indicator is not heard and a person has to see to it",
        |s| f64::from(u8::from(s.state.is_fault())),
    ),
    ("scale_weighed_total", "counter", "Vehicles weighed", |s| {
        s.weighed as f64
    }),
    (
        "scale_missed_total",
        "counter",
        "Vehicles that were not weighed: the display never stood still, or the line was cut",
        |s| s.missed as f64,
    ),
    (
        "scale_frames_total",
        "counter",
        "Whole frames of the indicator",
        |s| s.counts.frames as f64,
    ),
    (
        "scale_bad_frames_total",
        "counter",
        "Frames that were cut or whose check was wrong",
        |s| s.counts.bad_frames as f64,
    ),
    (
        "scale_unusable_frames_total",
        "counter",
        "Whole frames that tell no gross kilograms",
        |s| s.counts.unusable as f64,
    ),
];

pub(super) fn scales(out: &mut String, status: &Status) {
    let scales = status.scales();
    if scales.is_empty() {
        return;
    }
    for (name, kind, help, value) in FIGURES {
        head(out, name, kind, help);
        for (scale, state) in &scales {
            let _ = writeln!(out, "menjin_{name}{{scale=\"{scale}\"}} {}", value(state));
        }
    }
}

//! Figures of the sinks.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::head;
use crate::{Late, Status};

/// Name, kind, help and value of one figure per sink.
type SinkFigure = (
    &'static str,
    &'static str,
    &'static str,
    fn(&sync::SinkStatus) -> f64,
);

/// Name, help and value of one figure per platform.
type LateFigure = (&'static str, &'static str, fn(&Late) -> f64);

pub(super) fn sinks(out: &mut String, status: &Status) {
    let sinks = status.sinks();
    let figures: [SinkFigure; 8] = [
        (
            "upload_generated_total",
            "counter",
            "Rows made for the sink",
            |s| s.generated as f64,
        ),
        (
            "upload_acknowledged_total",
            "counter",
            "Rows the sink has acknowledged",
            |s| s.acknowledged as f64,
        ),
        (
            "upload_generated",
            "gauge",
            "As menjin_upload_generated_total, its name before",
            |s| s.generated as f64,
        ),
        (
            "upload_acknowledged",
            "gauge",
            "As menjin_upload_acknowledged_total, its name before",
            |s| s.acknowledged as f64,
        ),
        ("upload_waiting", "gauge", "Rows that wait", |s| {
            s.waiting as f64
        }),
        (
            "upload_refused",
            "gauge",
            "Rows the sink refused; a person must look",
            |s| s.refused as f64,
        ),
        ("upload_online", "gauge", "1 while the sink answers", |s| {
            f64::from(u8::from(s.online))
        }),
        (
            "upload_oldest_waiting_seconds",
            "gauge",
            "Age of the oldest waiting row",
            |s| {
                s.oldest_waiting.map_or(0.0, |at| {
                    Timestamp::now().duration_since(at).as_secs_f64().max(0.0)
                })
            },
        ),
    ];
    for (name, kind, help, value) in figures {
        head(out, name, kind, help);
        for sink in &sinks {
            let _ = writeln!(
                out,
                "menjin_{name}{{sink=\"{}\"}} {}",
                sink.sink,
                value(sink)
            );
        }
    }
    late(out, status);
}

/// What is late, for an alarm in whatever watches the metrics.
fn late(out: &mut String, status: &Status) {
    let late = status.late();
    let figures: [LateFigure; 3] = [
        (
            "upload_rate_today",
            "Share of today's rows that the platform has, 0 to 1",
            |l| l.rate,
        ),
        (
            "upload_late",
            "1 while the oldest row waits longer than alarm_after",
            |l| f64::from(u8::from(l.waits)),
        ),
        (
            "upload_rate_low",
            "1 while today's rate is below lowest_rate",
            |l| f64::from(u8::from(l.below)),
        ),
    ];
    for (name, help, value) in figures {
        head(out, name, "gauge", help);
        for (sink, late) in &late {
            let _ = writeln!(out, "menjin_{name}{{sink=\"{sink}\"}} {}", value(late));
        }
    }
}

//! How long uploads take.

use std::fmt::Write as _;

use sync::Histogram;

use super::head;
use crate::Status;

pub(super) fn uploads(out: &mut String, status: &Status) {
    let name = "upload_seconds";
    head(
        out,
        name,
        "histogram",
        "From when a row was made until it was acknowledged",
    );
    for sink in status.sinks() {
        let label = format!("sink=\"{}\"", sink.sink);
        series(out, name, &label, &sink.upload_seconds);
    }
}

fn series(out: &mut String, name: &str, label: &str, histogram: &Histogram) {
    for (bound, count) in histogram.within() {
        let _ = writeln!(
            out,
            "menjin_{name}_bucket{{{label},le=\"{bound}\"}} {count}"
        );
    }
    let count = histogram.count();
    let _ = writeln!(out, "menjin_{name}_bucket{{{label},le=\"+Inf\"}} {count}");
    let _ = writeln!(out, "menjin_{name}_sum{{{label}}} {}", histogram.sum_s());
    let _ = writeln!(out, "menjin_{name}_count{{{label}}} {count}");
}

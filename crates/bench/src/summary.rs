//! A report for a terminal.

use std::fmt::Write as _;

use crate::BenchReport;

/// The report for a terminal: figures with their intervals, then every error in a line.
#[must_use]
pub fn summary(report: &BenchReport) -> String {
    let percent = |v: f64| format!("{:.2} %", v * 100.0);
    let interval =
        |(low, high): (f64, f64)| format!("95 %: {:.2}-{:.2} %", low * 100.0, high * 100.0);
    let all = &report.all;
    let mut out = format!(
        "n {}  found {}  exact {}  without province {}  colour {}/{}\n\
         recognition rate {} ({})\n\
         accuracy         {} ({})\n\
         single frame exact {} of {}\n\
         missed {}  missed without plate {}  duplicates {}  false passages {}\n\
         CPU ms p50/p95: detect {:.2}/{:.2}  read {:.2}/{:.2}   wall {:.1} s",
        all.n,
        all.found,
        all.exact,
        all.exact_without_province,
        all.color_exact,
        all.color_n,
        percent(report.recognition_rate),
        interval(report.recognition_rate_95),
        percent(report.accuracy),
        interval(report.accuracy_95),
        percent(report.single_frame_exact),
        report.single_frames,
        report.missed,
        report.missed_without_plate,
        report.duplicates,
        report.false_passages,
        report.latency_ms.detect.p50,
        report.latency_ms.detect.p95,
        report.latency_ms.read.p50,
        report.latency_ms.read.p95,
        report.wall_s,
    );
    if report.cpu_s_per_camera_minute > 0.0 {
        let _ = write!(
            out,
            "   CPU {:.1} s per camera minute",
            report.cpu_s_per_camera_minute
        );
    }
    if !report.not_counted.is_empty() {
        let rules: Vec<String> = report
            .not_counted
            .iter()
            .map(|(rule, n)| format!("{rule} {n}"))
            .collect();
        let _ = write!(out, "\nnot counted: {}", rules.join("  "));
    }
    for not in &report.surely_read_not_counted {
        let _ = write!(
            out,
            "\n  not counted ({}): {} on {} pictures  {}",
            not.rule, not.plate, not.sightings, not.place
        );
    }
    for miss in &report.misses {
        let read = miss.read.as_ref().map_or_else(
            || "-".to_owned(),
            |r| format!("{} {} {:.3}", r.plate, r.color, r.confidence),
        );
        let _ = write!(
            out,
            "\n  {}: {} {} read {read}  {}",
            miss.what, miss.truth, miss.truth_color, miss.place
        );
    }
    out
}

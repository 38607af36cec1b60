//! A report for a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::BenchReport;
use crate::report::share;

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
    lanes(&mut out, report);
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

/// What lanes made of what single pictures read, and what they did not count.
fn lanes(out: &mut String, report: &BenchReport) {
    let told = &report.told;
    let percent = |v: f64| format!("{:.2} %", v * 100.0);
    if told.surely_read + told.doubtfully_read > 0 {
        let (low, high) = told.told_95;
        let _ = write!(
            out,
            "\nvehicles whose plate single pictures read surely (5 or more): {}, told with it, once: {} = {} (95 %: {:.2}-{:.2} %)\n\
             vehicles whose plate they read doubtfully: {}, told with something like it: {}",
            told.surely_read,
            told.told,
            percent(share(told.told, told.surely_read)),
            low * 100.0,
            high * 100.0,
            told.doubtfully_read,
            told.told_doubtfully,
        );
    }
    for untold in &told.untold {
        let rules: Vec<String> = rules(&untold.not_counted);
        let _ = write!(
            out,
            "\n  not told: {} surely on {} of {} pictures; passages {:?}; not counted: {}  {}",
            untold.plate,
            untold.sure_pictures,
            untold.pictures,
            untold.passages,
            if rules.is_empty() {
                "-".to_owned()
            } else {
                rules.join("  ")
            },
            untold.place,
        );
    }
    if report.outcomes > 0 {
        let _ = write!(
            out,
            "\nends right {} of {}",
            report.outcomes_right, report.outcomes
        );
    }
    if !report.not_counted.is_empty() {
        let _ = write!(
            out,
            "\nnot counted: {}",
            rules(&report.not_counted).join("  ")
        );
    }
    for not in &report.surely_read_not_counted {
        let _ = write!(
            out,
            "\n  not counted ({}): {} on {} pictures  {}",
            not.rule, not.plate, not.sightings, not.place
        );
    }
}

fn rules(counts: &BTreeMap<&'static str, usize>) -> Vec<String> {
    let each = counts.iter();
    each.map(|(rule, n)| format!("{rule} {n}")).collect()
}

//! Prometheus text format.

mod alarms;
mod barriers;
mod keeping;
mod process;
mod scales;
mod times;
mod uploads;
mod video;

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use camera::mono_now;
use ledger::Counts;

use crate::{LaneCounters, Status};

pub use process::Build;

/// Name, kind, help and value of one figure per lane.
type LaneFigure = (
    &'static str,
    &'static str,
    &'static str,
    fn(&LaneCounters) -> f64,
);

/// Name, help and value of one figure per camera.
type CameraFigure = (&'static str, &'static str, fn(&camera::State) -> f64);
const LANE_FIGURES: [LaneFigure; 13] = [
    (
        "frames_analysed_total",
        "counter",
        "Frames looked at",
        |l| number(&l.frames),
    ),
    (
        "detect_cpu_seconds_total",
        "counter",
        "Processor time for finding plates",
        |l| number(&l.detect_us) / 1e6,
    ),
    (
        "read_cpu_seconds_total",
        "counter",
        "Processor time for reading plates",
        |l| number(&l.read_us) / 1e6,
    ),
    (
        "vehicles_entered_total",
        "counter",
        "Vehicles that came into the lane",
        |l| number(&l.entered),
    ),
    (
        "passages_decided_total",
        "counter",
        "Passages committed",
        |l| number(&l.decided),
    ),
    (
        "passages_accepted_total",
        "counter",
        "Passages read without a person",
        |l| number(&l.accepted),
    ),
    (
        "passages_finished_total",
        "counter",
        "Passages whose end is committed",
        |l| number(&l.finished),
    ),
    (
        "passages_lost_total",
        "counter",
        "Vehicles lost before their decision",
        |l| number(&l.lost),
    ),
    (
        "detection_rate_fps",
        "gauge",
        "Frames analysed per second at present; falls under overload",
        |l| number(&l.rate_milli) / 1e3,
    ),
    (
        "slow_downs_total",
        "counter",
        "Times the detection rate was lowered for overload",
        |l| number(&l.slow_downs),
    ),
    (
        "barrier_alarms_total",
        "counter",
        "Orders to raise that a barrier did not confirm",
        |l| number(&l.barrier_alarms),
    ),
    (
        "vision_errors_total",
        "counter",
        "Frames that could not be read",
        |l| number(&l.vision_errors),
    ),
    (
        "ledger_refuses",
        "gauge",
        "1 while a passage waits for the disk",
        |l| f64::from(u8::from(l.keeping_fails())),
    ),
];

fn number(value: &AtomicU64) -> f64 {
    value.load(Ordering::Relaxed) as f64
}

/// The whole page.
pub(crate) fn render(status: &Status, counts: Option<Counts>) -> String {
    let mut out = String::new();
    process::build(&mut out, status.build());
    process::process(&mut out);
    let lanes = status.lanes();
    for (name, kind, help, value) in LANE_FIGURES {
        head(&mut out, name, kind, help);
        for lane in &lanes {
            let _ = writeln!(
                out,
                "menjin_{name}{{lane=\"{}\"}} {}",
                lane.name,
                value(lane)
            );
        }
    }
    not_counted(&mut out, &lanes);
    barriers::barriers(&mut out, &lanes);
    barriers::holds(&mut out, &lanes);
    barriers::spans(&mut out, &lanes);
    barriers::signs(&mut out, &lanes);
    head(
        &mut out,
        "last_frame_age_seconds",
        "gauge",
        "Age of the last frame looked at",
    );
    for lane in &lanes {
        let age = mono_now().since(lane.last_frame());
        let _ = writeln!(
            out,
            "menjin_last_frame_age_seconds{{lane=\"{}\"}} {:.3}",
            lane.name,
            age.as_secs_f64()
        );
    }
    cameras(&mut out, status);
    uploads::sinks(&mut out, status);
    scales::scales(&mut out, status);
    keeping::backup(&mut out, status);
    keeping::disk(&mut out, status);
    video::video(&mut out, status);
    times::uploads(&mut out, status);
    alarms::alarms(&mut out, status);
    alarms::receivers(&mut out, status);
    if let Some(counts) = counts {
        ledger(&mut out, counts);
    }
    head(
        &mut out,
        "clock_trusted",
        "gauge",
        "1 while the clock follows a time server",
    );
    let trusted = u8::from(status.clock_trusted());
    let _ = writeln!(out, "menjin_clock_trusted {trusted}");
    out
}

/// One figure for each lane and rule, so that a rule that begins to swallow more than signs is seen.
fn not_counted(out: &mut String, lanes: &[Arc<LaneCounters>]) {
    let figures = [
        (
            "not_counted_total",
            "Things followed like a plate that are not a vehicle's, by the lane's rule",
        ),
        (
            "not_counted_read_total",
            "Of these, those read as surely as an accepted plate: signs, parked cars, second sights",
        ),
    ];
    for (surely, (name, help)) in figures.into_iter().enumerate() {
        head(out, name, "counter", help);
        for lane in lanes {
            for (rule, all, read) in lane.not_counted.by_rule() {
                let value = if surely == 1 { read } else { all };
                let _ = writeln!(
                    out,
                    "menjin_{name}{{lane=\"{}\",rule=\"{rule}\"}} {value}",
                    lane.name
                );
            }
        }
    }
}

/// Totals stand under two names: the first ones were gauges, of which no `rate()` can be taken, and
/// dashboards know them.
fn ledger(out: &mut String, counts: Counts) {
    for (name, kind, help, value) in [
        (
            "ledger_passages_total",
            "counter",
            "Passages ever committed",
            counts.passages,
        ),
        (
            "ledger_lost_passages_total",
            "counter",
            "Passages counted as lost",
            counts.lost,
        ),
        (
            "ledger_open_passages",
            "gauge",
            "Passages whose vehicle has not left",
            counts.open,
        ),
        (
            "ledger_photos",
            "gauge",
            "Photos in the ledger, without those that were removed",
            counts.photos,
        ),
        (
            "ledger_passages",
            "gauge",
            "As menjin_ledger_passages_total, its name before",
            counts.passages,
        ),
        (
            "ledger_lost_passages",
            "gauge",
            "As menjin_ledger_lost_passages_total, its name before",
            counts.lost,
        ),
    ] {
        head(out, name, kind, help);
        let _ = writeln!(out, "menjin_{name} {value}");
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(
        out,
        "# HELP menjin_{name} {help}\n# TYPE menjin_{name} {kind}"
    );
}

fn cameras(out: &mut String, status: &Status) {
    let states: Vec<_> = status
        .cameras()
        .into_iter()
        .map(|c| (c.state.borrow().clone(), c.name, c.role))
        .collect();
    head(
        out,
        "camera_state",
        "gauge",
        "1 for the state the camera is in",
    );
    for (state, name, role) in &states {
        for known in camera::CameraStatus::ALL {
            let is = u8::from(known == state.status);
            let _ = writeln!(
                out,
                "menjin_camera_state{{camera=\"{}\",role=\"{role}\",state=\"{}\"}} {is}",
                name,
                known.code()
            );
        }
    }
    let figures: [CameraFigure; 6] = [
        ("camera_connections_total", "Connections made", |s| {
            s.connections as f64
        }),
        ("camera_frames_decoded_total", "Frames decoded", |s| {
            s.frames_decoded as f64
        }),
        (
            "camera_frames_undecoded_total",
            "Frames that nobody needed while nothing was in the lane",
            |s| s.frames_undecoded as f64,
        ),
        (
            "camera_frames_skipped_total",
            "Frames that came while the lane was busy",
            |s| s.frames_skipped as f64,
        ),
        ("camera_decode_errors_total", "Broken frames", |s| {
            s.decode_errors as f64
        }),
        (
            "camera_decoder_panics_total",
            "Times that decoding panicked and began again",
            |s| s.decoder_panics as f64,
        ),
    ];
    for (figure, help, value) in figures {
        head(out, figure, "counter", help);
        for (state, name, role) in &states {
            let _ = writeln!(
                out,
                "menjin_{figure}{{camera=\"{name}\",role=\"{role}\"}} {}",
                value(state)
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_grows_is_a_counter_and_called_total_and_nothing_else_is() {
        let page = render(&Status::default(), Some(Counts::default()));
        let types: Vec<(&str, &str)> = page
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
            .collect();
        assert!(types.len() > 20, "{page}");
        for (name, kind) in &types {
            assert_eq!(name.ends_with("_total"), *kind == "counter", "{name}");
        }
        for total in [
            "menjin_upload_generated_total",
            "menjin_upload_acknowledged_total",
            "menjin_ledger_passages_total",
            "process_cpu_seconds_total",
        ] {
            assert!(types.contains(&(total, "counter")), "{total}");
        }
        let names: std::collections::BTreeSet<_> = types.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), types.len(), "a name stands twice");
    }

    #[test]
    fn what_a_lane_did_not_count_is_told_for_each_of_its_rules() {
        let status = Status::default();
        let counters = LaneCounters::new("lane1");
        let at = lane::Moment {
            at: mono_now(),
            captured: jiff::Timestamp::UNIX_EPOCH,
        };
        let echo = lane::NotCounted {
            first: at,
            last: at,
            rule: lane::NotCountedRule::Echo,
            read: None,
            accepted: true,
            sightings: 3,
        };
        counters.not_counted.count(&echo);
        status.add_lane(counters);
        let page = render(&status, None);
        for rule in lane::NotCountedRule::ALL {
            let echoes = u8::from(rule == lane::NotCountedRule::Echo);
            for name in ["not_counted_total", "not_counted_read_total"] {
                let rule = rule.name();
                let line = format!("menjin_{name}{{lane=\"lane1\",rule=\"{rule}\"}} {echoes}\n");
                assert!(page.contains(&line), "{line}{page}");
            }
        }
    }

    #[test]
    fn the_program_that_runs_is_told() {
        let status = Status::default();
        status.set_build(Build {
            version: "1.2.3",
            commit: "abc",
        });
        let page = render(&status, None);
        let line = "menjin_build_info{version=\"1.2.3\",commit=\"abc\"} 1";
        assert!(page.lines().any(|l| l == line), "{page}");
    }
}

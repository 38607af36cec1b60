//! `menjin bench`: scores photos or footage with known truth.

mod ledger;

use std::path::Path;

use bench::{BenchReport, FootageOptions, FootageTruth, ImagesOptions, RowFilter};

use crate::cli::bench::{BenchArgs, BenchKind, FootageArgs, ScoreArgs};
use crate::config;
use crate::exit::{Failure, Outcome};
use crate::models;
use crate::print::say;

pub(crate) fn main(args: &BenchArgs) -> Outcome {
    match &args.kind {
        BenchKind::Images(args) => images(args),
        BenchKind::Footage(args) => footage(args),
        BenchKind::Ledger(args) => ledger::main(args),
    }
}

fn images(args: &ScoreArgs) -> Outcome {
    let options = ImagesOptions {
        folder: args.folder.clone(),
        truth: args.truth.clone(),
        only: filters(args)?,
        by: args.by.clone(),
        accept: args.accept,
    };
    let mut recognizer = models::open(&args.models)?
        .recognizer()
        .map_err(|e| Failure::job(&e))?;
    let report = bench::images(&mut recognizer, &options, |done, of| {
        if done % 100 == 0 {
            progress(&format!("{done}/{of} photos"));
        }
    });
    finish("Menjin bench: photos", &report.map_err(failure)?, args)
}

fn footage(args: &FootageArgs) -> Outcome {
    let score = &args.score;
    let truths = FootageTruth::read(&score.truth, &[]).map_err(failure)?;
    let accept = score.accept;
    let lanes = match &args.config {
        Some(path) => {
            config::load(path)
                .map_err(|e| Failure::usage(e.to_string()))?
                .lanes
        }
        None => Vec::new(),
    };
    let settings = move |name: &str| match lanes.iter().find(|lane| lane.name == name) {
        Some(lane) => lane.settings.clone(),
        None => lane_settings(&truths, name, accept),
    };
    let options = FootageOptions {
        folder: score.folder.clone(),
        truth: score.truth.clone(),
        only: filters(score)?,
        by: score.by.clone(),
        fps: args.fps,
        uneven: args.uneven,
        settings: Box::new(settings),
    };
    let models = models::open(&score.models)?;
    let report = bench::footage(&models, &options, |clip, passages| {
        progress(&format!("{clip}: {passages} passages"));
    });
    finish("Menjin bench: footage", &report.map_err(failure)?, score)
}

/// The truth knows which way a lane leads and which end of the vehicles its camera sees.
fn lane_settings(truths: &[FootageTruth], lane: &str, accept: f32) -> lane::LaneSettings {
    let value = |column: &str| {
        truths
            .iter()
            .find(|t| t.lane == lane)
            .and_then(|t| t.columns.get(column))
            .cloned()
    };
    let direction = match value("direction").as_deref() {
        Some("out") => passage::Direction::Out,
        _ => passage::Direction::In,
    };
    let view = match (value("view").as_deref(), direction) {
        (Some("rear"), _) => lane::View::Rear,
        (Some("front"), _) | (_, passage::Direction::In) => lane::View::Front,
        // A camera beside the barrier looks outward along the lane unless told otherwise.
        (_, passage::Direction::Out) => lane::View::Rear,
    };
    lane::LaneSettings {
        direction,
        view,
        accept_confidence: accept,
        ..lane::LaneSettings::default()
    }
}

fn filters(args: &ScoreArgs) -> Result<Vec<RowFilter>, Failure> {
    args.only
        .iter()
        .map(|only| match only.split_once('=') {
            Some((column, prefix)) if !column.is_empty() => Ok(RowFilter {
                column: column.to_owned(),
                prefix: prefix.to_owned(),
            }),
            _ => Err(Failure::usage(format!(
                "--only {only}: write COLUMN=PREFIX"
            ))),
        })
        .collect()
}

fn failure(error: bench::Error) -> Failure {
    match &error {
        bench::Error::Truth { .. }
        | bench::Error::Row { .. }
        | bench::Error::Column { .. }
        | bench::Error::NothingLeft => Failure::usage(error.to_string()),
        _ => Failure::job(&error),
    }
}

#[expect(clippy::print_stderr, reason = "progress goes beside the result")]
fn progress(text: &str) {
    eprintln!("{text}");
}

fn finish(title: &str, report: &BenchReport, args: &ScoreArgs) -> Outcome {
    let json = serde_json::to_string_pretty(report).map_err(|e| Failure::job(&e))?;
    let to_stdout = args.json.as_deref() == Some(Path::new("-"));
    match &args.json {
        Some(path) if !to_stdout => write(path, &json)?,
        _ => {}
    }
    if let Some(path) = &args.html {
        write(path, &bench::page(title, report))?;
    }
    let text = if to_stdout { json } else { summary(report) };
    say(&text)
}

fn write(path: &Path, text: &str) -> Outcome {
    std::fs::write(path, text)
        .map_err(|e| Failure::Job(format!("cannot write {}: {e}", path.display())))
}

fn summary(report: &BenchReport) -> String {
    use std::fmt::Write as _;
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

//! `menjin bench`: scores photos or footage with known truth.

use std::path::Path;

use bench::{BenchReport, FootageOptions, FootageTruth, ImagesOptions, RowFilter};
use words::Said;

use crate::cli::bench::{BenchArgs, BenchKind, FootageArgs, LedgerBenchArgs, ScoreArgs};

use crate::exit::{Failure, Outcome};
use crate::models;
use crate::print::{progress, say};

pub(crate) fn main(args: &BenchArgs) -> Outcome {
    match &args.kind {
        BenchKind::Images(args) => images(args),
        BenchKind::Footage(args) => footage(args),
        BenchKind::Ledger(args) => ledger(args),
    }
}

fn images(args: &ScoreArgs) -> Outcome {
    let options = ImagesOptions {
        folder: args.folder.clone(),
        truth: args.truth(),
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
    let truths = FootageTruth::read(&score.truth(), &[]).map_err(failure)?;
    let accept = score.accept;
    let lanes = match &args.config {
        Some(path) => config::load(path)?.lanes,
        None => Vec::new(),
    };
    let settings = move |name: &str| match lanes.iter().find(|lane| lane.name == name) {
        Some(lane) => lane.settings.clone(),
        None => bench::lane_settings(&truths, name, accept),
    };
    let options = FootageOptions {
        folder: score.folder.clone(),
        truth: score.truth(),
        only: filters(score)?,
        by: score.by.clone(),
        fps: args.fps,
        idle: args.rest,
        uneven: args.uneven,
        settings: Box::new(settings),
    };
    let models = models::open(&score.models)?;
    let report = bench::footage(&models, &options, |clip, passages| {
        progress(&format!("{clip}: {passages} passages"));
    });
    finish("Menjin bench: footage", &report.map_err(failure)?, score)
}

fn ledger(args: &LedgerBenchArgs) -> Outcome {
    let bench = soak::LedgerBench {
        months: args.months,
        per_day: args.per_day,
        vehicles: args.vehicles,
        runs: args.runs,
        folder: args.folder.clone(),
        export: args.export,
    };
    let worst = bench
        .run(&mut |line| drop(say(&line)))
        .map_err(|e| Failure::job(&e))?;
    match args.limit_ms {
        Some(limit) if worst > limit => Err(Failure::Job(Said::other(format_args!(
            "a query takes {worst:.1} ms, the limit is {limit} ms"
        )))),
        _ => Ok(()),
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
            _ => Err(Failure::usage(Said::other(format_args!(
                "--only {only}: write COLUMN=PREFIX"
            )))),
        })
        .collect()
}

fn failure(error: bench::Error) -> Failure {
    match &error {
        bench::Error::Truth { .. }
        | bench::Error::Row { .. }
        | bench::Error::Column { .. }
        | bench::Error::NothingLeft => Failure::usage(Said::other(&error)),
        _ => Failure::job(&error),
    }
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
    let text = if to_stdout {
        json
    } else {
        bench::summary(report)
    };
    say(&text)
}

fn write(path: &Path, text: &str) -> Outcome {
    std::fs::write(path, text).map_err(|e| {
        Failure::Job(Said::other(format_args!(
            "cannot write {}: {e}",
            path.display()
        )))
    })
}

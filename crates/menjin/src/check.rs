//! `menjin check`: configuration, models, font, and the ledger against its files.

use std::io::Write;

use housekeeping::Standing;
use jiff::Timestamp;
use ledger::{CheckFinding, CheckOptions, ErrorKind, FindingCode, Reader};
use status::Indicators;

use crate::cli::ConfigArgs;
use crate::config::{self, Config};
use crate::exit::{Failure, Outcome};
use crate::models;

pub(crate) fn main(args: &ConfigArgs) -> Outcome {
    let config = config::load(&args.config).map_err(|e| Failure::usage(e.to_string()))?;
    let mut report = Report::default();
    report.fine(format!(
        "configuration {}: {} lanes",
        args.config.display(),
        config.lanes.len()
    ));
    check_models(&config, &mut report);
    check_font(&config, &mut report);
    check_ledger(&config, &mut report);
    let now = Timestamp::now();
    report.take(indicators(&config, now));
    report.take(config.disk_standing(now));
    report.take(config.backup_standing(now));
    report.print()?;
    if report.findings == 0 {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

#[derive(Default)]
struct Report {
    lines: Vec<String>,
    findings: usize,
}

impl Report {
    fn fine(&mut self, text: impl Into<String>) {
        self.lines.push(format!("ok    {}", text.into()));
    }

    fn finding(&mut self, text: impl Into<String>) {
        self.findings += 1;
        self.lines.push(format!("WRONG {}", text.into()));
    }

    fn take(&mut self, standing: Standing) {
        standing.fine.into_iter().for_each(|text| self.fine(text));
        standing
            .wrong
            .into_iter()
            .for_each(|text| self.finding(text));
    }

    fn print(&self) -> Outcome {
        let mut out = std::io::stdout().lock();
        for line in &self.lines {
            writeln!(out, "{line}").map_err(|e| Failure::job(&e))?;
        }
        writeln!(out, "{} findings", self.findings).map_err(|e| Failure::job(&e))
    }
}

fn indicators(config: &Config, now: Timestamp) -> Standing {
    let settings: Vec<_> = config.scales.iter().map(|scale| &scale.settings).collect();
    let indicators = Indicators {
        settings: &settings,
        pages: config.status_address,
        data: &config.data_folder,
        language: config.language,
        zone: &config.site.zone,
    };
    indicators.standing(now)
}

fn check_models(config: &Config, report: &mut Report) {
    match models::open_at(&config.models_folder, config.onnxruntime.as_deref()) {
        Ok(models) => {
            let manifest = models.manifest();
            for (file, run) in [
                (&manifest.detector.file, &manifest.detector.training_run),
                (&manifest.reader.file, &manifest.reader.training_run),
            ] {
                report.fine(format!("model {file}, training run {run}"));
            }
        }
        Err(Failure::Job(text) | Failure::Usage(text)) => report.finding(text),
        Err(Failure::Told) => report.finding("models"),
    }
}

fn check_font(config: &Config, report: &mut Report) {
    let font = match &config.photos.font {
        Some(path) => photo::Font::load(path),
        None => photo::Font::find(),
    };
    match font {
        Ok(font) => {
            let names = config
                .lanes
                .iter()
                .map(|l| l.name.as_str())
                .collect::<String>();
            let missing = font.missing(&format!("{}{names}", config.site.name));
            if missing.is_empty() {
                report.fine(format!("font {}", font.path().display()));
            } else {
                report.finding(format!(
                    "the font {} cannot draw \"{missing}\" of the names in the configuration; name another in [photos] font",
                    font.path().display()
                ));
            }
        }
        Err(error) => report.finding(error.to_string()),
    }
}

fn check_ledger(config: &Config, report: &mut Report) {
    let reader = match Reader::open(&config.data_folder) {
        Ok(reader) => reader,
        Err(error) if error.kind() == ErrorKind::Missing => {
            report.fine(format!(
                "no ledger yet in {}; the first run makes it",
                config.data_folder.display()
            ));
            return;
        }
        Err(error) => {
            report.finding(error.to_string());
            return;
        }
    };
    match reader.check(&CheckOptions::default()) {
        Ok(findings) if findings.is_empty() => match reader.counts() {
            Ok(counts) => report.fine(format!(
                "ledger: {} passages, {} photos",
                counts.passages, counts.photos
            )),
            Err(error) => report.finding(error.to_string()),
        },
        Ok(findings) => findings
            .iter()
            .for_each(|finding| report.finding(told(finding))),
        Err(error) => report.finding(error.to_string()),
    }
}

/// A finding with where it is and what to do about it.
fn told(finding: &CheckFinding) -> String {
    let passage = finding
        .passage
        .map_or_else(String::new, |id| format!(" passage {id}"));
    let path = finding
        .path
        .as_ref()
        .map_or_else(String::new, |path| format!(" {path}"));
    format!(
        "{}{passage}{path}: {}. {}",
        finding.code,
        finding.detail,
        remedy(finding.code)
    )
}

fn remedy(code: FindingCode) -> &'static str {
    match code {
        FindingCode::PhotoMissing | FindingCode::PhotoChanged => {
            "Restore the file from a backup; the ledger keeps the hash that it must have"
        }
        FindingCode::OrphanFile => {
            "Left by a power cut, or put there by hand; the daemon removes it after a day"
        }
        FindingCode::NoHeadPhoto
        | FindingCode::OpenList
        | FindingCode::OutboxTotals
        | FindingCode::Facts => {
            "The database was changed by something else; keep a copy and report it"
        }
        FindingCode::BrokenReference | FindingCode::DatabaseDamaged => {
            "Stop the daemon, keep a copy of the folder, restore the last backup"
        }
    }
}

//! `menjin check`: configuration, models, font, and the ledger against its files.

use housekeeping::Standing;
use jiff::Timestamp;
use ledger::Reader;
use serde_json::json;
use status::{Indicators, ledger_standing, storage_standing, unqueued_standing};

use crate::cli::CheckArgs;
use crate::config::{self, Config};
use crate::connections;
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};
use crate::{models, store};

pub(crate) fn main(args: &CheckArgs) -> Outcome {
    let path = &args.config.config;
    let config = config::load(path).map_err(|e| Failure::usage(e.to_string()))?;
    let mut report = Report::default();
    report.fine(format!(
        "configuration {}: {} lanes",
        path.display(),
        config.lanes.len()
    ));
    check_models(&config, &mut report);
    check_font(&config, &mut report);
    report.take(storage_standing(&config.data_folder, config.language));
    report.take(ledger_standing(&config.data_folder));
    report.take(unqueued(&config));
    let now = Timestamp::now();
    if !args.offline {
        report.take(indicators(&config, now));
        report.take(connections::standing(&config)?);
    }
    report.take(config.disk_standing(now));
    report.take(config.backup_standing(now));
    if args.json {
        say(&json!({"fine": report.standing.fine, "wrong": report.standing.wrong}).to_string())?;
    } else {
        print(&report.lines)?;
        say(&format!("{} findings", report.standing.wrong.len()))?;
    }
    if report.standing.wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

#[derive(Default)]
struct Report {
    /// In the order in which they were found.
    lines: Vec<String>,
    standing: Standing,
}

impl Report {
    fn fine(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.lines.push(format!("ok    {text}"));
        self.standing.fine.push(text);
    }

    fn finding(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.lines.push(format!("WRONG {text}"));
        self.standing.wrong.push(text);
    }

    fn take(&mut self, standing: Standing) {
        standing.fine.into_iter().for_each(|text| self.fine(text));
        standing
            .wrong
            .into_iter()
            .for_each(|text| self.finding(text));
    }
}

fn unqueued(config: &Config) -> Standing {
    let (sinks, zone) = (store::sinks_of_passages(config), &config.site.zone);
    // A ledger that is not there or not readable is told already.
    let found = Reader::open(&config.data_folder)
        .and_then(|reader| unqueued_standing(&reader, &sinks, config.language, zone));
    found.unwrap_or_default()
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
    match photo::Font::open(config.photos.font.as_deref()) {
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

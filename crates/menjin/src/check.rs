//! `menjin check`: configuration, models, font, and the ledger against its files.

use housekeeping::Standing;
use jiff::Timestamp;
use ledger::Reader;
use serde_json::json;
use status::{Indicators, ledger_standing, storage_standing, unqueued_standing};
use vision::Models;
use words::{Key, Language, Said, padded};

use crate::cli::CheckArgs;
use crate::connections;
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};
use crate::store;
use config::Config;

pub(crate) fn main(args: &CheckArgs) -> Outcome {
    let path = &args.config.config;
    let config = config::load(path)?;
    let mut report = Report::of(config.language);
    let said = Said::with(Key::CheckConfiguration, "path", path.display());
    report.fine(said.and("lanes", config.lanes.len()));
    if config.lanes.is_empty() {
        report.finding(Said::plain(Key::StatusNoLane).then(Key::StatusNoLaneNext));
    }
    check_models(&config, &mut report);
    check_font(&config, &mut report);
    report.take(storage_standing(&config.data_folder, config.language));
    report.take(ledger_standing(&config.data_folder, config.language));
    report.take(unqueued(&config));
    let now = Timestamp::now();
    if !args.offline {
        report.take(indicators(&config, now));
        report.take(connections::standing(&config, path)?);
    }
    report.take(config.disk_standing(now));
    report.take(config.backup_standing(now, !args.offline));
    report.take(config.video_standing(now));
    if args.json {
        say(&json!({"fine": report.standing.fine, "wrong": report.standing.wrong}).to_string())?;
    } else {
        print(&report.lines)?;
        let said = Said::with(Key::CheckFindings, "count", report.standing.wrong.len());
        say(&said.text(config.language))?;
    }
    if report.standing.wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

struct Report {
    language: Language,
    /// In the order in which they were found.
    lines: Vec<String>,
    standing: Standing,
}

impl Report {
    fn of(language: Language) -> Self {
        Self {
            language,
            lines: Vec::new(),
            standing: Standing::default(),
        }
    }

    fn line(&mut self, mark: Key, said: &Said) -> String {
        let text = said.text(self.language);
        let mark = padded(self.language.text(mark), 5);
        self.lines.push(format!("{mark} {text}"));
        text
    }

    fn fine(&mut self, said: impl Into<Said>) {
        let text = self.line(Key::CheckFine, &said.into());
        self.standing.fine.push(text);
    }

    fn finding(&mut self, said: impl Into<Said>) {
        let text = self.line(Key::CheckWrong, &said.into());
        self.standing.wrong.push(text);
    }

    fn take(&mut self, standing: Standing) {
        for text in standing.fine {
            self.fine(Said::other(text));
        }
        for text in standing.wrong {
            self.finding(Said::other(text));
        }
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
        pages: &config.status_pages,
        data: &config.data_folder,
        language: config.language,
        zone: &config.site.zone,
    };
    indicators.standing(now)
}

fn check_models(config: &Config, report: &mut Report) {
    match Models::open(&config.models_folder, config.onnxruntime.as_deref()) {
        Ok(models) => {
            let manifest = models.manifest();
            for (file, run) in [
                (&manifest.detector.file, &manifest.detector.training_run),
                (&manifest.reader.file, &manifest.reader.training_run),
            ] {
                report.fine(Said::with(Key::CheckModel, "file", file).and("run", run));
            }
        }
        Err(error) => report.finding(error.said()),
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
                report.fine(Said::with(Key::CheckFont, "path", font.path().display()));
            } else {
                let said = Said::with(Key::CheckFontLacks, "path", font.path().display());
                report.finding(said.and("missing", missing));
            }
        }
        Err(error) => report.finding(error.said()),
    }
}

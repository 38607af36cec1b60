//! `menjin register`: looks at the registers and changes them.

mod change;
pub(crate) mod exchange;

use std::io::Write as _;

use jiff::Timestamp;
use ledger::{Reader, RecordId, RecordView};
use records::{Register, Rules, Severity};
use words::{Key, Language};

use crate::cli::register::{RegisterArgs, RegisterCommand};
use crate::config::{self, Config};
use crate::exit::{Failure, Outcome};

/// Records that are held at a time.
const PAGE: usize = 500;

pub(crate) fn main(args: &RegisterArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    match &args.command {
        RegisterCommand::List(list) => show_all(&config, list.register, list.json),
        RegisterCommand::Show(show) => show_one(&config, show.register, &show.name),
        RegisterCommand::Items(items) => items_of(&config, items.register),
        RegisterCommand::Set(set) => change::set(&config, set),
        RegisterCommand::Review(review) => change::review(&config, review),
        RegisterCommand::Import(import) => exchange::import(&config, import),
        RegisterCommand::Export(export) => exchange::export(&config, export),
    }
}

/// The validators' rules today.
pub(crate) fn rules(config: &Config) -> Rules {
    let today = Timestamp::now().to_zoned(config.site.zone.clone()).date();
    Rules {
        today,
        ..config.registers.clone()
    }
}

/// Hands every record of a register to `take`, each in its newest revision. A ledger that is not
/// there yet has none.
fn each(
    config: &Config,
    register: Register,
    mut take: impl FnMut(RecordView) -> Outcome,
) -> Outcome {
    let Some(reader) = reader(config)? else {
        return Ok(());
    };
    let mut after = RecordId(0);
    loop {
        let page = reader
            .records(register, after, PAGE)
            .map_err(|e| Failure::job(&e))?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        page.into_iter().try_for_each(&mut take)?;
    }
}

fn reader(config: &Config) -> Result<Option<Reader>, Failure> {
    match Reader::open(&config.data_folder) {
        Ok(reader) => Ok(Some(reader)),
        Err(e) if e.kind() == ledger::ErrorKind::Missing => Ok(None),
        Err(e) => Err(Failure::job(&e)),
    }
}

/// The record that a person calls `name`: its whole identity, or the first part of it if only one
/// begins so. `苏A12345` finds `苏A12345|yellow`.
fn called(config: &Config, register: Register, name: &str) -> Result<RecordView, Failure> {
    let wanted = canonical(config, register, name);
    let mut found: Vec<RecordView> = Vec::new();
    each(config, register, |record| {
        let begins = record.identity.strip_prefix(&wanted);
        let live = record.state != ledger::RecordState::Retired;
        if live && begins.is_some_and(|rest| rest.is_empty() || rest.starts_with('|')) {
            found.push(record);
        }
        Ok(())
    })?;
    let language = config.language;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Failure::Job(
            language.fill(Key::ConsoleNoRecord, &[("name", &name)]),
        )),
        _ => {
            let names: Vec<_> = found.iter().map(|r| r.identity.as_str()).collect();
            let names = names.join(", ");
            let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("names", &names)];
            Err(Failure::Job(
                language.fill(Key::ConsoleManyRecords, &values),
            ))
        }
    }
}

/// The parts of a name as they are stored: `苏a·12345|黄` is `苏A12345|yellow`.
fn canonical(config: &Config, register: Register, name: &str) -> String {
    let rules = rules(config);
    let identity = register
        .items()
        .iter()
        .filter(|item| item.need == records::Need::Identity);
    let parts: Vec<String> = name
        .split(['|', ',', '，'])
        .zip(identity)
        .map(|(part, item)| {
            let value = records::parse(register, item, part, &rules);
            let text = value.ok().and_then(|v| v.as_str().map(str::to_owned));
            text.unwrap_or_else(|| part.trim().to_owned())
        })
        .collect();
    parts.join("|")
}

fn show_all(config: &Config, register: Register, json: bool) -> Outcome {
    let rules = rules(config);
    each(config, register, |record| {
        if json {
            let text = serde_json::to_string(&record).map_err(|e| Failure::job(&e))?;
            return say(&text);
        }
        let (known, all) = records::completeness(register, &record.values, &rules);
        say(&format!(
            "{}  r{}  {}  {known}/{all}  {}  {}",
            record.identity,
            record.revision,
            state_name(config.language, record.state),
            record
                .changed_at
                .to_zoned(config.site.zone.clone())
                .strftime("%Y-%m-%d %H:%M"),
            record.who,
        ))
    })
}

fn show_one(config: &Config, register: Register, name: &str) -> Outcome {
    let language = config.language;
    let record = called(config, register, name)?;
    let Some(reader) = reader(config)? else {
        return Ok(());
    };
    let history = reader
        .record_history(record.key)
        .map_err(|e| Failure::job(&e))?;
    for item in register.items() {
        let shown = match item.shown(record.values.get(item.name), language) {
            records::Cell::Empty => "-".to_owned(),
            records::Cell::Text(text) => text,
            records::Cell::Number(number) => number.to_string(),
        };
        say(&format!("{}  {}  {shown}", item.name, item.label(language)))?;
    }
    findings(config, register, &record)?;
    for revision in history {
        say(&format!(
            "r{}  {}  {}  {}  {}",
            revision.revision,
            state_name(language, revision.state),
            revision
                .changed_at
                .to_zoned(config.site.zone.clone())
                .strftime("%Y-%m-%d %H:%M"),
            revision.who,
            revision.why
        ))?;
    }
    Ok(())
}

fn findings(config: &Config, register: Register, record: &RecordView) -> Outcome {
    for finding in records::validate(register, &record.values, &rules(config)) {
        let mark = severity_name(config.language, finding.severity);
        say(&format!("[{mark}] {}", finding.text(config.language)))?;
    }
    Ok(())
}

fn items_of(config: &Config, register: Register) -> Outcome {
    for item in register.items() {
        let choices = match item.kind {
            records::Kind::Code(table) => table.choices(config.language),
            _ => String::new(),
        };
        let line = format!("{}  {}  {}  {choices}", item.name, item.zh, item.en);
        say(line.trim_end())?;
    }
    Ok(())
}

fn state_name(language: Language, state: ledger::RecordState) -> &'static str {
    language.text(match state {
        ledger::RecordState::Draft => Key::RecordDraft,
        ledger::RecordState::Checked => Key::RecordChecked,
        ledger::RecordState::Approved => Key::RecordApproved,
        ledger::RecordState::Rejected => Key::RecordRejected,
        ledger::RecordState::Retired => Key::RecordRetired,
    })
}

fn severity_name(language: Language, severity: Severity) -> &'static str {
    language.text(match severity {
        Severity::Hint => Key::SeverityHint,
        Severity::Warning => Key::SeverityWarning,
        Severity::Missing => Key::SeverityMissing,
        Severity::Wrong => Key::SeverityWrong,
    })
}

/// A line of output; a reader that has gone away has seen enough.
pub(crate) fn say(text: &str) -> Outcome {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Err(Failure::Told),
        other => other.map_err(|e| Failure::job(&e)),
    }
}

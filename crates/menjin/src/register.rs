//! `menjin register`: looks at the registers and changes them.

use std::path::Path;

use guardwork::ByArgs;
use jiff::Timestamp;
use orders::register::{
    By, Import, Registers, finding_lines, item_lines, severity_name, state_name,
};
use orders::{Done, Order};
use passage::{RecordState, RecordView, Register};
use records::{Rules, Severity, TableFormat};
use words::{Key, Said};

use crate::cli::register::{
    ExportArgs, ImportArgs, RegisterArgs, RegisterCommand, ReviewArgs, ReviewVerdict, SetArgs,
};
use crate::exit::{Failure, Outcome};
use crate::print::{print, say};
use crate::store::{site, submit};
use config::Config;

/// Approvals that go in one commit, so that the gate's own commits get their turn between.
const APPROVE_AT_ONCE: usize = 100;

pub(crate) fn main(args: &RegisterArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    match &args.command {
        RegisterCommand::List(list) => show_all(&config, list.register, list.json),
        RegisterCommand::Show(show) => show_one(&config, show.register, &show.name),
        RegisterCommand::Items(items) => print(&item_lines(items.register, config.language)),
        RegisterCommand::Set(args) => set(&config, args),
        RegisterCommand::Review(args) => review(&config, args),
        RegisterCommand::Import(args) => import(&config, args),
        RegisterCommand::Export(args) => export(&config, args),
    }
}

/// The validators' rules today.
pub(crate) fn rules(config: &Config) -> Rules {
    site(config).register_rules(Timestamp::now())
}

fn open(config: &Config) -> Result<Registers, Failure> {
    let registers = Registers::open(&config.data_folder, rules(config));
    Ok(registers?)
}

fn called(config: &Config, register: Register, name: &str) -> Result<RecordView, Failure> {
    let found = open(config)?.called(register, name);
    Ok(found?)
}

fn show_all(config: &Config, register: Register, json: bool) -> Outcome {
    let registers = open(config)?;
    for record in registers.records(register) {
        let record = record?;
        if json {
            say(&serde_json::to_string(&record)?)?;
            continue;
        }
        say(&registers.line(&record, &config.site.zone, config.language))?;
    }
    Ok(())
}

fn show_one(config: &Config, register: Register, name: &str) -> Outcome {
    let (language, zone) = (config.language, &config.site.zone);
    let record = called(config, register, name)?;
    let lines = open(config)?.lines(&record, zone, language);
    print(&lines?)
}

fn set(config: &Config, args: &SetArgs) -> Outcome {
    let (language, name) = (config.language, args.name.as_deref());
    let change = open(config)?.set(args.register, name, &args.items, by(&args.by));
    let change = change?;
    let name = change.identity.clone();
    let revisions = vec![change];
    submit(config, Order::Records { revisions })?;
    let record = called(config, args.register, &name)?;
    let (revision, state) = (record.revision, state_name(language, record.state));
    say(&format!("{name}  r{revision}  {state}"))?;
    print(&finding_lines(&open(config)?.findings(&record), language))
}

fn review(config: &Config, args: &ReviewArgs) -> Outcome {
    let language = config.language;
    let registers = open(config)?;
    let chosen = match &args.name {
        Some(name) => registers.called(args.register, name).map(|one| vec![one]),
        None if args.all_checked => registers.checked(args.register),
        None => return Err(Failure::usage(Key::AskReview)),
    };
    let chosen = chosen?;
    let state = match args.verdict {
        ReviewVerdict::Approve => RecordState::Approved,
        ReviewVerdict::Reject => RecordState::Rejected,
        ReviewVerdict::Retire => RecordState::Retired,
    };
    let mut revisions = match registers.review(&chosen, state, by(&args.by)) {
        Ok(revisions) => revisions,
        Err(error) => {
            if let orders::Error::Incomplete { findings, .. } = &error {
                print(&finding_lines(findings, language))?;
            }
            return Err(error.into());
        }
    };
    let mut done = 0;
    while !revisions.is_empty() {
        let rest = revisions.split_off(revisions.len().min(APPROVE_AT_ONCE));
        let now = std::mem::replace(&mut revisions, rest);
        if let Done::Records(count) = submit(config, Order::Records { revisions: now })? {
            done += count;
        }
    }
    if done > 0 || !args.all_checked {
        let (count, state) = (done, state_name(language, state));
        let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &count), ("state", &state)];
        say(&language.fill(Key::ConsoleReviewed, &values))?;
    }
    if !args.all_checked {
        return Ok(());
    }
    let drafts = registers.draft_lines(args.register, language);
    print(&drafts?)?;
    match done {
        0 => Err(Failure::Job(Key::ConsoleNoneChecked.into())),
        _ => Ok(()),
    }
}

fn import(config: &Config, args: &ImportArgs) -> Outcome {
    let language = config.language;
    let registers = open(config)?;
    let of_file = |e: orders::Error| table_failure(&args.file, e);
    let table = orders::register::table(&args.file, format(&args.file)?).map_err(of_file)?;
    let import = Import::read(&table, args.register, &registers).map_err(of_file)?;
    for finding in &import.findings {
        if finding.severity == Severity::Wrong || args.all_findings {
            let mark = severity_name(language, finding.severity);
            say(&format!("[{mark}] {}", finding.text(language)))?;
        }
    }
    let wrong = import.mistakes();
    if wrong > 0 {
        let why = Said::with(Key::ConsoleNothingImported, "count", wrong);
        return Err(Failure::Job(why));
    }
    let (rows, folder) = (import.rows(), args.file.parent().unwrap_or(Path::new(".")));
    let revisions = registers.import(args.register, import, Some(folder), by(&args.by));
    let revisions = revisions?;
    let count = revisions.len();
    if count > 0 {
        // One order, one commit: all of it or nothing.
        let Done::Records(_) = submit(config, Order::Records { revisions })? else {
            return Err(Failure::Job(Key::ControlOtherAnswer.into()));
        };
    }
    let same = rows - count;
    say(&language.fill(Key::ConsoleImported, &[("count", &count), ("same", &same)]))
}

fn export(config: &Config, args: &ExportArgs) -> Outcome {
    let language = args.language.unwrap_or(config.language);
    let registers = open(config)?;
    let format = format(&args.file)?;
    let count = reports::whole_file(&args.file, |out| {
        let all = registers.records(args.register);
        reports::register(args.register, all, args.retired, (out, format), language)
    });
    let count = count?;
    let file = args.file.display();
    let language = config.language;
    say(&language.fill(Key::ConsoleExported, &[("count", &count), ("file", &file)]))
}

/// What kind of table a file is.
pub(crate) fn format(path: &Path) -> Result<TableFormat, Failure> {
    let wrong = || Failure::usage(Said::with(Key::AskTableFormat, "path", path.display()));
    TableFormat::of(path).ok_or_else(wrong)
}

/// Why a table was not taken, with its name.
pub(crate) fn table_failure(path: &Path, error: orders::Error) -> Failure {
    match error {
        orders::Error::Table(_) => {
            let why = Said::in_each(|language| error.text(language));
            Failure::Job(Said::about(path.display(), why))
        }
        other => other.into(),
    }
}

fn by(args: &ByArgs) -> By<'_> {
    By {
        who: &args.who,
        why: &args.why,
    }
}

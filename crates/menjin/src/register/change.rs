//! Changing one record, and reviewing what was changed.

use std::path::Path;

use ledger::{RecordKey, RecordState, RecordView, Register};
use records::{Kind, Severity, Values};
use serde_json::Value;
use words::Key;

use super::{called, each, rules, say};
use crate::cli::register::{ReviewArgs, SetArgs, Verdict};
use crate::config::Config;
use crate::control::{Done, FileWire, Order, RevisionWire, submit};
use crate::exit::{Failure, Outcome};

/// Approvals that go in one commit, so that the gate's own commits get their turn between.
const APPROVE_AT_ONCE: usize = 100;

/// A revision of a record, or of a new one.
pub(super) fn revision(
    register: Register,
    before: Option<&RecordView>,
    identity: String,
    values: Values,
    state: RecordState,
    (who, why): (&str, &str),
) -> RevisionWire {
    RevisionWire {
        key: before.map_or_else(RecordKey::random, |record| record.key),
        register,
        base: before.map_or(0, |record| record.revision),
        identity,
        values,
        state,
        who: who.to_owned(),
        why: why.to_owned(),
        files: Vec::new(),
    }
}

/// What the validators make of values: checked, or a draft that lacks something; wrong is refused.
pub(super) fn state_of(
    config: &Config,
    register: Register,
    values: &Values,
) -> Result<RecordState, Failure> {
    let found = records::validate(register, values, &rules(config));
    let told = |severity| {
        let texts: Vec<String> = found
            .iter()
            .filter(|f| f.severity == severity)
            .map(|f| f.text(config.language))
            .collect();
        texts.join("\n")
    };
    let wrong = told(Severity::Wrong);
    if !wrong.is_empty() {
        return Err(Failure::Job(wrong));
    }
    Ok(if told(Severity::Missing).is_empty() {
        RecordState::Checked
    } else {
        RecordState::Draft
    })
}

pub(super) fn set(config: &Config, args: &SetArgs) -> Outcome {
    let register = args.register;
    let rules = rules(config);
    let mut changed = Values::new();
    let mut files = Vec::new();
    for pair in &args.items {
        let Some((name, text)) = pair.split_once('=') else {
            return Err(Failure::usage(format!("{pair}: write ITEM=VALUE")));
        };
        let item = register
            .items()
            .iter()
            .find(|item| [item.name, item.zh, item.en].contains(&name.trim()));
        let Some(item) = item else {
            let words = config.language.fill(Key::ConsoleNoItem, &[("name", &name)]);
            return Err(Failure::usage(words));
        };
        if matches!(item.kind, Kind::File) && !text.is_empty() {
            files.push(FileWire::of(item.name, &file_bytes(Path::new(text))?));
            // Its place is taken until the ledger knows the hash.
            changed.insert(item.name.to_owned(), Value::String("0".repeat(64)));
            continue;
        }
        match records::parse(register, item, text, &rules) {
            Ok(value) => drop(changed.insert(item.name.to_owned(), value)),
            Err(said) => {
                let label = item.label(config.language);
                let words = said.text(config.language);
                return Err(Failure::usage(format!("{label} \"{text}\": {words}")));
            }
        }
    }
    let before = match &args.name {
        Some(name) => Some(called(config, register, name)?),
        None => existing(config, register, &changed)?,
    };
    let mut values = before
        .as_ref()
        .map_or_else(Values::new, |r| r.values.clone());
    values.extend(changed);
    let Some(identity) = records::identity(register, &values) else {
        let needed: Vec<_> = register
            .items()
            .iter()
            .filter(|item| item.need == records::Need::Identity)
            .map(|item| format!("{} ({})", item.name, item.zh))
            .collect();
        let needed = needed.join(", ");
        let words = config
            .language
            .fill(Key::ConsoleNoIdentity, &[("items", &needed)]);
        return Err(Failure::usage(words));
    };
    let state = state_of(config, register, &values)?;
    let by = (args.by.who.as_str(), args.by.why.as_str());
    let mut wire = revision(register, before.as_ref(), identity, values, state, by);
    wire.files = files;
    let name = wire.identity.clone();
    submit(
        config,
        Order::Records {
            revisions: vec![wire],
        },
    )?;
    let record = called(config, register, &name)?;
    say(&format!(
        "{name}  r{}  {}",
        record.revision,
        super::state_name(config.language, record.state)
    ))?;
    super::findings(config, register, &record)
}

fn existing(
    config: &Config,
    register: Register,
    values: &Values,
) -> Result<Option<RecordView>, Failure> {
    let (Some(identity), Some(reader)) =
        (records::identity(register, values), super::reader(config)?)
    else {
        return Ok(None);
    };
    reader
        .record_called(register, &identity)
        .map_err(|e| Failure::job(&e))
}

/// The largest licence that is taken.
const FILE_BYTES: u64 = 10 << 20;

pub(super) fn file_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |text: String| Failure::Job(format!("{}: {text}", path.display()));
    let meta = std::fs::metadata(path).map_err(|e| failed(e.to_string()))?;
    if !meta.is_file() || meta.len() > FILE_BYTES {
        return Err(failed(format!(
            "no file of at most {} MiB",
            FILE_BYTES >> 20
        )));
    }
    std::fs::read(path).map_err(|e| failed(e.to_string()))
}

pub(super) fn review(config: &Config, args: &ReviewArgs) -> Outcome {
    let register = args.register;
    let chosen = match &args.name {
        Some(name) => vec![called(config, register, name)?],
        None if args.all_checked => {
            let mut checked = Vec::new();
            each(config, register, |record| {
                if record.state == RecordState::Checked {
                    checked.push(record);
                }
                Ok(())
            })?;
            checked
        }
        None => return Err(Failure::usage("name a record, or give --all-checked")),
    };
    let state = match args.verdict {
        Verdict::Approve => RecordState::Approved,
        Verdict::Reject => RecordState::Rejected,
        Verdict::Retire => RecordState::Retired,
    };
    let mut revisions = Vec::new();
    for record in &chosen {
        if state == RecordState::Approved
            && state_of(config, register, &record.values)? != RecordState::Checked
        {
            super::findings(config, register, record)?;
            let name = &record.identity;
            let words = config
                .language
                .fill(Key::ConsoleIncomplete, &[("name", name)]);
            return Err(Failure::Job(words));
        }
        let by = (args.by.who.as_str(), args.by.why.as_str());
        let (name, values) = (record.identity.clone(), record.values.clone());
        revisions.push(revision(register, Some(record), name, values, state, by));
    }
    let mut done = 0;
    while !revisions.is_empty() {
        let rest = revisions.split_off(revisions.len().min(APPROVE_AT_ONCE));
        let now = std::mem::replace(&mut revisions, rest);
        if let Done::Records(count) = submit(config, Order::Records { revisions: now })? {
            done += count;
        }
    }
    let (count, state) = (done, super::state_name(config.language, state));
    let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &count), ("state", &state)];
    say(&config.language.fill(Key::ConsoleReviewed, &values))
}

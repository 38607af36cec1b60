//! Records and their items, as a page shows them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use passage::{RecordView, Register};
use records::{
    Cell, Finding, Need, RegisterItem, RowFinding, Rules, Severity, ValueKind, completeness,
    validate,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::texts::Texts;

/// An item of a register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemSeen {
    /// The standard's name.
    name: &'static str,
    label: Texts,
    /// It names the record.
    is_identity: bool,
    /// A record that lacks it is not approved.
    is_mandatory: bool,
    /// How it is typed: `text`, `choice`, `date`, `number` or `file`.
    input: &'static str,
    /// Of a `choice`, everything that may be chosen.
    choices: Vec<Choice>,
    /// Longest text, in characters.
    max_chars: usize,
}

/// One thing that may be chosen.
#[derive(Debug, Serialize, ToSchema)]
struct Choice {
    code: &'static str,
    label: Texts,
}

/// A record in one revision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordSeen {
    /// Its name everywhere, 32 hexadecimal digits.
    key: String,
    identity: String,
    revision: u32,
    /// `draft`, `checked`, `approved`, `rejected` or `retired`.
    state: String,
    /// By name of item, as stored.
    #[schema(value_type = Object)]
    values: Map<String, Value>,
    /// By name of item, as people read it; what is not known is left out.
    #[schema(value_type = BTreeMap<String, Texts>)]
    shown: BTreeMap<&'static str, Texts>,
    changed_at: Timestamp,
    who: String,
    why: String,
    /// The items that are files.
    files: Vec<FileSeen>,
    /// What the validators say of it today.
    findings: Vec<FindingSeen>,
    /// Items that are known, of all that it should have.
    known: usize,
    all: usize,
}

/// A file of a record.
#[derive(Debug, Serialize, ToSchema)]
struct FileSeen {
    /// Name of the item.
    item: String,
    /// `image/jpeg`, `image/png` or `application/pdf`.
    media_type: String,
    size_bytes: u64,
}

/// What is to be said of an item, a row of a table, or both.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingSeen {
    /// `hint`, `warning`, `missing` or `wrong`.
    severity: &'static str,
    /// The item, where it is about one.
    item: Option<&'static str>,
    /// Row of the table, counted from 1, where it is about one.
    row: Option<u32>,
    text: Texts,
}

impl ItemSeen {
    fn of(register: Register, item: &RegisterItem, rules: &Rules) -> Self {
        let need = rules.need(register, item);
        Self {
            name: item.name,
            label: Texts::each(|language| item.label(language).to_owned()),
            is_identity: need == Need::Identity,
            is_mandatory: need != Need::Wanted,
            input: input(item.kind),
            choices: choices(item.kind),
            max_chars: rules.max_chars(register, item),
        }
    }
}

/// Every item of a register, in the standard's order.
pub(crate) fn item_seen(register: Register, rules: &Rules) -> Vec<ItemSeen> {
    let items = records::items(register).iter();
    items
        .map(|item| ItemSeen::of(register, item, rules))
        .collect()
}

fn input(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Code(_) => "choice",
        ValueKind::Date => "date",
        ValueKind::Count | ValueKind::Longitude | ValueKind::Latitude | ValueKind::Port => "number",
        ValueKind::File => "file",
        _ => "text",
    }
}

fn choices(kind: ValueKind) -> Vec<Choice> {
    let ValueKind::Code(table) = kind else {
        return Vec::new();
    };
    let codes = table.codes().iter();
    codes
        .map(|code| Choice {
            code: code.code,
            label: Texts::each(|language| code.name(language).to_owned()),
        })
        .collect()
}

impl RecordSeen {
    pub(crate) fn of(record: &RecordView, rules: &Rules) -> Self {
        let (known, all) = completeness(record.register, &record.values, rules);
        let findings = validate(record.register, &record.values, rules);
        let file = |file: &passage::FileView| FileSeen {
            item: file.item.clone(),
            media_type: file.media_type.clone(),
            size_bytes: file.size_bytes,
        };
        Self {
            key: record.key.to_string(),
            identity: record.identity.clone(),
            revision: record.revision,
            state: record.state.to_string(),
            values: record.values.clone(),
            shown: shown(record),
            changed_at: record.changed_at,
            who: record.who.clone(),
            why: record.why.clone(),
            files: record.files.iter().map(file).collect(),
            findings: findings.iter().map(FindingSeen::of).collect(),
            known,
            all,
        }
    }
}

impl FindingSeen {
    pub(crate) fn of(finding: &Finding) -> Self {
        Self {
            severity: severity(finding.severity),
            item: Some(finding.item.name),
            row: None,
            text: finding.said.clone().into(),
        }
    }

    pub(crate) fn of_row(finding: &RowFinding) -> Self {
        Self {
            severity: severity(finding.severity),
            item: finding.item.map(|item| item.name),
            row: Some(finding.row),
            text: Texts::each(|language| finding.text(language)),
        }
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Hint => "hint",
        Severity::Warning => "warning",
        Severity::Missing => "missing",
        Severity::Wrong => "wrong",
    }
}

fn shown(record: &RecordView) -> BTreeMap<&'static str, Texts> {
    let known = records::items(record.register).iter().filter_map(|item| {
        let value = record
            .values
            .get(item.name)
            .filter(|value| !value.is_null())?;
        let text = |language| text(item.shown(Some(value), language));
        Some((item.name, Texts::each(text)))
    });
    known.collect()
}

fn text(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Time(time) => time.to_string(),
    }
}

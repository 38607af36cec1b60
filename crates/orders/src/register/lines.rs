//! Records and what is said of them, in lines for a person.

use jiff::tz::TimeZone;
use passage::{RecordState, RecordView, Register};
use records::{Finding, Severity, ValueKind};
use words::{Key, Language, to_minute};

use super::{Registers, severity_name, state_name};
use crate::Error;

/// Drafts that are told of when nothing can be approved; the rest comes after these are settled.
const MOST_DRAFTS: usize = 20;

/// The items of a register with what they may hold, one a line.
#[must_use]
pub fn item_lines(register: Register, language: Language) -> Vec<String> {
    let items = records::items(register).iter();
    items
        .map(|item| {
            let choices = match item.kind {
                ValueKind::Code(table) => table.choices(language),
                _ => String::new(),
            };
            let line = format!("{}  {}  {}  {choices}", item.name, item.zh, item.en);
            line.trim_end().to_owned()
        })
        .collect()
}

/// What the validators say, one a line.
#[must_use]
pub fn finding_lines(findings: &[Finding], language: Language) -> Vec<String> {
    let line = |finding: &Finding| {
        let mark = severity_name(language, finding.severity);
        format!("[{mark}] {}", finding.text(language))
    };
    findings.iter().map(line).collect()
}

impl Registers {
    /// A record in one line: name, revision, state, known items of all items, when and by whom it was
    /// changed.
    #[must_use]
    pub fn line(&self, record: &RecordView, zone: &TimeZone, language: Language) -> String {
        let (known, all) = self.completeness(record);
        format!(
            "{}  r{}  {}  {known}/{all}  {}  {}",
            record.identity,
            record.revision,
            state_name(language, record.state),
            to_minute(record.changed_at, zone),
            record.who,
        )
    }

    /// A record with all its items, what the validators say of it, and its revisions.
    ///
    /// # Errors
    /// When the ledger can't be read.
    pub fn lines(
        &self,
        record: &RecordView,
        zone: &TimeZone,
        language: Language,
    ) -> Result<Vec<String>, Error> {
        let mut lines = Vec::new();
        for item in records::items(record.register) {
            let shown = item.shown(record.values.get(item.name), language);
            let shown = match shown {
                records::Cell::Empty => "-".to_owned(),
                shown => shown.to_string(),
            };
            lines.push(format!("{}  {}  {shown}", item.name, item.label(language)));
        }
        lines.extend(finding_lines(&self.findings(record), language));
        for revision in self.history(record)? {
            lines.push(format!(
                "r{}  {}  {}  {}  {}",
                revision.revision,
                state_name(language, revision.state),
                to_minute(revision.changed_at, zone),
                revision.who,
                revision.why
            ));
        }
        Ok(lines)
    }

    /// The drafts of a register, each with what is missing or wrong, and how many there are; nothing
    /// when there are none.
    ///
    /// # Errors
    /// When the ledger can't be read.
    pub fn draft_lines(
        &self,
        register: Register,
        language: Language,
    ) -> Result<Vec<String>, Error> {
        let (mut lines, mut drafts) = (Vec::new(), 0);
        for record in self.records(register) {
            let record = record?;
            if record.state != RecordState::Draft {
                continue;
            }
            drafts += 1;
            if drafts <= MOST_DRAFTS {
                let findings = self.findings(&record);
                let hindering = findings.iter().filter(|f| f.severity >= Severity::Missing);
                let said: Vec<_> = hindering.map(|f| f.text(language)).collect();
                lines.push(format!("{}  {}", record.identity, said.join("; ")));
            }
        }
        if drafts > 0 {
            lines.push(language.fill(Key::ConsoleDrafts, &[("count", &drafts)]));
        }
        Ok(lines)
    }
}

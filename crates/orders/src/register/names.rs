//! What states and findings are called.

use passage::RecordState;
use records::Severity;
use words::{Key, Language};

/// How far a revision has come.
#[must_use]
pub fn state_name(language: Language, state: RecordState) -> &'static str {
    language.text(match state {
        RecordState::Draft => Key::RecordDraft,
        RecordState::Checked => Key::RecordChecked,
        RecordState::Approved => Key::RecordApproved,
        RecordState::Rejected => Key::RecordRejected,
        RecordState::Retired => Key::RecordRetired,
    })
}

/// How bad a finding is.
#[must_use]
pub fn severity_name(language: Language, severity: Severity) -> &'static str {
    language.text(match severity {
        Severity::Hint => Key::SeverityHint,
        Severity::Warning => Key::SeverityWarning,
        Severity::Missing => Key::SeverityMissing,
        Severity::Wrong => Key::SeverityWrong,
    })
}

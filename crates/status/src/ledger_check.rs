//! The ledger against its files, in words.

use std::path::Path;

use housekeeping::Standing;
use ledger::{CheckFinding, CheckOptions, ErrorKind, Reader};
use words::{Group, Key, Language, Said};

/// How the ledger in `data` stands against its files: every difference with what to do about it.
#[must_use]
pub fn ledger_standing(data: &Path, language: Language) -> Standing {
    match looked_at(data, language) {
        Ok(standing) => standing,
        Err(error) if error.kind() == ErrorKind::Missing => {
            let said = Said::with(Key::CheckNoLedger, "path", data.display());
            Standing {
                fine: vec![said.text(language)],
                wrong: Vec::new(),
            }
        }
        Err(error) => Standing {
            fine: Vec::new(),
            wrong: vec![error.said().text(language)],
        },
    }
}

fn looked_at(data: &Path, language: Language) -> ledger::Result<Standing> {
    let reader = Reader::open(data)?;
    let findings = reader.check(&CheckOptions::default())?;
    let mut standing = Standing::default();
    if findings.is_empty() {
        let counts = reader.counts()?;
        let said = Said::with(Key::CheckLedger, "passages", counts.passages);
        let said = said.and("photos", counts.photos);
        standing.fine.push(said.text(language));
    }
    let told = findings.iter().map(|finding| told(finding, language));
    standing.wrong.extend(told);
    Ok(standing)
}

/// A finding with where it is and what to do about it.
fn told(finding: &CheckFinding, language: Language) -> String {
    let code = finding.code.as_str();
    let mut what = language.named(Group::LedgerFinding, code).to_owned();
    if let Some(path) = &finding.path {
        what = format!("{what} {path}");
    }
    if let Some(id) = finding.passage {
        what = language.fill(Key::CheckOfPassage, &[("what", &what), ("number", &id)]);
    }
    language.fill(
        Key::CheckFinding,
        &[
            ("what", &what),
            ("detail", &finding.detail.text(language)),
            ("next", &language.named(Group::LedgerRemedy, code)),
        ],
    )
}

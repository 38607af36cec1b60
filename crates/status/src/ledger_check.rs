//! The ledger against its files, in words.

use std::path::Path;

use housekeeping::Standing;
use ledger::{CheckFinding, CheckOptions, ErrorKind, FindingCode, Reader};

/// How the ledger in `data` stands against its files: every difference with what to do about it.
#[must_use]
pub fn ledger_standing(data: &Path) -> Standing {
    match looked_at(data) {
        Ok(standing) => standing,
        Err(error) if error.kind() == ErrorKind::Missing => Standing {
            fine: vec![format!(
                "no ledger yet in {}; the first run makes it",
                data.display()
            )],
            wrong: Vec::new(),
        },
        Err(error) => Standing {
            fine: Vec::new(),
            wrong: vec![error.to_string()],
        },
    }
}

fn looked_at(data: &Path) -> ledger::Result<Standing> {
    let reader = Reader::open(data)?;
    let findings = reader.check(&CheckOptions::default())?;
    let mut standing = Standing::default();
    if findings.is_empty() {
        let counts = reader.counts()?;
        standing.fine.push(format!(
            "ledger: {} passages, {} photos",
            counts.passages, counts.photos
        ));
    }
    standing.wrong.extend(findings.iter().map(told));
    Ok(standing)
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

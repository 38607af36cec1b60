//! Rules that people put in force, in their revisions: strategies and visitors. What is in them the
//! ledger does not know.

pub(crate) mod reviews;

use passage::{NewRule, RecordKey, RuleKind, RuleState, RuleView};
use rusqlite::{Connection, Params, Row, params};
use words::{Key, Said};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::reader::Reader;
use crate::rows::{self, bad_value};
use crate::writer::Writer;

const RULE: &str =
    "SELECT r.rule, r.kind, r.revision, r.state, r.content, r.downlink_id, r.who, r.why,
        r.at_ms FROM rule_revisions r ";
const NEWEST: &str = "r.revision = (SELECT max(revision) FROM rule_revisions WHERE rule = r.rule)";

impl Writer {
    /// Appends a revision of a rule, and gives its number.
    ///
    /// # Errors
    /// `Conflict` when the rule was changed since the revision named as base, or when another rule was
    /// made of the same words of a platform; `Invalid` without a person or a reason; else see
    /// [`ErrorKind`].
    pub fn write_rule(&mut self, new: &NewRule) -> Result<u32> {
        if new.who.trim().is_empty() || new.why.trim().is_empty() {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerRuleNeeds));
        }
        let mut conflict = None;
        let revision = new.base + 1;
        let written = self.committed("could not write a rule", &[Topic::Rules], |to| {
            conflict = clash(to, new)?;
            if conflict.is_some() {
                return Ok(());
            }
            to.prepare_cached(
                "INSERT INTO rule_revisions
                     (rule, kind, revision, state, content, downlink_id, who, why, at_ms)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                new.key.to_string(),
                new.kind.as_str(),
                revision,
                new.state.as_str(),
                new.content.to_string(),
                new.downlink,
                new.who,
                new.why,
                new.at.as_millisecond(),
            ])?;
            Ok(())
        });
        match conflict {
            Some(why) => Err(Error::refused(ErrorKind::Conflict, why)),
            None => written.map(|()| revision),
        }
    }
}

/// Why this revision is not the next one.
fn clash(from: &Connection, new: &NewRule) -> rusqlite::Result<Option<Said>> {
    let rest = format!("WHERE r.rule = ? AND {NEWEST}");
    let before = rules(from, &rest, [new.key.to_string()])?.pop();
    let held = before.as_ref().map_or(0, |before| before.revision);
    if held != new.base {
        let said = Said::with(Key::LedgerRuleChanged, "revision", held);
        return Ok(Some(match before {
            Some(before) => said.and("who", before.who).and("why", before.why),
            None => said.and("who", "?").and("why", "?"),
        }));
    }
    let Some(downlink) = new.downlink.filter(|_| new.base == 0) else {
        return Ok(None);
    };
    let rest = format!("WHERE r.downlink_id = ? AND {NEWEST}");
    let other = rules(from, &rest, [downlink])?.pop();
    Ok(other.map(|other| {
        let said = Said::with(Key::LedgerRuleThere, "downlink", downlink);
        said.and("who", other.who)
            .and_said("state", state_said(other.state))
    }))
}

fn state_said(state: RuleState) -> Key {
    match state {
        RuleState::InForce => Key::RuleInForce,
        RuleState::Ended => Key::RuleEnded,
        RuleState::Rejected => Key::RuleRejected,
    }
}

impl Reader {
    /// The newest revision of each rule of a kind, oldest rule first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn rules(&self, kind: RuleKind) -> Result<Vec<RuleView>> {
        let rest = format!(
            "WHERE r.kind = ? AND {NEWEST}
             ORDER BY (SELECT id FROM rule_revisions WHERE rule = r.rule AND revision = 1)"
        );
        self.read(|from| rules(from, &rest, [kind.as_str()]))
    }

    /// Every revision of one rule, oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn rule_history(&self, key: RecordKey) -> Result<Vec<RuleView>> {
        let rest = "WHERE r.rule = ? ORDER BY r.revision";
        self.read(|from| rules(from, rest, [key.to_string()]))
    }
}

fn rules(from: &Connection, rest: &str, params: impl Params) -> rusqlite::Result<Vec<RuleView>> {
    from.prepare_cached(&format!("{RULE}{rest}"))?
        .query_map(params, rule)?
        .collect()
}

fn rule(row: &Row<'_>) -> rusqlite::Result<RuleView> {
    Ok(RuleView {
        key: rows::code(row, 0)?,
        kind: rows::code(row, 1)?,
        revision: row.get(2)?,
        state: rows::code(row, 3)?,
        content: serde_json::from_str(row.get_ref(4)?.as_str()?).map_err(|e| bad_value(4, e))?,
        downlink: row.get(5)?,
        who: row.get(6)?,
        why: row.get(7)?,
        at: rows::time(row, 8)?,
    })
}

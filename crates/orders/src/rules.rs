//! Strategies and visitors that people put in force, and what they say of vehicles over the limit.

use std::path::Path;

use jiff::Timestamp;
use ledger::{DownlinkView, NewFile, NewReview, Reader};
use passage::{NewRule, RecordKey, ReviewAnswer, RuleKind, RuleState, RuleView};
use policy::{STRATEGY_BYTES, Strategy, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use words::{Key, Said};

use crate::attachment::kept_form;
use crate::register::file_bytes;
use crate::{Attachment, Done, Error, Refused, Site, Writes};

/// Digits of a rule's key that name it where no other one begins so.
const LEAST_DIGITS: usize = 4;
const KEY_DIGITS: usize = 32;

/// A revision of a rule on its way to the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
#[serde(deny_unknown_fields)]
pub struct RuleChange {
    pub key: RecordKey,
    pub kind: RuleKind,
    pub base: u32,
    pub state: RuleState,
    pub content: Value,
    pub downlink: Option<i64>,
    pub who: String,
    pub why: String,
}

/// What a person says of an entry that a platform sent down, on its way to the ledger.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
#[serde(deny_unknown_fields)]
pub struct ReviewChange {
    pub downlink: i64,
    pub answer: ReviewAnswer,
    pub who: String,
    pub why: String,
    #[serde(default)]
    pub evidence: Option<Attachment>,
}

/// A strategy that a platform sent down, and what a person made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SentStrategy {
    /// The platform's words.
    pub entry: DownlinkView,
    /// The rule that was made of them, or their rejection.
    pub rule: Option<RuleView>,
}

impl SentStrategy {
    /// What a person may start from; none where the words mean none of the common strategies.
    #[must_use]
    pub fn proposal(&self) -> Option<Strategy> {
        Strategy::proposed(&self.entry.parsed, self.entry.received_at)
    }
}

/// Strategies that platforms sent down, oldest first.
///
/// # Errors
/// When the ledger can't be read.
pub fn sent_strategies(reader: &Reader) -> Result<Vec<SentStrategy>, Error> {
    let rules = reader.rules(RuleKind::Strategy)?;
    let made_of = |id: i64| rules.iter().find(|rule| rule.downlink == Some(id)).cloned();
    let entries = reader.downlinks("strategy")?.into_iter();
    let sent = entries.map(|entry| SentStrategy {
        rule: made_of(entry.id),
        entry,
    });
    Ok(sent.collect())
}

/// The strategy that a platform sent down under this number of the ledger.
///
/// # Errors
/// When there is none, or the ledger can't be read.
pub fn sent_strategy(reader: &Reader, id: i64) -> Result<SentStrategy, Error> {
    let mut sent = sent_strategies(reader)?.into_iter();
    let found = sent.find(|sent| sent.entry.id == id);
    found.ok_or_else(|| Error::NoRule(id.to_string()))
}

/// The rule whose key begins so.
///
/// # Errors
/// When there is none or more than one, or the ledger can't be read.
pub fn rule_called(reader: &Reader, kind: RuleKind, name: &str) -> Result<RuleView, Error> {
    let name = records::narrow(name).trim().to_lowercase();
    let fits = |rule: &RuleView| rule.key.to_string().starts_with(&name);
    let mut found = reader.rules(kind)?.into_iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(rule), None) if name.len() >= LEAST_DIGITS => Ok(rule),
        _ => Err(Error::NoRule(name)),
    }
}

impl RuleChange {
    /// Puts a strategy in force: a new one, or in place of `replaces`. `sent` is the number of the
    /// platform's words that it was made of.
    ///
    /// # Errors
    /// When it can't be written as JSON.
    pub fn strategy(
        strategy: &Strategy,
        sent: Option<i64>,
        replaces: Option<&RuleView>,
        (who, why): (&str, &str),
    ) -> Result<Self, Error> {
        let content = serde_json::to_value(strategy).map_err(|e| Error::NoAnswer(e.into()))?;
        let new = Self::new(RuleKind::Strategy, content, replaces, (who, why));
        Ok(Self {
            downlink: sent.or(new.downlink),
            ..new
        })
    }

    /// Lets a visitor come.
    ///
    /// # Errors
    /// When it can't be written as JSON.
    pub fn visitor(
        visitor: &Visitor,
        replaces: Option<&RuleView>,
        (who, why): (&str, &str),
    ) -> Result<Self, Error> {
        let content = serde_json::to_value(visitor).map_err(|e| Error::NoAnswer(e.into()))?;
        Ok(Self::new(RuleKind::Visitor, content, replaces, (who, why)))
    }

    fn new(
        kind: RuleKind,
        content: Value,
        replaces: Option<&RuleView>,
        (who, why): (&str, &str),
    ) -> Self {
        Self {
            key: replaces.map_or_else(RecordKey::random, |rule| rule.key),
            kind,
            base: replaces.map_or(0, |rule| rule.revision),
            state: RuleState::InForce,
            content,
            downlink: replaces.and_then(|rule| rule.downlink),
            who: who.to_owned(),
            why: why.to_owned(),
        }
    }

    /// Ends a rule; what it was stays.
    #[must_use]
    pub fn ended(rule: &RuleView, by: (&str, &str)) -> Self {
        Self {
            state: RuleState::Ended,
            ..Self::new(rule.kind, rule.content.clone(), Some(rule), by)
        }
    }

    /// Refuses what a platform sent.
    #[must_use]
    pub fn rejected(sent: i64, by: (&str, &str)) -> Self {
        Self {
            state: RuleState::Rejected,
            downlink: Some(sent),
            ..Self::new(RuleKind::Strategy, Value::Object(Map::new()), None, by)
        }
    }

    /// As the ledger takes it, when the rule is sound.
    fn checked(self, site: &Site, at: Timestamp) -> Result<NewRule, Refused> {
        if self.content.to_string().len() > STRATEGY_BYTES {
            let kib = STRATEGY_BYTES / 1024;
            return Err(Refused::invalid(Said::with(
                Key::MistakeStrategySize,
                "kib",
                kib,
            )));
        }
        if self.state == RuleState::InForce {
            let problems = match self.kind {
                RuleKind::Strategy => strategy_problems(&self.content, site),
                RuleKind::Visitor => read::<Visitor>(&self.content).map(|v| v.problems()),
            }?;
            if !problems.is_empty() {
                let said = problems
                    .into_iter()
                    .map(|(field, why)| Said::about(field, why));
                return Err(Refused::invalid(Said::lines(said)));
            }
        }
        Ok(NewRule {
            key: self.key,
            kind: self.kind,
            base: self.base,
            state: self.state,
            content: self.content,
            downlink: self.downlink,
            who: self.who,
            why: self.why,
            at,
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(content: &Value) -> Result<T, Refused> {
    let wrong = |error| Refused::invalid(Said::with(Key::ControlNotARule, "why", error));
    T::deserialize(content).map_err(wrong)
}

fn strategy_problems(content: &Value, site: &Site) -> Result<Vec<(String, Said)>, Refused> {
    let strategy: Strategy = read(content)?;
    let mut problems = strategy.problems();
    let is_there = |name: &&String| site.lanes.iter().any(|lane| lane.lane == **name);
    for lane in strategy.lanes.iter().filter(|name| !is_there(name)) {
        let said = Said::with(Key::MistakeNoSuchLane, "name", lane);
        problems.push(("lanes".to_owned(), said));
    }
    Ok(problems)
}

/// Keeps a revision of a rule; it is in force on every lane when this has returned.
pub(crate) fn write(
    change: RuleChange,
    site: &Site,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let new = change.checked(site, now)?;
    writes.write(Box::new(move |writer| {
        writer.write_rule(&new).map(|_| Done::Ruled(new.key))
    }))
}

/// Keeps what a person says of an entry of a platform.
pub(crate) fn review(
    change: ReviewChange,
    now: Timestamp,
    writes: &mut dyn Writes,
) -> Result<Done, Refused> {
    let evidence = change.evidence.map(Attachment::decoded).transpose();
    let evidence = evidence
        .map_err(|item| Refused::invalid(Said::with(Key::ControlNotBase64, "item", item)))?;
    let evidence = evidence.map(|NewFile { item, bytes }| {
        let bytes = kept_form(&item, bytes).map_err(Refused::invalid)?;
        Ok::<_, Refused>(NewFile { item, bytes })
    });
    let evidence = evidence.transpose()?;
    let new = NewReview {
        downlink: change.downlink,
        answer: change.answer,
        who: change.who,
        why: change.why,
        evidence,
        at: now,
    };
    writes.write(Box::new(move |writer| {
        writer.review_downlink(&new).map(Done::Reviewed)
    }))
}

/// A file as evidence.
///
/// # Errors
/// When it is no file, too large, or can't be read.
pub fn evidence(path: &Path) -> Result<Attachment, Error> {
    let bytes = file_bytes(path)?;
    Ok(Attachment::of("evidence", &bytes))
}

/// The part of a rule's key that people type.
#[must_use]
pub fn short(key: RecordKey) -> String {
    let key = key.to_string();
    key[..key.len().min(KEY_DIGITS / 4)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Order;

    #[test]
    fn an_order_says_the_same_on_the_other_side_of_the_socket() {
        let change = RuleChange::rejected(7, ("刘主任", "不是本厂"));
        let line = serde_json::to_string(&Order::Rule(Box::new(change.clone()))).expect("JSON");
        let read: Order = serde_json::from_str(&line).expect("an order");
        assert!(
            matches!(read, Order::Rule(same) if *same == change),
            "{line}"
        );
        let review = Order::Review(ReviewChange {
            downlink: 7,
            answer: ReviewAnswer::Contested,
            who: "刘主任".to_owned(),
            why: "已复检合格".to_owned(),
            evidence: Some(Attachment::of("evidence", b"%PDF-1.7")),
        });
        let line = serde_json::to_string(&review).expect("JSON");
        let read: Order = serde_json::from_str(&line).expect("an order");
        assert!(
            matches!(read, Order::Review(same) if same.downlink == 7),
            "{line}"
        );
    }
}

//! What the platform sends down: fetched, kept as it came, confirmed once.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{NewDownlink, SinkCounters};
use passage::ItemKind;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::request::Asked;
use super::talk::AnswerMeaning;
use super::{Platform, facts, form};
use crate::adapter::{self, Adapter, Downlink, DownlinkKind};
use crate::downlink;
use crate::failure::{Failure, FailureKind, chain};

/// A province's list of over-limit vehicles fits into this many times over.
const MAX_LIST_BYTES: usize = 16 * 1024 * 1024;

impl Platform {
    /// Fetches one list, keeps what is new, and confirms strategies that were never confirmed.
    pub(super) async fn fetch_list(
        &mut self,
        kind: DownlinkKind,
        list: &Downlink,
        counters: &SinkCounters,
    ) -> Result<(), Failure> {
        let name = format!("downlink.{}", kind.as_str());
        let Some(path) = self.talk.path(&name, &list.ask) else {
            return Ok(());
        };
        let now = Timestamp::now();
        let facts = facts::beat(&self.settings, counters, now);
        let value = form::value(&self.adapter, &list.ask, &self.zone, &facts)
            .map_err(|unfit| Failure::new(FailureKind::Evidence, unfit.0))?;
        let asked = Asked {
            path,
            operation: &list.ask,
            value,
            files: Vec::new(),
            answer_bytes: MAX_LIST_BYTES,
        };
        let said = self.talk.ask(&asked).await?;
        if self.talk.meaning(&said) != AnswerMeaning::Success {
            let words = format!("{name}: {}", self.talk.words(&said));
            return Err(Failure::new(FailureKind::Answer, words));
        }
        let entries = match form::at(&said.body, &list.list_at) {
            Value::Array(entries) => entries.clone(),
            Value::Null => Vec::new(),
            single @ Value::Object(_) => vec![single.clone()],
            other => {
                let words = format!(
                    "{name}: {} holds no list but {}",
                    list.list_at,
                    brief(other)
                );
                return Err(Failure::new(FailureKind::Answer, words));
            }
        };
        let news: Vec<NewDownlink> = entries
            .into_iter()
            .map(|raw| understood(&self.adapter, list, &self.zone, raw))
            .collect();
        let (platform, what) = (self.settings.name.clone(), kind.as_str());
        let kept = self
            .ledger
            .write(move |writer| writer.keep_downlinks(&platform, what, &news, now));
        let new = kept.await.map_err(evidence)?;
        if new > 0 {
            tracing::info!(sink = %self.settings.name, list = what, new, "the platform sent something down");
        }
        if kind == DownlinkKind::Strategy {
            self.confirm().await?;
        }
        if kind == DownlinkKind::OverLimit {
            self.tell_reviews().await?;
        }
        Ok(())
    }

    /// Tells the platform, once each, that its strategies were received.
    async fn confirm(&mut self) -> Result<(), Failure> {
        let Some(operation) = self.adapter.downlink.confirm.clone() else {
            return Ok(());
        };
        let Some(path) = self.talk.path("downlink.confirm", &operation) else {
            return Ok(());
        };
        let platform = self.settings.name.clone();
        let kind = DownlinkKind::Strategy.as_str();
        let open = self
            .ledger
            .read(move |reader| reader.unanswered_downlinks(&platform, kind));
        for strategy in open.await.map_err(evidence)? {
            let mut facts = facts::site(&self.settings);
            facts.insert("strategyId".to_owned(), json!(strategy.platform_id));
            facts.insert("receivedAt".to_owned(), json!(strategy.received_at));
            facts.insert("result".to_owned(), json!("received"));
            let value = form::value(&self.adapter, &operation, &self.zone, &facts)
                .map_err(|unfit| Failure::new(FailureKind::Evidence, unfit.0))?;
            let asked = Asked {
                path: path.clone(),
                operation: &operation,
                value,
                files: Vec::new(),
                answer_bytes: super::talk::MAX_ANSWER_BYTES,
            };
            let said = self.talk.ask(&asked).await?;
            let words = self.talk.words(&said);
            if !matches!(
                self.talk.meaning(&said),
                AnswerMeaning::Success | AnswerMeaning::AlreadyThere
            ) {
                return Err(Failure::new(
                    FailureKind::Answer,
                    format!("strategy: {words}"),
                ));
            }
            let platform = self.settings.name.clone();
            let answered = self.ledger.write(move |writer| {
                writer.answer_downlink(
                    &platform,
                    kind,
                    &strategy.platform_id,
                    &words,
                    Timestamp::now(),
                )
            });
            answered.await.map_err(evidence)?;
        }
        Ok(())
    }
}

/// One entry under our names, with code maps used backwards, flags and times typed; what is no field
/// of ours stays in the raw entry.
pub(crate) fn understood(
    adapter: &Adapter,
    list: &Downlink,
    zone: &TimeZone,
    raw: Value,
) -> NewDownlink {
    let sha256 = hex::encode(Sha256::digest(raw.to_string()));
    let mut parsed = Map::new();
    for (item, field) in &list.fields {
        let found = form::at(&raw, &field.item);
        let said = match &field.codes {
            Some(map) if !found.is_null() => {
                let code = form::plain(found);
                let word = adapter
                    .codes
                    .get(map)
                    .and_then(|codes| codes.iter().find(|(_, c)| **c == code).map(|(w, _)| w));
                json!(word)
            }
            _ => found.clone(),
        };
        let kind = adapter::item(item).map_or(ItemKind::Text, |item| item.kind);
        let format = field.date.as_ref().unwrap_or(&adapter.envelope.time_format);
        let value = downlink::typed(kind, &said, format, zone);
        parsed.insert(item.clone(), value);
    }
    let own = list.id_field.as_deref().map(|field| form::at(&raw, field));
    let platform_id = match own {
        Some(id @ (Value::String(_) | Value::Number(_))) => form::plain(id),
        _ => sha256.clone(),
    };
    NewDownlink {
        platform_id: platform_id.chars().take(200).collect(),
        sha256,
        raw,
        parsed: Value::Object(parsed),
    }
}

fn brief(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

pub(super) fn evidence(error: ledger::Error) -> Failure {
    Failure::new(FailureKind::Evidence, chain(&error))
}

//! What people say of a platform's list of vehicles over the limit, told to the platform.

use jiff::Timestamp;
use ledger::DownlinkView;
use passage::ReviewView;
use serde_json::json;

use super::deliver::Stop;
use super::news::evidence;
use super::request::Asked;
use super::talk::AnswerMeaning;
use super::{Platform, facts, form};
use crate::adapter::DownlinkKind;
use crate::failure::{Failure, FailureKind};

impl Platform {
    /// Tells the platform, once each, what people confirmed and contested. Where its adapter or the site
    /// knows no address for it, it is kept here and told nobody.
    pub(super) async fn tell_reviews(&mut self) -> Result<(), Failure> {
        let Some(operation) = self.adapter.downlink.review.clone() else {
            return Ok(());
        };
        let Some(path) = self.talk.path("downlink.review", &operation) else {
            return Ok(());
        };
        let platform = self.settings.name.clone();
        let kind = DownlinkKind::OverLimit.as_str();
        let open = self.ledger.read(move |reader| {
            let reviews = reader.untold_reviews(&platform, kind)?;
            let entries = match reviews.is_empty() {
                true => Vec::new(),
                false => reader.downlinks(kind)?,
            };
            Ok::<_, ledger::Error>((reviews, entries))
        });
        let (reviews, entries) = open.await.map_err(evidence)?;
        for review in reviews {
            let Some(entry) = entries.iter().find(|entry| entry.id == review.downlink) else {
                continue;
            };
            let mut facts = self.facts_of(&review, entry);
            if let Some(file) = review
                .file
                .as_ref()
                .filter(|_| operation.carries("evidence"))
            {
                let word = self.file_word(file).await.map_err(Stop::failure)?;
                facts.insert("evidence".to_owned(), json!(word));
            }
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
            let meaning = self.talk.meaning(&said);
            if !matches!(
                meaning,
                AnswerMeaning::Success | AnswerMeaning::AlreadyThere
            ) {
                let words = format!("over-limit review: {words}");
                return Err(Failure::new(FailureKind::Answer, words));
            }
            let told = self
                .ledger
                .write(move |writer| writer.review_told(review.id, &words, Timestamp::now()));
            told.await.map_err(evidence)?;
        }
        Ok(())
    }

    /// What the platform itself said of the vehicle, and what a person says of that.
    fn facts_of(&self, review: &ReviewView, entry: &DownlinkView) -> facts::Facts {
        let mut facts = facts::site(&self.settings);
        let items = entry.parsed.as_object().into_iter().flatten();
        facts.extend(items.map(|(item, value)| (item.clone(), value.clone())));
        facts.insert("result".to_owned(), json!(review.answer.as_str()));
        facts.insert("remark".to_owned(), json!(review.why));
        facts.insert("time".to_owned(), json!(review.at));
        // A platform that takes no file can be told which one there is.
        let hash = review.file.as_ref().map(|file| file.sha256.as_str());
        facts.insert("evidenceHash".to_owned(), json!(hash));
        facts
    }
}

//! What is wrong with files that the chain speaks of.

use std::path::{Path, PathBuf};

use recorder::video_hash;
use serde_json::{Value, json};
use words::{Key, Language, Said};

/// Code, file and text of each.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<(&'static str, PathBuf, Said)>);

impl Findings {
    pub(crate) fn add(&mut self, code: &'static str, key: Key, path: PathBuf) {
        let said = Said::with(key, "file", path.display());
        self.0.push((code, path, said));
    }

    /// Compares a file with its hash in the chain.
    pub(crate) fn hash(&mut self, path: &Path, sha256: &[u8]) {
        match video_hash(path) {
            Ok(hash) if hash == sha256 => {}
            Ok(_) => self.add("changed", Key::VideoChanged, path.to_owned()),
            Err(error) => {
                let said = Said::with(Key::VideoUnreadable, "file", path.display());
                let said = said.and_said("why", error.said());
                self.0.push(("unreadable", path.to_owned(), said));
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A line for each; `good` where there is none.
    pub(crate) fn lines(&self, good: &Said, language: Language) -> Vec<String> {
        if self.is_empty() {
            return vec![good.text(language)];
        }
        self.0
            .iter()
            .map(|(.., said)| said.text(language))
            .collect()
    }

    pub(crate) fn json(&self) -> Value {
        let found = |(code, path, _): &(&str, PathBuf, Said)| json!({"code": code, "file": path});
        self.0.iter().map(found).collect()
    }
}

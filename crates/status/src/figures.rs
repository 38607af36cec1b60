//! What is in a ledger and how far it is uploaded, whether a daemon runs or not.

use std::path::Path;

use housekeeping::Standing;
use ledger::{Counts, Reader, SinkCounters};
use serde_json::{Value, json};
use words::{Key, Language};

/// Figures of a ledger.
#[derive(Debug, Clone)]
pub struct LedgerFigures {
    /// What it holds.
    pub counts: Counts,
    /// How far each sink is.
    pub sinks: Vec<SinkCounters>,
}

impl LedgerFigures {
    /// Counts what the reader sees.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn of(reader: &Reader) -> ledger::Result<Self> {
        Ok(Self {
            counts: reader.counts()?,
            sinks: reader.sinks()?,
        })
    }

    /// One line for the ledger and one for each sink, then how all else stands, and where ledger and photos are.
    #[must_use]
    pub fn lines(
        &self,
        others: impl IntoIterator<Item = Standing>,
        data_folder: &Path,
        language: Language,
    ) -> Vec<String> {
        let mut lines = self.counted(language);
        for standing in others {
            lines.extend(standing.fine.into_iter().chain(standing.wrong));
        }
        for (key, name) in [
            (Key::StatusFiles, "ledger.sqlite3"),
            (Key::StatusPhotos, "photos"),
        ] {
            let path = data_folder.join(name);
            lines.push(language.fill(key, &[("path", &path.display())]));
        }
        lines
    }

    /// The same as one JSON object.
    #[must_use]
    pub fn json(&self, others: &[Standing], data_folder: &Path) -> Value {
        let texts = |of: fn(&Standing) -> &Vec<String>| -> Vec<&String> {
            others.iter().flat_map(of).collect()
        };
        json!({
            "ledger": self.counts,
            "sinks": self.sinks,
            "all_acknowledged": self.all_acknowledged(),
            "fine": texts(|standing| &standing.fine),
            "wrong": texts(|standing| &standing.wrong),
            "ledger_file": data_folder.join("ledger.sqlite3"),
            "photos_folder": data_folder.join("photos"),
        })
    }

    fn counted(&self, language: Language) -> Vec<String> {
        let counts = &self.counts;
        let ledger = language.fill(
            Key::StatusLedger,
            &[
                ("passages", &counts.passages),
                ("open", &counts.open),
                ("lost", &counts.lost),
                ("photos", &counts.photos),
            ],
        );
        let sinks = self.sinks.iter().map(|sink| {
            language.fill(
                Key::StatusSink,
                &[
                    ("sink", &sink.sink),
                    ("generated", &sink.generated),
                    ("acknowledged", &sink.acknowledged),
                    ("waiting", &sink.waiting),
                    ("refused", &sink.refused),
                ],
            )
        });
        std::iter::once(ledger).chain(sinks).collect()
    }

    /// Whether there are passages, all of them finished, and every sink has all of its rows.
    #[must_use]
    pub fn all_acknowledged(&self) -> bool {
        let has_all = |s: &SinkCounters| s.generated > 0 && s.acknowledged == s.generated;
        self.counts.passages > 0 && self.counts.open == 0 && self.sinks.iter().all(has_all)
    }
}

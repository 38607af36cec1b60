//! Clips against the ledger's chain: those that were changed, removed or inserted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use config::Config;
use ledger::Reader;
use passage::{ClipFile, ClipId};
use recorder::clip_files;
use serde_json::{Value, json};
use words::{Key, Language, Said};

use crate::Error;
use crate::findings::Findings;

/// Clips that are read at a time.
const PAGE: usize = 500;
/// The row of a younger file may be on its way.
const ON_ITS_WAY: Duration = Duration::from_secs(900);

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct ClipProof {
    clips: u64,
    files: u64,
    findings: Findings,
}

impl ClipProof {
    /// Hashes each file of a clip, and looks for files that are of none. None where no clip was ever cut.
    pub(crate) fn of(reader: &Reader, config: &Config) -> Result<Option<Self>, Error> {
        let failed = |error: ledger::Error| Error::Failed(error.explained());
        let Some(plan) = &config.recorder else {
            return Ok(None);
        };
        let mut proof = Self::default();
        let mut known = BTreeSet::new();
        let mut after = ClipId(0);
        loop {
            let page = reader.clips_after(after, PAGE).map_err(failed)?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for clip in page.iter().filter(|clip| !clip.clip.files.is_empty()) {
                known.extend(clip.clip.files.iter().map(|file| PathBuf::from(&file.path)));
                // What goes because its time is over is no finding, for the chain says so.
                if clip.removed.is_none() {
                    proof.clips += 1;
                    let files = clip.clip.files.iter();
                    files.for_each(|file| proof.compare(file, &plan.folders));
                }
            }
        }
        let there = clip_files(&plan.folders).map_err(|error| Error::Failed(error.said()))?;
        for (root, path) in there {
            let file = root.join(&path);
            if !known.contains(&path) && !is_young(&file) {
                proof.findings.add("inserted", Key::VideoInserted, file);
            }
        }
        let is_any = after > ClipId(0) || !proof.findings.is_empty();
        Ok(is_any.then_some(proof))
    }

    fn compare(&mut self, file: &ClipFile, folders: &[PathBuf]) {
        let there = folders.iter().map(|root| root.join(&file.path));
        let Some(path) = there.into_iter().find(|path| path.exists()) else {
            return self
                .findings
                .add("removed", Key::VideoRemoved, PathBuf::from(&file.path));
        };
        self.files += 1;
        // Digits that are none are the hash of no file.
        let sha256 = hex::decode(&file.sha256).unwrap_or_default();
        self.findings.hash(&path, &sha256);
    }

    pub(crate) fn is_good(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn lines(&self, language: Language) -> Vec<String> {
        let good = Said::with(Key::VideoClipsProved, "files", self.files).and("clips", self.clips);
        self.findings.lines(&good, language)
    }

    pub(crate) fn json(&self) -> Value {
        json!({"clips": self.clips, "files": self.files, "findings": self.findings.json()})
    }
}

fn is_young(file: &Path) -> bool {
    let changed = file.metadata().and_then(|meta| meta.modified());
    let age = changed.ok().and_then(|changed| changed.elapsed().ok());
    age.is_none_or(|age| age < ON_ITS_WAY)
}

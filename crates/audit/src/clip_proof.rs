//! Clips against the ledger's chain: those that were changed, removed or inserted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use config::Config;
use ledger::Reader;
use passage::{ClipFile, ClipId};
use recorder::{clip_files, video_hash};
use serde_json::{Value, json};
use words::{Key, Language, Said};

use crate::Error;

/// Clips that are read at a time.
const PAGE: usize = 500;
/// The row of a younger file may be on its way.
const ON_ITS_WAY: Duration = Duration::from_secs(900);

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct ClipProof {
    clips: u64,
    files: u64,
    /// Code, file and text of each.
    findings: Vec<(&'static str, PathBuf, Said)>,
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
                proof.find("inserted", Key::VideoInserted, file);
            }
        }
        let is_any = after > ClipId(0) || !proof.findings.is_empty();
        Ok(is_any.then_some(proof))
    }

    fn compare(&mut self, file: &ClipFile, folders: &[PathBuf]) {
        let there = folders.iter().map(|root| root.join(&file.path));
        let Some(path) = there.into_iter().find(|path| path.exists()) else {
            return self.find("removed", Key::VideoRemoved, PathBuf::from(&file.path));
        };
        self.files += 1;
        match video_hash(&path) {
            Ok(hash) if is_same(&hash, &file.sha256) => {}
            Ok(_) => self.find("changed", Key::VideoChanged, path),
            Err(error) => {
                let said = Said::with(Key::VideoUnreadable, "file", path.display());
                let said = said.and_said("why", error.said());
                self.findings.push(("unreadable", path, said));
            }
        }
    }

    fn find(&mut self, code: &'static str, key: Key, path: PathBuf) {
        let said = Said::with(key, "file", path.display());
        self.findings.push((code, path, said));
    }

    pub(crate) fn is_good(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn lines(&self, language: Language) -> Vec<String> {
        let found = self.findings.iter().map(|(.., said)| said.text(language));
        let mut lines: Vec<_> = found.collect();
        if lines.is_empty() {
            let said = Said::with(Key::VideoClipsProved, "files", self.files);
            lines.push(said.and("clips", self.clips).text(language));
        }
        lines
    }

    pub(crate) fn json(&self) -> Value {
        let found = |(code, path, _): &(&str, PathBuf, Said)| json!({"code": code, "file": path});
        let findings: Vec<_> = self.findings.iter().map(found).collect();
        json!({"clips": self.clips, "files": self.files, "findings": findings})
    }
}

fn is_same(hash: &[u8; 32], digits: &str) -> bool {
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    hash == digits
}

fn is_young(file: &Path) -> bool {
    let changed = file.metadata().and_then(|meta| meta.modified());
    let age = changed.ok().and_then(|changed| changed.elapsed().ok());
    age.is_none_or(|age| age < ON_ITS_WAY)
}

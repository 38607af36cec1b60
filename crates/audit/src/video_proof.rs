//! Recorded video against the ledger's chain: minutes that were changed, removed or inserted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use config::Config;
use jiff::{SignedDuration, Timestamp};
use ledger::Reader;
use recorder::{INDEX_FILE, SealedFile, VideoIndex, start_in, video_files};
use serde_json::{Value, json};
use words::{Key, Language, Said};

use crate::Error;
use crate::findings::Findings;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct VideoProof {
    hours: u64,
    files: u64,
    is_hashed: bool,
    findings: Findings,
}

/// Which video is compared.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// That of all cameras, of all times.
    All,
    /// Files of a camera that began from a time on and before another.
    Span(&'a str, Timestamp, Timestamp),
}

impl Scope<'_> {
    fn has_camera(self, camera: &str) -> bool {
        match self {
            Self::All => true,
            Self::Span(of, ..) => of == camera,
        }
    }

    /// Whether a file is meant, by the time that it is named after; one that is named after none always is.
    fn has_file(self, path: &Path) -> bool {
        let Self::Span(_, from, until) = self else {
            return true;
        };
        let name = path.file_name().and_then(|name| name.to_str());
        let start = name.and_then(start_in);
        start.is_none_or(|start| from <= start && start < until)
    }

    /// The hours that name its files.
    fn hours(self) -> (Timestamp, Timestamp) {
        match self {
            Self::All => (Timestamp::MIN, Timestamp::MAX),
            Self::Span(_, from, until) => (from - SignedDuration::from_hours(1), until),
        }
    }
}

impl VideoProof {
    /// Compares each file that an hour of the chain names with what is there, and what is there with the chain. Each is hashed
    /// where that is asked for; else sizes are compared. None where nothing was ever recorded.
    pub(crate) fn of(
        reader: &Reader,
        config: &Config,
        scope: Scope<'_>,
        is_hashed: bool,
    ) -> Result<Option<Self>, Error> {
        let failed = |error: ledger::Error| Error::Failed(error.explained());
        let video = |error: recorder::Error| Error::Failed(error.said());
        let mut cameras = reader.video_cameras().map_err(failed)?;
        cameras.retain(|camera| scope.has_camera(camera));
        let Some(plan) = config.recorder.as_ref().filter(|_| !cameras.is_empty()) else {
            return Ok(None);
        };
        let index = match config.data_folder.join(INDEX_FILE).exists() {
            true => Some(VideoIndex::open_to_read(&config.data_folder).map_err(video)?),
            false => None,
        };
        let mut proof = Self {
            is_hashed,
            ..Self::default()
        };
        for camera in cameras {
            let mut there = BTreeMap::new();
            for root in &plan.folders {
                let mut files = video_files(root, &camera).map_err(video)?;
                files.retain(|file| scope.has_file(file));
                there.extend(files.into_iter().map(|file| (file, root.as_path())));
            }
            let gone = reader.video_removed_before(&camera).map_err(failed)?;
            let (from, until) = scope.hours();
            let hours = reader.video_hours(&camera, from, until);
            for hour in hours.map_err(failed)? {
                proof.hours += 1;
                let mut files = SealedFile::read(&hour.files)
                    .map_err(|line| Error::Failed(Said::other(line)))?;
                files.retain(|file| scope.has_file(&file.path));
                for file in files {
                    proof.compare(&camera, &file, there.remove(&file.path), gone);
                }
            }
            proof
                .unknown(&camera, there, index.as_ref())
                .map_err(video)?;
        }
        Ok(Some(proof))
    }

    fn compare(
        &mut self,
        camera: &str,
        file: &SealedFile,
        root: Option<&Path>,
        gone: Option<Timestamp>,
    ) {
        let Some(root) = root else {
            let name = file.path.file_name().and_then(|name| name.to_str());
            let start = name.and_then(start_in);
            let was_let_go = start.zip(gone).is_some_and(|(start, gone)| start < gone);
            if !was_let_go {
                self.findings.add(
                    "removed",
                    Key::VideoRemoved,
                    Path::new(camera).join(&file.path),
                );
            }
            return;
        };
        self.files += 1;
        let path = root.join(camera).join(&file.path);
        let is_same = std::fs::metadata(&path).is_ok_and(|meta| meta.len() == file.bytes);
        if !is_same {
            return self.findings.add("changed", Key::VideoChanged, path);
        }
        if !self.is_hashed {
            return;
        }
        self.findings.hash(&path, &file.sha256);
    }

    /// What no hour of the chain names. The last hour's files are in none yet; the index knows them.
    fn unknown(
        &mut self,
        camera: &str,
        there: BTreeMap<PathBuf, &Path>,
        index: Option<&VideoIndex>,
    ) -> Result<(), recorder::Error> {
        for (file, root) in there {
            let below = Path::new(camera).join(&file);
            let row = index.map(|index| index.at_path(root, &below)).transpose()?;
            if row.flatten().is_none_or(|row| row.sealed) {
                self.findings
                    .add("inserted", Key::VideoInserted, root.join(below));
            }
        }
        Ok(())
    }

    pub(crate) fn is_good(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn lines(&self, language: Language) -> Vec<String> {
        let key = if self.is_hashed {
            Key::VideoProved
        } else {
            Key::VideoLooked
        };
        let good = Said::with(key, "files", self.files).and("hours", self.hours);
        self.findings.lines(&good, language)
    }

    pub(crate) fn json(&self) -> Value {
        let findings = self.findings.json();
        json!({"hours": self.hours, "files": self.files, "hashed": self.is_hashed, "findings": findings})
    }
}

//! Checking a pack without the ledger: every file, the draw repeated, the chain followed. A pack comes from
//! anybody: what it says of itself is bounded and believed nowhere.

mod archive;
mod chain;
mod files;
mod rows;

use std::io::{Read, Seek};

use words::{Key, Language, Said};

use crate::{Drawn, Freeze};
use archive::Archive;
use files::Files;

/// Findings that are told at most.
const MOST_FINDINGS: usize = 100;

/// What a pack proves.
#[derive(Debug, Default)]
pub struct PackVerdict {
    /// What is wrong with it, in words.
    pub findings: Vec<Said>,
    /// Files in it.
    pub files: usize,
    /// Rows of evidence.
    pub rows: usize,
    /// Links of the chain.
    pub links: u64,
    /// Whether one unbroken part of the chain goes from the drawn days to the frozen head.
    pub to_head: bool,
    /// Rows that were written outside of the parts of the chain in it.
    pub outside: usize,
    /// Anchors that fit, to be compared with copies kept elsewhere.
    pub anchors: usize,
    /// The code of the freeze, made from its file.
    pub code: String,
    /// What was frozen, where it can be read.
    pub freeze: Option<Freeze>,
    /// What was drawn.
    pub drawn: Option<Drawn>,
}

impl PackVerdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn add(&mut self, said: impl Into<Said>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(said.into());
        }
    }

    /// For a person.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<String> {
        let mut lines = Vec::new();
        let mut say = |said: Said| lines.push(said.text(language));
        if self.is_good() {
            let good = Said::with(Key::PackGood, "files", self.files);
            say(good.and("rows", self.rows).and("links", self.links));
        } else {
            say(Said::with(Key::PackBad, "count", self.findings.len()));
            self.findings.iter().cloned().for_each(&mut say);
        }
        if let (Some(drawn), true) = (&self.drawn, self.is_good()) {
            let again = Said::with(Key::PackDrawn, "seed", &drawn.seed)
                .and("passages", drawn.passages.len())
                .and("vehicles", drawn.vehicles.len())
                .and("machines", drawn.machines.len());
            say(again.and("days", drawn.days.len()));
        }
        if let Some(freeze) = &self.freeze {
            say(match self.to_head {
                true => Said::with(Key::PackToHead, "head", &freeze.head),
                false => Said::with(Key::PackNotToHead, "anchors", self.anchors),
            });
        }
        if self.outside > 0 {
            say(Said::with(Key::PackOutside, "count", self.outside));
        }
        if !self.code.is_empty() {
            say(Said::with(Key::PackCode, "code", &self.code));
        }
        say(Key::PackCannot.into());
        lines
    }
}

/// Checks a pack. What can't be looked at is a finding.
#[must_use]
pub fn verify_pack(from: impl Read + Seek) -> PackVerdict {
    let mut verdict = PackVerdict::default();
    let mut archive = match Archive::open(from) {
        Ok(archive) => archive,
        Err(said) => {
            verdict.add(said);
            return verdict;
        }
    };
    match Files::of(&mut archive, &mut verdict) {
        Ok(files) => {
            if let Err(said) = rows::check(&mut archive, &files, &mut verdict) {
                verdict.add(said);
            }
        }
        Err(said) => verdict.add(said),
    }
    verdict
}

//! Goes through the whole chain and says what does not fit.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use passage::{PassageId, coded};
use rusqlite::Connection;
use serde::Serialize;
use words::{Key, Said};

use super::chain::sources::{FORM, SOURCES, Source};
use super::chain::{GENESIS, Hash, content, link, unhex};
use crate::error::{Error, Result};
use crate::keep::restores::{self, Restored};
use crate::open;
use crate::proof::anchors::{self, Anchor};
use crate::reader::Reader;

coded! {
    /// In which way the chain is broken.
    pub enum BreakKind {
        /// A row is not what it was when its link was made, or the link is not.
        RowChanged = "row_changed",
        /// The row of a link is gone.
        RowRemoved = "row_removed",
        /// A row of evidence that no link knows.
        RowInserted = "row_inserted",
        /// Links are missing.
        LinkRemoved = "link_removed",
        /// The chain is not what an anchor says it was.
        AnchorDiffers = "anchor_differs",
    }
}

/// One place where the chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Break {
    /// In which way.
    pub kind: BreakKind,
    /// Table of the row.
    pub source: String,
    /// Its key, as a JSON array.
    pub key: String,
    /// The passage, when the row belongs to one.
    pub passage: Option<PassageId>,
    /// What does not match. In JSON as its English text.
    pub detail: Said,
}

/// What to compare with, and when to stop.
#[derive(Debug, Clone)]
pub struct VerifyOptions {
    /// Copies of anchors that were kept elsewhere.
    pub anchors: Vec<Anchor>,
    /// Stop after so many breaks.
    pub limit: usize,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            anchors: Vec::new(),
            limit: 1000,
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Links of the chain.
    pub links: i64,
    /// Hash of the last one.
    pub head: String,
    /// Where it does not hold; empty when nothing was changed.
    pub breaks: Vec<Break>,
    /// The last day whose anchor, kept elsewhere, fits: nothing up to its end was changed. What
    /// is later could have been made anew by somebody who made all later links anew as well.
    pub proved_until: Option<Date>,
    /// Restores from backups. What was written in their gaps is not here.
    pub restores: Vec<Restored>,
    /// Anchors kept elsewhere that speak of what is lost in such a gap; nothing here can fit them.
    pub lost_anchors: Vec<Anchor>,
}

impl Reader {
    /// Goes through the chain of hashes: rows that were changed, removed or inserted past the
    /// program, and whether anchors kept elsewhere still fit. Photos are
    /// [`Reader::check_photos`]'s: the chain holds their hashes.
    ///
    /// # Errors
    /// Only when looking itself fails; what it finds is in the answer.
    pub fn verify(&self, options: &VerifyOptions) -> Result<Verification> {
        run(self.folder(), self.connection(), options)
    }
}

fn run(folder: &Path, rows: &Connection, options: &VerifyOptions) -> Result<Verification> {
    let sql = |e| Error::sql("could not verify the ledger", &open::database(folder), e);
    // One state of the ledger, while passages go on being written.
    let state = rows.unchecked_transaction().map_err(sql)?;
    let restores = restores::all(&state).map_err(sql)?;
    let (lost_anchors, kept): (Vec<_>, Vec<_>) = options
        .anchors
        .iter()
        .cloned()
        .partition(|anchor| is_lost(anchor, &restores));
    let mut walk = Walk::new(&state, kept, options.limit).map_err(sql)?;
    walk.links().map_err(sql)?;
    walk.unknown_rows().map_err(sql)?;
    Ok(Verification {
        restores,
        lost_anchors,
        ..walk.verdict()
    })
}

/// Whether an anchor speaks of links that a restore left behind: those of its branch after the
/// backup, or a branch that is not in this chain at all.
fn is_lost(anchor: &Anchor, restores: &[Restored]) -> bool {
    let begun = match &anchor.branch {
        None => Some(0),
        Some(branch) => restores
            .iter()
            .position(|r| r.branch == *branch)
            .map(|n| n + 1),
    };
    match begun {
        // The restore that ended the anchor's branch, if there was one.
        Some(next) => restores.get(next).is_some_and(|r| anchor.links > r.links),
        None => !restores.is_empty(),
    }
}

struct Walk<'a> {
    rows: &'a Connection,
    limit: usize,
    /// Anchors by the number of links they speak of; true for those from elsewhere.
    anchors: BTreeMap<i64, Vec<(Anchor, bool)>>,
    seq: i64,
    before: Hash,
    breaks: Vec<Break>,
    proved_until: Option<Date>,
}

impl<'a> Walk<'a> {
    fn new(rows: &'a Connection, elsewhere: Vec<Anchor>, limit: usize) -> rusqlite::Result<Self> {
        let mut by_links: BTreeMap<i64, Vec<(Anchor, bool)>> = BTreeMap::new();
        let own = anchors::all(rows)?.into_iter().map(|a| (a, false));
        for (anchor, outside) in own.chain(elsewhere.into_iter().map(|a| (a, true))) {
            by_links
                .entry(anchor.links)
                .or_default()
                .push((anchor, outside));
        }
        Ok(Self {
            rows,
            limit,
            anchors: by_links,
            seq: 0,
            before: GENESIS,
            breaks: Vec::new(),
            proved_until: None,
        })
    }

    fn is_full(&self) -> bool {
        self.breaks.len() >= self.limit
    }

    fn add(&mut self, kind: BreakKind, source: &str, key: &str, detail: Said) {
        if self.is_full() {
            return;
        }
        self.breaks.push(Break {
            kind,
            source: source.to_owned(),
            key: key.to_owned(),
            passage: self.passage_of(source, key),
            detail,
        });
    }

    /// The passage that a row belongs to, if that can still be told.
    fn passage_of(&self, source: &str, key: &str) -> Option<PassageId> {
        let by_key = matches!(
            source,
            "passages" | "readings" | "passage_outcomes" | "paper_entries"
        );
        let sql = if by_key {
            "SELECT json_extract(?, '$[0]')".to_owned()
        } else if matches!(source, "photos" | "corrections" | "photo_removals") {
            format!("SELECT passage_id FROM {source} WHERE id = json_extract(?, '$[0]')")
        } else {
            return None;
        };
        let id = self.rows.query_row(&sql, [key], |row| row.get(0));
        id.ok().map(PassageId)
    }

    fn links(&mut self) -> rusqlite::Result<()> {
        let mut statement = self
            .rows
            .prepare("SELECT seq, source, key, form, hash FROM links ORDER BY seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (seq, source): (i64, String) = (row.get(0)?, row.get(1)?);
            let (key, form, hash): (String, i64, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
            if seq != self.seq + 1 {
                let detail = Said::with(Key::FoundLinksGone, "first", self.seq + 1);
                let detail = detail.and("last", seq - 1);
                self.add(BreakKind::LinkRemoved, "links", "[]", detail);
            }
            self.seq = seq;
            self.one(&source, &key, form, &hash)?;
            self.compare_anchors(&hash);
            if self.is_full() {
                break;
            }
        }
        let later: Vec<_> = self
            .anchors
            .split_off(&(self.seq + 1))
            .into_values()
            .collect();
        for (anchor, _) in later.into_iter().flatten() {
            let detail = Said::with(Key::FoundFewerLinks, "day", anchor.day);
            let detail = detail.and("before", anchor.links).and("now", self.seq);
            self.add(BreakKind::LinkRemoved, "links", "[]", detail);
        }
        Ok(())
    }

    fn one(&mut self, table: &str, key: &str, form: i64, hash: &str) -> rusqlite::Result<()> {
        let known = Source::named(table).filter(|_| form == FORM);
        let content = match known {
            Some(source) => content(self.rows, source, key)?,
            None => None,
        };
        match (known, content) {
            (None, _) => {
                let detail = Said::with(Key::FoundUnknownForm, "link", self.seq);
                self.add(BreakKind::RowChanged, table, key, detail);
            }
            (Some(_), None) => {
                let detail = Said::with(Key::FoundRowGone, "link", self.seq);
                self.add(BreakKind::RowRemoved, table, key, detail);
            }
            (Some(source), Some(content)) => {
                let now = link(&self.before, self.seq, source.table, key, &content);
                if hex::encode(now) != hash {
                    let detail = Said::with(Key::FoundNoMatch, "link", self.seq);
                    self.add(BreakKind::RowChanged, table, key, detail);
                }
            }
        }
        // Going on from what is written names every later change as well, and only those.
        self.before = unhex(hash).unwrap_or(GENESIS);
        Ok(())
    }

    fn compare_anchors(&mut self, hash: &str) {
        for (anchor, outside) in self.anchors.remove(&self.seq).unwrap_or_default() {
            if anchor.head == hash {
                if outside && self.breaks.is_empty() {
                    self.proved_until = self.proved_until.max(Some(anchor.day));
                }
                continue;
            }
            let key = if outside {
                Key::FoundAnchorOutside
            } else {
                Key::FoundAnchorHere
            };
            let detail = Said::with(key, "day", anchor.day).and("links", anchor.links);
            self.add(BreakKind::AnchorDiffers, "links", "[]", detail);
        }
    }

    /// Rows that came in without a link.
    fn unknown_rows(&mut self) -> rusqlite::Result<()> {
        for source in &SOURCES {
            let key = source.key_sql(source.table);
            let sql = format!(
                "SELECT {key} FROM {t} WHERE NOT EXISTS
                     (SELECT 1 FROM links WHERE source = '{t}' AND key = {key})",
                t = source.table
            );
            let mut statement = self.rows.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let key: String = row.get(0)?;
                let detail = Key::FoundBypassed.into();
                self.add(BreakKind::RowInserted, source.table, &key, detail);
                if self.is_full() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn verdict(self) -> Verification {
        Verification {
            links: self.seq,
            head: hex::encode(self.before),
            breaks: self.breaks,
            proved_until: self.proved_until,
            restores: Vec::new(),
            lost_anchors: Vec::new(),
        }
    }
}

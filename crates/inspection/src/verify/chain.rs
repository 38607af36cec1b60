//! The parts of the chain: each link follows from the one before, and every row is what its link holds.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use ledger::{Anchor, ChainLink, EvidenceRow, link_hash};
use words::{Key, Said};

use super::PackVerdict;
use super::archive::{Archive, unreadable};
use super::rows::Day;
use crate::Freeze;
use crate::pack::{names, run};

/// Rows whose links are looked for.
#[derive(Default)]
pub(super) struct Wanted(HashMap<(String, String), Row>);

/// What a row rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proved {
    /// Its link has to be there.
    Link,
    /// The freeze holds its hash; a link proves it once more.
    Freeze,
    /// Its link, if it was written while the chain in the pack was.
    LinkIfThere,
}

struct Row {
    content: [u8; 32],
    path: String,
    proof: Proved,
    found: bool,
    differs: bool,
}

impl Wanted {
    pub(super) fn add(&mut self, path: &str, rows: Vec<EvidenceRow>, proof: Proved) {
        for row in rows {
            let content = row.content();
            let known = self.0.entry((row.table, row.key)).or_insert_with(|| Row {
                content,
                path: path.to_owned(),
                proof,
                found: false,
                differs: false,
            });
            // The same row twice with another content: the copy is the one that differs.
            if known.content != content {
                path.clone_into(&mut known.path);
                known.differs = true;
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

pub(super) fn check<R: Read + Seek>(
    archive: &mut Archive<R>,
    freeze: &Freeze,
    days: &[Day],
    mut wanted: Wanted,
    verdict: &mut PackVerdict,
) -> Result<(), Said> {
    let bytes = archive.whole(names::ANCHORS)?;
    let anchors: Vec<Anchor> =
        serde_json::from_slice(&bytes).map_err(|error| unreadable(names::ANCHORS, &error))?;
    let mut walk = Walk {
        freeze,
        anchors,
        wanted: &mut wanted,
        passages: HashSet::new(),
        head_seen: false,
        first: i64::MAX,
        first_reaches: false,
    };
    let mut parts = archive.names();
    parts.retain(|name| name.starts_with("chain/"));
    parts.sort();
    for part in &parts {
        walk.part(archive, part, verdict)?;
    }
    let (passages, head_seen) = (walk.passages, walk.head_seen);
    verdict.to_head = walk.first_reaches && head_seen;
    if !head_seen {
        verdict.add(Said::with(Key::PackHead, "path", "chain/"));
    }
    for day in days {
        let Some((first, last)) = run(&day.numbers) else {
            continue;
        };
        let known: HashSet<_> = day.numbers.iter().chain(&day.others).copied().collect();
        let mut left_out: Vec<_> = passages
            .iter()
            .filter(|number| (first..=last).contains(*number) && !known.contains(*number))
            .collect();
        left_out.sort();
        for number in left_out {
            let said = Said::with(Key::PackLeftOut, "day", day.frozen.day);
            verdict.add(said.and("number", number));
        }
    }
    let mut rows: Vec<_> = wanted.0.into_iter().collect();
    rows.sort_by(|one, next| one.0.cmp(&next.0));
    for ((table, key), row) in rows {
        if row.differs || (row.proof == Proved::Link && !row.found) {
            let said = Said::with(Key::PackRow, "path", row.path);
            verdict.add(said.and("row", format!("{table} {key}")));
        } else if !row.found && row.proof == Proved::LinkIfThere {
            verdict.outside += 1;
        }
    }
    Ok(())
}

struct Walk<'a> {
    freeze: &'a Freeze,
    anchors: Vec<Anchor>,
    wanted: &'a mut Wanted,
    /// Numbers of all passages that have a link.
    passages: HashSet<i64>,
    head_seen: bool,
    /// Where the part begins that begins first, and whether it reaches to the frozen head.
    first: i64,
    first_reaches: bool,
}

impl Walk<'_> {
    fn part<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        path: &str,
        verdict: &mut PackVerdict,
    ) -> Result<(), Said> {
        let mut at: Option<(i64, [u8; 32])> = None;
        let mut begun = 0;
        let mut ended = false;
        let broken = |seq| Said::with(Key::PackLink, "seq", seq).and("path", path);
        let mut findings = Vec::new();
        archive.each_line(path, &mut |line| {
            let mut words = line.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default();
            let (first, second, third) = (word(), word(), word());
            let Some((seq, hash)) = &mut at else {
                let after = second.parse().ok();
                let after = after.filter(|after| (0..1 << 60).contains(after) && first == "after");
                let (Some(after), Some(hash)) = (after, unhex(third)) else {
                    return Err(broken(0));
                };
                begun = after;
                at = Some((after, hash));
                self.stand(after, &hash, &mut findings);
                return Ok(());
            };
            if ended {
                return Err(broken(*seq));
            }
            if first == "end" {
                ended = true;
                if second.parse() != Ok(*seq) || unhex(third) != Some(*hash) {
                    findings.push(Said::with(Key::PackHead, "path", path));
                }
                return Ok(());
            }
            let content = unhex(first).ok_or_else(|| broken(*seq + 1))?;
            let link = ChainLink {
                seq: *seq + 1,
                table: second.to_owned(),
                key: third.to_owned(),
                content,
            };
            *hash = link_hash(hash, &link);
            *seq += 1;
            verdict.links += 1;
            let (seq, hash) = (*seq, *hash);
            self.stand(seq, &hash, &mut findings);
            self.see(link);
            Ok(())
        })?;
        findings.into_iter().for_each(|said| verdict.add(said));
        let Some((until, _)) = at.filter(|_| ended) else {
            return Err(broken(0));
        };
        if begun < self.first {
            self.first = begun;
            self.first_reaches = until >= self.freeze.links;
        }
        verdict.anchors += self
            .anchors
            .iter()
            .filter(|anchor| (begun..=until).contains(&anchor.links))
            .count();
        Ok(())
    }

    /// The chain stands at this link: is it what was frozen, and what anchors say?
    fn stand(&mut self, seq: i64, hash: &[u8; 32], findings: &mut Vec<Said>) {
        if seq == self.freeze.links {
            if hex::encode(hash) == self.freeze.head {
                self.head_seen = true;
            } else {
                findings.push(Said::with(Key::PackHead, "path", names::FREEZE));
            }
        }
        for anchor in self.anchors.iter().filter(|anchor| anchor.links == seq) {
            if anchor.head != hex::encode(hash) {
                findings.push(Said::with(Key::PackAnchor, "day", anchor.day));
            }
        }
    }

    fn see(&mut self, link: ChainLink) {
        if link.table == "passages" {
            let number: Result<i64, _> = link.key.trim_matches(['[', ']']).parse();
            self.passages.extend(number.ok());
        }
        if let Some(row) = self.wanted.0.get_mut(&(link.table, link.key)) {
            row.found = true;
            row.differs |= row.content != link.content;
        }
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

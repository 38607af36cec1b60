//! What happened to passages, one thing after the other: what a live page follows, also after a break.

use passage::{PassageId, coded};
use rusqlite::params;

use crate::error::Result;
use crate::proof::chain;
use crate::reader::{Reader, rows_of};
use crate::rows;

coded! {
    /// What can happen to a passage.
    pub enum Happening {
        /// It was decided, or entered from paper.
        Decided = "decided",
        /// It ended.
        Finished = "finished",
        /// A person or a weighbridge set something anew.
        Corrected = "corrected",
    }
}

/// One thing that happened to a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    /// Its place among everything that was ever written: it only grows, and is never given twice.
    pub place: i64,
    /// To which passage.
    pub passage: PassageId,
    /// What.
    pub what: Happening,
}

impl Reader {
    /// The place of what was written last; 0 in an empty ledger.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn last_place(&self) -> Result<i64> {
        self.read(|from| chain::head(from).map(|(links, _)| links))
    }

    /// What happened after `place`, in its order, among the next `within` things that were written: to
    /// passages and to everything else.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn happened(&self, place: i64, within: usize) -> Result<Vec<Happened>> {
        self.read(|from| {
            from.prepare_cached(
                "SELECT l.seq, CASE l.source WHEN 'passages' THEN 'decided'
                     WHEN 'passage_outcomes' THEN 'finished' ELSE 'corrected' END,
                     coalesce(c.passage_id, json_extract(l.key, '$[0]'))
                 FROM (SELECT seq, source, key FROM links WHERE seq > ? ORDER BY seq LIMIT ?) l
                 LEFT JOIN corrections c
                     ON l.source = 'corrections' AND c.id = json_extract(l.key, '$[0]')
                 WHERE l.source IN ('passages', 'passage_outcomes', 'corrections')
                 ORDER BY l.seq",
            )?
            .query_map(params![place, rows_of(within)], |row| {
                Ok(Happened {
                    place: row.get(0)?,
                    what: rows::code(row, 1)?,
                    passage: PassageId(row.get(2)?),
                })
            })?
            .collect()
        })
    }
}

//! What people said of entries that platforms sent down, and that the platform took it.

use jiff::Timestamp;
use passage::{FileView, ReviewAnswer, ReviewView};
use rusqlite::{Connection, Params, Row, params};
use words::Key;

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::KeptFile;
use crate::reader::Reader;
use crate::registers::NewFile;
use crate::rows;
use crate::writer::Writer;

/// What a person says of an entry that a platform sent down.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct NewReview {
    /// Number of the entry.
    pub downlink: i64,
    pub answer: ReviewAnswer,
    pub who: String,
    /// The reason; the platform is told it.
    pub why: String,
    /// A JPEG, PNG or PDF that proves it.
    pub evidence: Option<NewFile>,
    pub at: Timestamp,
}

const REVIEW: &str = "SELECT v.id, v.downlink_id, v.answer, v.who, v.why, f.path, v.at_ms,
        t.at_ms, t.words, f.sha256, f.media_type, f.size_bytes
    FROM downlink_reviews v JOIN downlinks d ON d.id = v.downlink_id
    LEFT JOIN files f ON f.sha256 = v.evidence
    LEFT JOIN review_receipts t ON t.review_id = v.id ";

impl Writer {
    /// Keeps what a person said of an entry, its evidence first, and gives its number.
    ///
    /// # Errors
    /// `Invalid` without a person or a reason, for evidence that is not a JPEG, PNG or PDF, or for an
    /// entry that is not there; else see [`ErrorKind`].
    pub fn review_downlink(&mut self, new: &NewReview) -> Result<i64> {
        if new.who.trim().is_empty() || new.why.trim().is_empty() {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerRuleNeeds));
        }
        let is_there = self.looked_up("could not look for an entry", |from| {
            from.prepare_cached("SELECT 1 FROM downlinks WHERE id = ?")?
                .exists([new.downlink])
        })?;
        if !is_there {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerNoEntry));
        }
        let kept = new.evidence.as_ref().map(|file| self.keep_file(file));
        let kept = kept.transpose()?;
        let about = [Topic::Rules, Topic::Downlinks];
        self.committed("could not keep an answer", &about, |to| {
            insert(to, new, kept.as_ref())
        })
    }

    /// Records that the platform has taken an answer; false when that was known.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn review_told(&mut self, review: i64, words: &str, at: Timestamp) -> Result<bool> {
        let step = "could not record that an answer was taken";
        self.transacted(step, &[Topic::Downlinks], |to| {
            to.prepare_cached(
                "INSERT INTO review_receipts VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![review, words, at.as_millisecond()])
            .map(|added| added == 1)
        })
    }
}

fn insert(to: &Connection, new: &NewReview, kept: Option<&KeptFile>) -> rusqlite::Result<i64> {
    if let Some(file) = kept {
        to.prepare_cached("INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?)")?
            .execute(params![
                file.sha256,
                file.path,
                file.media_type,
                i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
            ])?;
    }
    to.prepare_cached(
        "INSERT INTO downlink_reviews (downlink_id, answer, evidence, who, why, at_ms)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .insert(params![
        new.downlink,
        new.answer.as_str(),
        kept.map(|file| &file.sha256),
        new.who,
        new.why,
        new.at.as_millisecond(),
    ])
}

impl Reader {
    /// What people said of entries of one kind, oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn reviews(&self, kind: &str) -> Result<Vec<ReviewView>> {
        let rest = "WHERE d.kind = ? ORDER BY v.id";
        self.read(|from| reviews(from, rest, [kind]))
    }

    /// What one platform was not told yet, oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn untold_reviews(&self, platform: &str, kind: &str) -> Result<Vec<ReviewView>> {
        let rest = "WHERE d.kind = ? AND d.platform = ? AND t.review_id IS NULL ORDER BY v.id";
        self.read(|from| reviews(from, rest, [kind, platform]))
    }
}

fn reviews(
    from: &Connection,
    rest: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<ReviewView>> {
    from.prepare_cached(&format!("{REVIEW}{rest}"))?
        .query_map(params, review)?
        .collect()
}

fn review(row: &Row<'_>) -> rusqlite::Result<ReviewView> {
    let told_at = rows::maybe_time(row, 7)?;
    let words: Option<String> = row.get(8)?;
    let evidence: Option<String> = row.get(5)?;
    let file = match &evidence {
        None => None,
        Some(path) => Some(FileView {
            item: "evidence".to_owned(),
            sha256: row.get(9)?,
            path: path.clone(),
            media_type: row.get(10)?,
            size_bytes: rows::count(row, 11)?,
        }),
    };
    Ok(ReviewView {
        id: row.get(0)?,
        downlink: row.get(1)?,
        answer: rows::code(row, 2)?,
        who: row.get(3)?,
        why: row.get(4)?,
        evidence,
        file,
        at: rows::time(row, 6)?,
        told: told_at.zip(words),
    })
}

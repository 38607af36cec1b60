//! Anchors: what the chain of hashes was at the end of a day.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::proof::chain;
use crate::reader::Reader;
use crate::rows::bad_value;
use crate::writer::Writer;

/// What the chain was at the end of a day. A copy elsewhere proves everything up to that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Day of the site.
    pub day: Date,
    /// Links of the chain at its end.
    pub links: i64,
    /// Hash of the last of them, lower-case hexadecimal.
    pub head: String,
    /// The restore from a backup after which this was, by its random name; `None` on a ledger
    /// that was never restored by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

impl Writer {
    /// Sets down what the chain of hashes is at the end of `day`, once; `None` when that day has
    /// its anchor already, or the ledger is empty. Let a copy leave the computer.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn anchor(&mut self, day: Date, at: Timestamp) -> Result<Option<Anchor>> {
        self.transacted(&format!("could not anchor {day}"), &[], |to| {
            set(to, day, at)
        })
    }
}

impl Reader {
    /// The chain's anchors, oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn anchors(&self) -> Result<Vec<Anchor>> {
        self.read(all)
    }
}

/// Sets down what the chain is, once for each day; `None` when that day has its anchor or there
/// is nothing to anchor.
fn set(connection: &Connection, day: Date, at: Timestamp) -> rusqlite::Result<Option<Anchor>> {
    let (links, head) = chain::head(connection)?;
    if links == 0 {
        return Ok(None);
    }
    let branch = connection
        .prepare_cached("SELECT branch FROM restores ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let anchor = Anchor {
        day,
        links,
        head,
        branch,
    };
    let made = connection.execute(
        "INSERT INTO anchors VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            day.to_string(),
            anchor.links,
            &anchor.head,
            at.as_millisecond(),
        ),
    )?;
    Ok((made == 1).then_some(anchor))
}

/// All anchors, oldest first.
pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<Anchor>> {
    connection
        .prepare(
            "SELECT day, links, head, (SELECT branch FROM restores r WHERE r.links < a.links
                                       ORDER BY r.id DESC LIMIT 1)
             FROM anchors a ORDER BY day",
        )?
        .query_map([], |row| {
            let day: String = row.get(0)?;
            Ok(Anchor {
                day: day
                    .parse()
                    .map_err(|_| bad_value(0, format!("{day:?} is not a day")))?,
                links: row.get(1)?,
                head: row.get(2)?,
                branch: row.get(3)?,
            })
        })?
        .collect()
}

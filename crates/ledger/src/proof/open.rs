//! Links and rows of the chain as they leave the computer, and how their hashes are made: whoever has them
//! can make them again without a ledger.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::Result;
use crate::proof::chain::sources::{SOURCES, Source};
use crate::proof::chain::{self, GENESIS, Hash};
use crate::reader::Reader;

/// One link of the chain, with the hash of its row's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    /// Its place, from 1.
    pub seq: i64,
    /// The table of its row.
    pub table: String,
    /// The row's primary key as a JSON array.
    pub key: String,
    /// SHA-256 over the row's columns; zeros where the row is gone.
    pub content: [u8; 32],
}

/// One value of a row, with its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StoredValue {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Another number: its bits as 16 hexadecimal digits.
    Real {
        /// IEEE 754, most significant first.
        real: String,
    },
    /// Bytes as hexadecimal digits.
    Blob {
        /// The digits.
        blob: String,
    },
}

/// A row of evidence with everything that its link holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRow {
    /// The place of its link; 0 where it has none.
    pub seq: i64,
    /// Its table.
    pub table: String,
    /// Its primary key as a JSON array.
    pub key: String,
    /// The values of its hashed columns, in their order.
    pub values: Vec<StoredValue>,
}

impl EvidenceRow {
    /// SHA-256 over its columns, as its link holds it.
    #[must_use]
    pub fn content(&self) -> [u8; 32] {
        content_of(&self.values)
    }

    /// The value of a column, by the name that this program knows it by.
    #[must_use]
    pub fn value(&self, column: &str) -> Option<&StoredValue> {
        let source = Source::named(&self.table)?;
        let names = source.columns.split(',').map(str::trim);
        let at = names.into_iter().position(|name| name == column)?;
        self.values.get(at)
    }

    /// The same, where it is a text.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.value(column)? {
            StoredValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same, where it is a whole number.
    #[must_use]
    pub fn integer(&self, column: &str) -> Option<i64> {
        match self.value(column)? {
            StoredValue::Integer(value) => Some(*value),
            _ => None,
        }
    }
}

/// SHA-256 over the columns of a row: each with a byte for its type, whole numbers and the bits of others with
/// eight bytes, texts and bytes with their length before them.
#[must_use]
pub fn content_of(values: &[StoredValue]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for value in values {
        match value {
            StoredValue::Null => hasher.update([0]),
            StoredValue::Integer(value) => {
                hasher.update([1]);
                hasher.update(value.to_be_bytes());
            }
            StoredValue::Real { real } => {
                hasher.update([2]);
                let bits = u64::from_str_radix(real, 16).unwrap_or_default();
                hasher.update(bits.to_be_bytes());
            }
            StoredValue::Text(text) => {
                hasher.update([3]);
                chain::text(&mut hasher, text.as_bytes());
            }
            StoredValue::Blob { blob } => {
                hasher.update([4]);
                chain::text(&mut hasher, &hex::decode(blob).unwrap_or_default());
            }
        }
    }
    hasher.finalize().into()
}

/// The hash of a link, by the hash before it.
#[must_use]
pub fn link_hash(before: &[u8; 32], link: &ChainLink) -> [u8; 32] {
    chain::link(before, link.seq, &link.table, &link.key, &link.content)
}

impl Reader {
    /// The links after `after` up to `until`, in their order, each with what its row is now.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`]; what `each` gives ends it.
    pub fn each_link<E>(
        &self,
        after: i64,
        until: i64,
        each: &mut dyn FnMut(&ChainLink) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<(), E>> {
        self.read(|from| {
            let mut links = from.prepare_cached(
                "SELECT seq, source, key FROM links WHERE seq > ? AND seq <= ? ORDER BY seq",
            )?;
            let mut rows = links.query(params![after, until])?;
            while let Some(row) = rows.next()? {
                let (table, key): (String, String) = (row.get(1)?, row.get(2)?);
                let content = match Source::named(&table) {
                    Some(source) => chain::content(from, source, &key)?,
                    None => None,
                };
                let link = ChainLink {
                    seq: row.get(0)?,
                    table,
                    key,
                    content: content.unwrap_or_default(),
                };
                if let Err(stopped) = each(&link) {
                    return Ok(Err(stopped));
                }
            }
            Ok(Ok(()))
        })
    }

    /// The hash of a link as it stands in the ledger; that before the first one for 0.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn hash_at(&self, seq: i64) -> Result<Option<String>> {
        if seq == 0 {
            return Ok(Some(hex::encode(GENESIS)));
        }
        self.read(|from| {
            from.prepare_cached("SELECT hash FROM links WHERE seq = ?")?
                .query_row([seq], |row| row.get(0))
                .optional()
        })
    }

    /// Every row of evidence about a passage, in the order of the tables.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn evidence_of(&self, passage: passage::PassageId) -> Result<Vec<EvidenceRow>> {
        self.read(|from| {
            let mut found = Vec::new();
            for source in &SOURCES {
                let column = match source.table {
                    "passages" => "id",
                    _ if source.columns.split(',').any(|c| c.trim() == "passage_id") => {
                        "passage_id"
                    }
                    _ => continue,
                };
                let sql = format!(
                    "SELECT {} FROM {t} WHERE {t}.{column} = ? ORDER BY {}",
                    source.key_sql(source.table),
                    source.key.join(", "),
                    t = source.table
                );
                let keys: Vec<String> = from
                    .prepare_cached(&sql)?
                    .query_map([passage.0], |row| row.get(0))?
                    .collect::<rusqlite::Result<_>>()?;
                for key in keys {
                    found.extend(evidence_row(from, source.table, &key)?);
                }
            }
            Ok(found)
        })
    }

    /// One row of evidence; none when there is no such row or no such table of evidence.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn evidence_row(&self, table: &str, key: &str) -> Result<Option<EvidenceRow>> {
        self.read(|from| evidence_row(from, table, key))
    }
}

pub(crate) fn evidence_row(
    from: &Connection,
    table: &str,
    key: &str,
) -> rusqlite::Result<Option<EvidenceRow>> {
    let Some(source) = Source::named(table) else {
        return Ok(None);
    };
    let values = from
        .prepare_cached(&source.row_sql())?
        .query_row([key], values)
        .optional()?;
    let seq: Option<i64> = from
        .prepare_cached("SELECT seq FROM links WHERE source = ? AND key = ?")?
        .query_row([table, key], |row| row.get(0))
        .optional()?;
    Ok(values.map(|values| EvidenceRow {
        seq: seq.unwrap_or(0),
        table: table.to_owned(),
        key: key.to_owned(),
        values,
    }))
}

fn values(row: &Row<'_>) -> rusqlite::Result<Vec<StoredValue>> {
    (0..row.as_ref().column_count())
        .map(|index| {
            Ok(match row.get_ref(index)? {
                ValueRef::Null => StoredValue::Null,
                ValueRef::Integer(value) => StoredValue::Integer(value),
                ValueRef::Real(value) => StoredValue::Real {
                    real: format!("{:016x}", value.to_bits()),
                },
                ValueRef::Text(text) => {
                    StoredValue::Text(String::from_utf8_lossy(text).into_owned())
                }
                ValueRef::Blob(bytes) => StoredValue::Blob {
                    blob: hex::encode(bytes),
                },
            })
        })
        .collect()
}

/// The hash of a row that stands in columns from the first one on.
pub(crate) fn content_in(row: &Row<'_>) -> rusqlite::Result<Hash> {
    chain::columns(row)
}

//! A chain of hashes over everything that is evidence, so that a row that was changed, removed or
//! inserted behind our back is found, and named.
//!
//! Each row of evidence has one link. Its hash is SHA-256 over the hash before it, the link's own
//! number, the row's table and key, and the SHA-256 of the row's columns, each with its type and
//! length. Links are made in the transaction that writes the row. Whoever changes a row has to
//! make every later link anew, and is found out by any copy of a later [`Anchor`](super::anchors::Anchor) that has left
//! the computer.

pub(crate) mod sources;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row};
use sha2::{Digest as _, Sha256};

use crate::rows::bad_value;
use sources::{FORM, SOURCES, Source};

pub(crate) type Hash = [u8; 32];

/// The hash before the first link.
pub(crate) const GENESIS: Hash = [0; 32];

/// Lets this connection note each row of evidence that it writes. The notes belong to the
/// transaction: what is rolled back is not noted.
pub(crate) fn watch(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.execute_batch(
        "CREATE TEMP TABLE unlinked (n INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL)",
    )?;
    for source in &SOURCES {
        let table = source.table;
        connection.execute_batch(&format!(
            "CREATE TEMP TRIGGER note_{table} AFTER INSERT ON main.{table} BEGIN
                 INSERT INTO unlinked (source, key) VALUES ('{table}', {});
             END",
            source.key_sql("NEW")
        ))?;
    }
    Ok(())
}

/// Links the rows that were noted in this transaction.
pub(crate) fn extend(transaction: &Connection) -> rusqlite::Result<()> {
    let noted: Vec<(String, String)> = transaction
        .prepare_cached("SELECT source, key FROM unlinked ORDER BY n")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    if noted.is_empty() {
        return Ok(());
    }
    let mut head = Head::of(transaction)?;
    for (source, key) in &noted {
        let Some(source) = Source::named(source) else {
            continue;
        };
        head.add(transaction, source, key)?;
    }
    transaction
        .prepare_cached("DELETE FROM unlinked")?
        .execute([])?;
    Ok(())
}

/// Takes a ledger of before the chain into it: the order is that of the tables, and within each
/// that of the keys.
pub(crate) fn adopt(connection: &Connection) -> rusqlite::Result<()> {
    let mut head = Head::of(connection)?;
    for source in &SOURCES {
        // Later migrations bring tables of their own.
        let known = connection
            .prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")?
            .exists([source.table])?;
        if !known {
            continue;
        }
        let keys = format!(
            "SELECT {} FROM {t} ORDER BY {}",
            source.key_sql(source.table),
            source.key.join(", "),
            t = source.table
        );
        let mut statement = connection.prepare(&keys)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            head.add(connection, source, &key)?;
        }
    }
    Ok(())
}

/// Links of the chain and the hash of the last one.
pub(crate) fn head(connection: &Connection) -> rusqlite::Result<(i64, String)> {
    let head = Head::of(connection)?;
    Ok((head.seq, hex::encode(head.hash)))
}

/// The end of the chain.
struct Head {
    seq: i64,
    hash: Hash,
}

impl Head {
    fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let last = connection
            .prepare_cached("SELECT seq, hash FROM links ORDER BY seq DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
            .optional()?;
        let Some((seq, hash)) = last else {
            return Ok(Self {
                seq: 0,
                hash: GENESIS,
            });
        };
        let hash = unhex(&hash).ok_or_else(|| bad_value(1, format!("link {seq} has no hash")))?;
        Ok(Self { seq, hash })
    }

    fn add(&mut self, to: &Connection, source: &Source, key: &str) -> rusqlite::Result<()> {
        let content = content(to, source, key)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        self.seq += 1;
        self.hash = link(&self.hash, self.seq, source.table, key, &content);
        to.prepare_cached("INSERT INTO links VALUES (?, ?, ?, ?, ?)")?
            .execute((self.seq, source.table, key, FORM, hex::encode(self.hash)))?;
        Ok(())
    }
}

pub(crate) fn link(before: &Hash, seq: i64, table: &str, key: &str, content: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(seq.to_be_bytes());
    hasher.update(FORM.to_be_bytes());
    text(&mut hasher, table.as_bytes());
    text(&mut hasher, key.as_bytes());
    hasher.update(content);
    hasher.finalize().into()
}

/// Hash of a row's columns; `None` when there is no such row.
pub(crate) fn content(
    from: &Connection,
    source: &Source,
    key: &str,
) -> rusqlite::Result<Option<Hash>> {
    from.prepare_cached(&source.row_sql())?
        .query_row([key], columns)
        .optional()
}

pub(crate) fn columns(row: &Row<'_>) -> rusqlite::Result<Hash> {
    let mut hasher = Sha256::new();
    for index in 0..row.as_ref().column_count() {
        match row.get_ref(index)? {
            ValueRef::Null => hasher.update([0]),
            ValueRef::Integer(value) => {
                hasher.update([1]);
                hasher.update(value.to_be_bytes());
            }
            ValueRef::Real(value) => {
                hasher.update([2]);
                hasher.update(value.to_bits().to_be_bytes());
            }
            ValueRef::Text(value) => {
                hasher.update([3]);
                text(&mut hasher, value);
            }
            ValueRef::Blob(value) => {
                hasher.update([4]);
                text(&mut hasher, value);
            }
        }
    }
    Ok(hasher.finalize().into())
}

/// Bytes with their length before them, so that none can run into the next.
pub(crate) fn text(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

pub(crate) fn unhex(text: &str) -> Option<Hash> {
    let mut hash = GENESIS;
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

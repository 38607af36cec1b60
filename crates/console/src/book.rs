//! The console's own file: accounts, sessions, and a log of who came and what changed. It lies beside
//! the ledger and is no part of it: without it people register anew, and no evidence is missing.

use std::fs::OpenOptions;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};

/// The version of the tables that this program writes.
const VERSION: i64 = 3;

/// What brings tables of version 2 to version 3.
const DETAIL: &str = "ALTER TABLE log ADD COLUMN detail TEXT NOT NULL DEFAULT ''";

const TABLES: &str = "
    CREATE TABLE people (
        name     TEXT PRIMARY KEY CHECK (name <> ''),
        role     TEXT NOT NULL,
        password TEXT NOT NULL,
        ends_on  TEXT,
        disabled INTEGER NOT NULL CHECK (disabled IN (0, 1))
    ) STRICT, WITHOUT ROWID;

    -- token is the SHA-256 of what the browser holds. by_code: nobody has an account yet.
    CREATE TABLE sessions (
        token      BLOB PRIMARY KEY CHECK (length(token) = 32),
        name       TEXT NOT NULL,
        by_code    INTEGER NOT NULL CHECK (by_code IN (0, 1)),
        used_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_of ON sessions (name);

    CREATE TABLE log (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms   INTEGER NOT NULL,
        who     TEXT    NOT NULL,
        what    TEXT    NOT NULL,
        about   TEXT    NOT NULL,
        address TEXT    NOT NULL
    ) STRICT;
    CREATE TRIGGER log_stays BEFORE UPDATE ON log
        BEGIN SELECT raise(ABORT, 'the log is never edited'); END;
    CREATE TRIGGER log_remains BEFORE DELETE ON log
        BEGIN SELECT raise(ABORT, 'the log is never deleted'); END;
";

/// What version 2 has besides. hash is the SHA-256 of what the program holds.
const TOKENS: &str = "
    CREATE TABLE tokens (
        name       TEXT PRIMARY KEY CHECK (name <> ''),
        hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
        scope      TEXT NOT NULL,
        made_by    TEXT NOT NULL,
        made_at_ms INTEGER NOT NULL,
        ends_on    TEXT,
        used_at_ms INTEGER
    ) STRICT, WITHOUT ROWID;
";

/// The open file.
pub(crate) struct Book(Mutex<Connection>);

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) id: i64,
    pub(crate) at: Timestamp,
    pub(crate) who: String,
    pub(crate) what: String,
    pub(crate) about: String,
    pub(crate) address: String,
    pub(crate) detail: String,
}

/// What is set down in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    /// The account, or the name that was tried.
    pub(crate) who: &'a str,
    /// What happened.
    pub(crate) what: &'static str,
    /// To whom or what.
    pub(crate) about: &'a str,
    /// What it became: a role, a last day.
    pub(crate) detail: &'a str,
    /// From where.
    pub(crate) address: IpAddr,
}

impl Book {
    /// Opens the file in the data folder, and makes it when there is none, for nobody else to read.
    pub(crate) fn open(data: &Path) -> rusqlite::Result<Self> {
        let path = data.join("console.sqlite3");
        let own = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path);
        own.map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "DELETE")?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let steps = [TABLES, TOKENS, DETAIL];
        let steps = match usize::try_from(version) {
            Ok(known) if known <= steps.len() => &steps[known..],
            _ => {
                let why = format!(
                    "its tables are of version {version}, which this program is too old for"
                );
                return Err(rusqlite::Error::ToSqlConversionFailure(why.into()));
            }
        };
        if !steps.is_empty() {
            let to = connection.transaction()?;
            for step in steps {
                to.execute_batch(step)?;
            }
            to.pragma_update(None, "user_version", VERSION)?;
            to.commit()?;
        }
        Ok(Self(Mutex::new(connection)))
    }

    pub(crate) fn locked(&self) -> MutexGuard<'_, Connection> {
        // What a panic leaves half done, the transaction takes back.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lines of the log before this one, the newest first; with a name only those by it or about it.
    pub(crate) fn logged(
        &self,
        before: Option<i64>,
        name: Option<&str>,
        limit: u32,
    ) -> rusqlite::Result<Vec<Logged>> {
        let connection = self.locked();
        let mut lines = connection.prepare_cached(
            "SELECT id, at_ms, who, what, about, address, detail FROM log
             WHERE id < ?1 AND (?2 IS NULL OR who = ?2 OR about = ?2) ORDER BY id DESC LIMIT ?3",
        )?;
        let found = lines.query_map(params![before.unwrap_or(i64::MAX), name, limit], |row| {
            Ok(Logged {
                id: row.get(0)?,
                at: Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH),
                who: row.get(2)?,
                what: row.get(3)?,
                about: row.get(4)?,
                address: row.get(5)?,
                detail: row.get(6)?,
            })
        })?;
        found.collect()
    }

    /// Sets down what happened.
    pub(crate) fn log(&self, entry: Entry<'_>) -> rusqlite::Result<()> {
        note(&self.locked(), entry)
    }
}

/// Sets down what happened, within a transaction if there is one.
pub(crate) fn note(to: &Connection, entry: Entry<'_>) -> rusqlite::Result<()> {
    to.prepare_cached(
        "INSERT INTO log (at_ms, who, what, about, address, detail) VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        Timestamp::now().as_millisecond(),
        entry.who,
        entry.what,
        entry.about,
        entry.address.to_string(),
        entry.detail,
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_file_is_closed_to_others_and_its_log_is_only_added_to() {
        let data = tempfile::tempdir().expect("a folder");
        let book = Book::open(data.path()).expect("opened");
        let path = data.path().join("console.sqlite3");
        let mode = std::fs::metadata(&path)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        let entry = Entry {
            who: "wang",
            what: "signed_in",
            about: "",
            detail: "",
            address: [127, 0, 0, 1].into(),
        };
        book.log(entry).expect("written");
        for edit in ["UPDATE log SET who = 'li'", "DELETE FROM log"] {
            let error = book.locked().execute(edit, []).expect_err("refused");
            assert!(error.to_string().contains("never"), "{error}");
        }
    }

    #[test]
    fn a_file_of_an_older_program_is_brought_up_and_its_log_stays() {
        let data = tempfile::tempdir().expect("a folder");
        let old = Connection::open(data.path().join("console.sqlite3")).expect("made");
        old.execute_batch(TABLES).expect("made");
        old.pragma_update(None, "user_version", 1).expect("set");
        let line = "INSERT INTO log (at_ms, who, what, about, address)
                    VALUES (0, 'wang', 'signed_in', '', '::1')";
        old.execute(line, []).expect("written");
        drop(old);
        let book = Book::open(data.path()).expect("opened");
        let lines = book.logged(None, None, 9).expect("read");
        assert_eq!((lines.len(), lines[0].who.as_str()), (1, "wang"));
        assert_eq!(lines[0].detail, "");
        assert!(book.logged(None, Some("li"), 9).expect("read").is_empty());
    }

    #[test]
    fn a_file_of_a_newer_program_is_left_alone() {
        let data = tempfile::tempdir().expect("a folder");
        let book = Book::open(data.path()).expect("opened");
        let set = book.locked().pragma_update(None, "user_version", 9);
        set.expect("set");
        drop(book);
        let error = Book::open(data.path()).err().expect("refused").to_string();
        assert!(error.contains("version 9"), "{error}");
    }
}

//! Sessions in the console's file. Whoever steals the file can't sign in with it: only hashes of the
//! tokens are there.

use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use crate::book::Book;
use crate::people::{Account, Role, account, is_new};

/// What somebody is called who came by the one-time code; no account can be called so.
pub(crate) const BY_CODE: &str = "(code)";
/// Sessions of one person; a further one ends that which rests longest.
const MOST: i64 = 20;
/// That a session is used is written down no oftener, and after a tenth of the time that it may rest.
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// A session that goes on.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) ends_at: Timestamp,
}

/// What makes a session go on.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) now: Timestamp,
    /// The site's.
    pub(crate) today: Date,
    /// How long it may rest.
    pub(crate) idle: &'a dyn Fn(Role) -> Duration,
}

impl Book {
    /// Begins a session and gives its token.
    pub(crate) fn begin_session(&self, name: &str, now: Timestamp) -> rusqlite::Result<String> {
        let token: [u8; 32] = rand::random();
        let token = hex::encode(token);
        let mut connection = self.locked();
        let to = connection.transaction()?;
        to.execute(
            "DELETE FROM sessions WHERE name = ?1 AND token NOT IN (
                 SELECT token FROM sessions WHERE name = ?1 ORDER BY used_at_ms DESC LIMIT ?2)",
            params![name, MOST - 1],
        )?;
        to.execute(
            "INSERT INTO sessions (token, name, by_code, used_at_ms) VALUES (?, ?, ?, ?)",
            params![hash(&token), name, name == BY_CODE, now.as_millisecond()],
        )?;
        to.commit()?;
        Ok(token)
    }

    /// The session of a token, if it goes on; one that does not is forgotten. `used`: a person does
    /// something, and not just an open page.
    pub(crate) fn session(
        &self,
        token: &str,
        used: bool,
        rules: Rules<'_>,
    ) -> rusqlite::Result<Option<Session>> {
        let (connection, token) = (self.locked(), hash(token));
        let found: Option<(String, bool, i64)> = connection
            .prepare_cached("SELECT name, by_code, used_at_ms FROM sessions WHERE token = ?")?
            .query_row([&token], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((name, by_code, used_at_ms)) = found else {
            return Ok(None);
        };
        let now = rules.now;
        let used_at = Timestamp::from_millisecond(used_at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let role = role(&connection, &name, by_code, rules.today)?;
        let rests = now.duration_since(used_at);
        let ends = |role, from: Timestamp| {
            let idle = SignedDuration::try_from((rules.idle)(role)).unwrap_or(SignedDuration::ZERO);
            from.checked_add(idle).unwrap_or(Timestamp::MAX)
        };
        let Some(role) = role.filter(|role| now < ends(*role, used_at)) else {
            connection
                .prepare_cached("DELETE FROM sessions WHERE token = ?")?
                .execute([&token])?;
            return Ok(None);
        };
        let noted_every = NOTED_EVERY.min((rules.idle)(role) / 10);
        // A clock that was set back makes the session no older.
        if used && !Duration::try_from(rests).is_ok_and(|rests| rests < noted_every) {
            connection
                .prepare_cached("UPDATE sessions SET used_at_ms = ? WHERE token = ?")?
                .execute(params![now.as_millisecond(), token])?;
        }
        let from = if used { now } else { used_at };
        Ok(Some(Session {
            name,
            role,
            ends_at: ends(role, from),
        }))
    }

    /// Ends a session.
    pub(crate) fn end_session(&self, token: &str) -> rusqlite::Result<()> {
        self.locked()
            .execute("DELETE FROM sessions WHERE token = ?", [hash(token)])?;
        Ok(())
    }
}

/// What the session's person may do today; nothing when the account does not hold, and nothing by code
/// when there are accounts.
fn role(
    from: &Connection,
    name: &str,
    by_code: bool,
    today: Date,
) -> rusqlite::Result<Option<Role>> {
    if by_code {
        return Ok(is_new(from)?.then_some(Role::Installer));
    }
    let holds = |account: &Account| account.holds_on(today);
    Ok(account(from, name)?
        .filter(holds)
        .map(|account| account.role))
}

/// What is kept of a token.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

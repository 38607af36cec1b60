//! Tokens of programs that use the API, in the console's file: each with a name, what it may, and a last day.
//! Whoever steals the file can't come in with it: only hashes of the tokens are there.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::book::{Book, Entry, note};
use crate::routes::Scope;
use crate::session::hash;

/// By it a token is known where it lies about, in a script or a log.
const MARK: &str = "menjin_";
/// That a token is used is written down no oftener.
const NOTED_EVERY_MS: i64 = 60_000;
/// A site has a handful of programs.
pub(crate) const MOST_TOKENS: i64 = 100;

/// A program that may use the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) scope: Scope,
    pub(crate) made_by: String,
    pub(crate) made_at: Timestamp,
    /// The last day on which its token may be used.
    pub(crate) ends_on: Option<Date>,
    /// To a minute.
    pub(crate) used_at: Option<Timestamp>,
}

/// What became of a new token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Made {
    /// The token, which is shown once.
    Token(String),
    /// There is one of this name.
    Known,
    /// There are as many as there may be.
    TooMany,
}

impl Book {
    /// Gives a program a token.
    pub(crate) fn make_token(&self, new: &Program, address: IpAddr) -> rusqlite::Result<Made> {
        let secret: [u8; 32] = rand::random();
        let token = format!("{MARK}{}", hex::encode(secret));
        let mut connection = self.locked();
        let to = connection.transaction()?;
        let count: i64 = to.query_row("SELECT count(*) FROM tokens", [], |row| row.get(0))?;
        if count >= MOST_TOKENS {
            return Ok(Made::TooMany);
        }
        let added = to.execute(
            "INSERT INTO tokens (name, hash, scope, made_by, made_at_ms, ends_on)
             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
            params![
                new.name,
                hash(&token),
                new.scope.as_str(),
                new.made_by,
                new.made_at.as_millisecond(),
                new.ends_on.map(|day| day.to_string()),
            ],
        )?;
        if added == 0 {
            return Ok(Made::Known);
        }
        note(&to, entry("token_made", new.by(address), &new.name))?;
        to.commit()?;
        Ok(Made::Token(token))
    }

    /// Every program, by name.
    pub(crate) fn programs(&self) -> rusqlite::Result<Vec<Program>> {
        let connection = self.locked();
        let mut all = connection.prepare_cached(
            "SELECT name, scope, made_by, made_at_ms, ends_on, used_at_ms FROM tokens ORDER BY name",
        )?;
        let programs = all.query_map([], program)?;
        programs.collect()
    }

    /// Ends a program's token; false where there is none.
    pub(crate) fn end_token(&self, name: &str, by: (&str, IpAddr)) -> rusqlite::Result<bool> {
        let mut connection = self.locked();
        let to = connection.transaction()?;
        let ended = to.execute("DELETE FROM tokens WHERE name = ?", [name])? > 0;
        if ended {
            note(&to, entry("token_ended", by, name))?;
            to.commit()?;
        }
        Ok(ended)
    }

    /// The program that holds this token, if it may be used today.
    pub(crate) fn program(
        &self,
        token: &str,
        now: Timestamp,
        today: Date,
    ) -> rusqlite::Result<Option<Program>> {
        let (connection, hash) = (self.locked(), hash(token));
        let found = connection
            .prepare_cached(
                "SELECT name, scope, made_by, made_at_ms, ends_on, used_at_ms FROM tokens WHERE hash = ?",
            )?
            .query_row([&hash], program)
            .optional()?;
        let holds = |p: &Program| p.ends_on.is_none_or(|last| today <= last);
        let Some(program) = found.filter(holds) else {
            return Ok(None);
        };
        let now = now.as_millisecond();
        // A clock that was set back is noted as well.
        let is_noted = |used: Timestamp| (now - used.as_millisecond()).abs() < NOTED_EVERY_MS;
        if !program.used_at.is_some_and(is_noted) {
            connection
                .prepare_cached("UPDATE tokens SET used_at_ms = ? WHERE hash = ?")?
                .execute(params![now, hash])?;
        }
        Ok(Some(program))
    }
}

impl Program {
    fn by(&self, address: IpAddr) -> (&str, IpAddr) {
        (&self.made_by, address)
    }
}

fn entry<'a>(what: &'static str, (who, address): (&'a str, IpAddr), about: &'a str) -> Entry<'a> {
    Entry {
        who,
        what,
        about,
        detail: "",
        address,
    }
}

fn program(row: &Row<'_>) -> rusqlite::Result<Program> {
    let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let scope: String = row.get(1)?;
    let ends_on: Option<String> = row.get(4)?;
    Ok(Program {
        name: row.get(0)?,
        // What nobody here knows may nothing.
        scope: Scope::named(&scope).unwrap_or(Scope::Nothing),
        made_by: row.get(2)?,
        made_at: at(row.get(3)?),
        // A day that can't be read is over.
        ends_on: ends_on.map(|day| day.parse().unwrap_or(Date::MIN)),
        used_at: row.get::<_, Option<i64>>(5)?.map(at),
    })
}

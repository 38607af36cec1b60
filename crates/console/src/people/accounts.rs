//! Accounts in the console's file.

use std::net::IpAddr;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Role;
use crate::book::{Book, Entry, note};

/// Somebody who may sign in.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) role: Role,
    /// What is kept of the password.
    pub(crate) password: String,
    /// The last day on which it may be used.
    pub(crate) ends_on: Option<Date>,
    pub(crate) disabled: bool,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    Done,
    /// There is somebody of this name, or nobody.
    NotSo,
    /// Nobody would be left who may do everything.
    LastInstaller,
}

impl Account {
    /// What is different from the account that it was, one line of the log for each: a code, and what it became.
    fn changes_of(&self, known: &Self, who: &str) -> Vec<(&'static str, String)> {
        let mut changes = Vec::new();
        if self.role != known.role {
            changes.push(("role_changed", self.role.as_str().to_owned()));
        }
        if self.password != known.password {
            let what = match who == self.name {
                true => "password_changed",
                false => "password_set",
            };
            changes.push((what, String::new()));
        }
        if self.ends_on != known.ends_on {
            let last = self.ends_on.map(|day| day.to_string());
            changes.push(("end_changed", last.unwrap_or_default()));
        }
        match (known.disabled, self.disabled) {
            (false, true) => changes.push(("account_disabled", String::new())),
            (true, false) => changes.push(("account_enabled", String::new())),
            _ => {}
        }
        if changes.is_empty() {
            changes.push(("account_changed", String::new()));
        }
        changes
    }

    /// Whether it may be used on this day of the site.
    pub(crate) fn holds_on(&self, today: Date) -> bool {
        !self.disabled && self.ends_on.is_none_or(|last| today <= last)
    }
}

impl Book {
    /// Whether nobody has an account yet.
    pub(crate) fn is_new(&self) -> rusqlite::Result<bool> {
        is_new(&self.locked())
    }

    /// The account of this name.
    pub(crate) fn account(&self, name: &str) -> rusqlite::Result<Option<Account>> {
        account(&self.locked(), name)
    }

    /// All accounts, by name.
    pub(crate) fn accounts(&self) -> rusqlite::Result<Vec<Account>> {
        all(&self.locked())
    }

    /// Adds somebody, as `who` says. `first`: only while there is nobody; whoever came by the code
    /// signs in again.
    pub(crate) fn add(
        &self,
        new: &Account,
        first: bool,
        (who, address): (&str, IpAddr),
    ) -> rusqlite::Result<Changed> {
        let mut connection = self.locked();
        let to = connection.transaction()?;
        let may = match first {
            true => is_new(&to)?,
            false => account(&to, &new.name)?.is_none(),
        };
        if !may {
            return Ok(Changed::NotSo);
        }
        to.execute(
            "INSERT INTO people (name, role, password, ends_on, disabled) VALUES (?, ?, ?, ?, ?)",
            params![
                new.name,
                new.role.as_str(),
                new.password,
                new.ends_on.map(|day| day.to_string()),
                new.disabled
            ],
        )?;
        to.execute("DELETE FROM sessions WHERE by_code", [])?;
        let entry = Entry {
            who,
            what: "account_added",
            about: &new.name,
            detail: new.role.as_str(),
            address,
        };
        note(&to, entry)?;
        to.commit()?;
        Ok(Changed::Done)
    }

    /// Sets an account anew, and ends its sessions: they were begun with what no longer holds.
    pub(crate) fn change(
        &self,
        new: &Account,
        (who, address): (&str, IpAddr),
    ) -> rusqlite::Result<Changed> {
        let mut connection = self.locked();
        let to = connection.transaction()?;
        let Some(known) = account(&to, &new.name)? else {
            return Ok(Changed::NotSo);
        };
        to.execute(
            "UPDATE people SET role = ?, password = ?, ends_on = ?, disabled = ? WHERE name = ?",
            params![
                new.role.as_str(),
                new.password,
                new.ends_on.map(|day| day.to_string()),
                new.disabled,
                new.name
            ],
        )?;
        // Dropped, it takes everything back.
        let may_everything =
            |a: &Account| a.role == Role::Installer && !a.disabled && a.ends_on.is_none();
        if !all(&to)?.iter().any(may_everything) {
            return Ok(Changed::LastInstaller);
        }
        to.execute("DELETE FROM sessions WHERE name = ?", [&new.name])?;
        for (what, detail) in new.changes_of(&known, who) {
            let entry = Entry {
                who,
                what,
                about: &new.name,
                detail: &detail,
                address,
            };
            note(&to, entry)?;
        }
        to.commit()?;
        Ok(Changed::Done)
    }
}

pub(crate) fn is_new(from: &Connection) -> rusqlite::Result<bool> {
    from.prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM people)")?
        .query_row([], |row| row.get(0))
}

pub(crate) fn account(from: &Connection, name: &str) -> rusqlite::Result<Option<Account>> {
    from.prepare_cached(
        "SELECT name, role, password, ends_on, disabled FROM people WHERE name = ?",
    )?
    .query_row([name], of_row)
    .optional()
}

fn all(from: &Connection) -> rusqlite::Result<Vec<Account>> {
    from.prepare_cached("SELECT name, role, password, ends_on, disabled FROM people ORDER BY name")?
        .query_map([], of_row)?
        .collect()
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Account> {
    let odd = |column, text: String| {
        let why = format!("{text:?} is not what stands here");
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, why.into())
    };
    let role: String = row.get(1)?;
    let ends_on: Option<String> = row.get(3)?;
    Ok(Account {
        name: row.get(0)?,
        role: Role::named(&role).ok_or_else(|| odd(1, role))?,
        password: row.get(2)?,
        ends_on: match ends_on {
            Some(day) => Some(day.parse().map_err(|_| odd(3, day))?),
            None => None,
        },
        disabled: row.get(4)?,
    })
}

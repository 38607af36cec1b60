//! Values between Rust and SQLite columns.

use std::error::Error as StdError;
use std::str::FromStr;

use frame::ClockSource;
use jiff::Timestamp;
use passage::{Grounds, NewPassage, PassageId, Reading};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::evidence::StoredPhoto;

/// A stored value this program can't understand.
pub(crate) fn bad_value(
    column: usize,
    cause: impl Into<Box<dyn StdError + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, cause.into())
}

/// A column that holds one name of an enumeration, or a key.
pub(crate) fn code<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: StdError + Send + Sync + 'static,
{
    row.get_ref(column)?
        .as_str()?
        .parse()
        .map_err(|e: T::Err| bad_value(column, e))
}

/// A column that counts something.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column)
        .map(|n| u64::try_from(n).unwrap_or(0))
}

/// A column of milliseconds.
pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|e| bad_value(column, e))
}

/// As [`time`], for a column that may be empty.
pub(crate) fn maybe_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column)?
        .map(|ms| Timestamp::from_millisecond(ms).map_err(|e| bad_value(column, e)))
        .transpose()
}

fn clock_name(clock: ClockSource) -> &'static str {
    match clock {
        ClockSource::CameraNtp => "camera_ntp",
        ClockSource::Arrival => "arrival",
        ClockSource::File => "file",
    }
}

/// A column that names a clock.
pub(crate) fn clock(row: &Row<'_>, column: usize) -> rusqlite::Result<ClockSource> {
    match row.get_ref(column)?.as_str()? {
        "camera_ntp" => Ok(ClockSource::CameraNtp),
        "arrival" => Ok(ClockSource::Arrival),
        "file" => Ok(ClockSource::File),
        other => Err(bad_value(column, format!("unknown clock {other:?}"))),
    }
}

/// The columns that [`reading`] takes, in its order, of the readings joined as `$alias`.
macro_rules! reading_columns {
    ($alias:literal) => {
        concat!(
            $alias,
            ".plate, ",
            $alias,
            ".color, ",
            $alias,
            ".color_p, ",
            $alias,
            ".layout, ",
            $alias,
            ".confidence, ",
            $alias,
            ".recognised, ",
            $alias,
            ".chars, ",
            $alias,
            ".corners, ",
            $alias,
            ".trailer_plate"
        )
    };
}
pub(crate) use reading_columns;

/// How many columns [`reading`] takes.
pub(crate) const READING_COLUMNS: usize = 9;

/// A reading from the columns that begin at `first`.
pub(crate) fn reading(row: &Row<'_>, first: usize) -> rusqlite::Result<Reading> {
    let json = |column: usize| row.get::<_, Option<String>>(first + column);
    Ok(Reading {
        plate: row.get(first)?,
        color: code(row, first + 1)?,
        color_p: row.get(first + 2)?,
        layout: code(row, first + 3)?,
        confidence: row.get(first + 4)?,
        recognised: row.get(first + 5)?,
        chars: match json(6)? {
            Some(text) => serde_json::from_str(&text).map_err(|e| bad_value(first + 6, e))?,
            None => Vec::new(),
        },
        corners: match json(7)? {
            Some(text) => Some(serde_json::from_str(&text).map_err(|e| bad_value(first + 7, e))?),
            None => None,
        },
        trailer_plate: row.get(first + 8)?,
    })
}

/// A value as JSON text.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

/// Probabilities that are no numbers become 0: SQLite and JSON have no word for them, and a
/// passage is worth more than a figure.
fn finite(mut reading: Reading) -> Reading {
    let mend = |p: &mut f32| {
        if !p.is_finite() {
            *p = 0.0;
        }
    };
    mend(&mut reading.confidence);
    mend(&mut reading.color_p);
    for char in &mut reading.chars {
        mend(&mut char.p);
        char.alternatives
            .iter_mut()
            .for_each(|other| mend(&mut other.p));
    }
    reading.corners = reading
        .corners
        .filter(|c| c.iter().flatten().all(|v| v.is_finite()));
    reading
}

/// Appends a reading of a passage.
pub(crate) fn insert_reading(
    to: &Connection,
    id: PassageId,
    stage: &str,
    reading: &Reading,
) -> rusqlite::Result<()> {
    let reading = finite(reading.clone());
    to.prepare_cached("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            id.0,
            stage,
            reading.plate,
            reading.color.as_str(),
            reading.color_p,
            reading.layout.as_str(),
            reading.confidence,
            reading.recognised,
            to_json(&reading.chars)?,
            reading.corners.as_ref().map(to_json).transpose()?,
            reading.trailer_plate,
        ])?;
    Ok(())
}

/// Appends a passage without its reading and photos.
pub(crate) fn insert_passage(to: &Connection, new: &NewPassage) -> rusqlite::Result<PassageId> {
    to.prepare_cached(
        "INSERT INTO passages (key, lane, entrance, barrier, direction, entered_at_ms,
             decided_at_ms, clock, clock_trusted, camera, decision, reason)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .insert(params![
        new.key.to_string(),
        new.lane,
        new.entrance,
        new.barrier,
        new.direction.as_str(),
        new.entered_at.as_millisecond(),
        new.decided_at.as_millisecond(),
        clock_name(new.clock),
        new.clock_trusted,
        new.camera,
        new.decision.as_str(),
        new.reason,
    ])
    .map(PassageId)
}

/// Appends what a passage's decision rests on, when there is more than its rule.
pub(crate) fn insert_grounds(
    to: &Connection,
    id: PassageId,
    grounds: &Grounds,
) -> rusqlite::Result<()> {
    insert_rule(to, id, grounds)?;
    let lists_say =
        !grounds.detail.is_empty() || !grounds.look_alikes.is_empty() || !grounds.lists.is_empty();
    if !lists_say {
        return Ok(());
    }
    to.prepare_cached("INSERT INTO decision_grounds VALUES (?, ?, ?, ?)")?
        .execute(params![
            id.0,
            grounds.detail,
            to_json(&grounds.look_alikes)?,
            to_json(&grounds.lists)?,
        ])?;
    Ok(())
}

fn insert_rule(to: &Connection, id: PassageId, grounds: &Grounds) -> rusqlite::Result<()> {
    let Grounds {
        source,
        otherwise,
        facts,
        ..
    } = grounds;
    if source.is_none() && otherwise.is_empty() && facts.is_none() {
        return Ok(());
    }
    let source = source.as_ref().map(to_json).transpose()?;
    let facts = facts.as_ref().map(to_json).transpose()?;
    to.prepare_cached("INSERT INTO decision_rules VALUES (?, ?, ?, ?)")?
        .execute(params![id.0, source, to_json(otherwise)?, facts])?;
    Ok(())
}

/// What a passage's decision rests on.
pub(crate) fn grounds(from: &Connection, id: PassageId) -> rusqlite::Result<Grounds> {
    let lists = from
        .prepare_cached(
            "SELECT detail, look_alikes, lists FROM decision_grounds WHERE passage_id = ?",
        )?
        .query_row([id.0], |row| {
            Ok(Grounds {
                detail: row.get(0)?,
                look_alikes: from_json(row, 1)?,
                lists: from_json(row, 2)?,
                ..Grounds::default()
            })
        })
        .optional()?;
    let rule = from
        .prepare_cached("SELECT source, otherwise, facts FROM decision_rules WHERE passage_id = ?")?
        .query_row([id.0], |row| {
            Ok(Grounds {
                source: maybe_json(row, 0)?,
                otherwise: from_json(row, 1)?,
                facts: maybe_json(row, 2)?,
                ..lists.clone().unwrap_or_default()
            })
        })
        .optional()?;
    Ok(rule.or(lists).unwrap_or_default())
}

fn maybe_json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        _ => from_json(row, column).map(Some),
    }
}

fn from_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|e| bad_value(column, e))
}

/// Appends the rows of photos that are safe on disk.
pub(crate) fn insert_photos(
    to: &Connection,
    id: PassageId,
    photos: &[StoredPhoto],
) -> rusqlite::Result<()> {
    let mut insert = to.prepare_cached(
        "INSERT INTO photos
             (passage_id, kind, revision, path, sha256, size_bytes, camera, taken_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for photo in photos {
        insert.execute(params![
            id.0,
            photo.kind.as_str(),
            photo.revision,
            photo.path,
            photo.sha256,
            i64::try_from(photo.size_bytes).unwrap_or(i64::MAX),
            photo.camera,
            photo.taken_at.as_millisecond(),
        ])?;
    }
    Ok(())
}

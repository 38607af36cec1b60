//! What holds now of each passage, kept beside the rows it is derived from so that it can be
//! searched.

use jiff::Timestamp;
use passage::{PassageId, Register};
use plate::folded;
use rusqlite::{Connection, OptionalExtension as _, named_params, params};

use crate::passages::query;
use crate::registers;

/// Brings one passage up to date.
pub(crate) fn refresh(to: &Connection, id: PassageId) -> rusqlite::Result<()> {
    let view = query::passage_of(to, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let vehicle = |item| view.vehicle.as_ref().and_then(|vehicle| vehicle.text(item));
    to.prepare_cached(
        "INSERT INTO passage_facts
         VALUES (:at, :id, :plate, :color, :lane, :entrance, :direction, :decision, :reason,
                 :known, :emission, :fuel)
         ON CONFLICT (decided_at_ms, passage_id) DO UPDATE SET plate_id = :plate, color = :color,
             direction = :direction, known = :known, emission = :emission, fuel = :fuel",
    )?
    .execute(named_params! {
        ":at": view.decided_at.as_millisecond(),
        ":id": id.0,
        ":plate": plate_id(to, &view.reading.plate)?,
        ":color": view.reading.color.as_str(),
        ":lane": view.lane,
        ":entrance": view.entrance,
        ":direction": view.direction.as_str(),
        ":decision": view.decision.as_str(),
        ":reason": view.reason,
        ":known": view.plate().is_some(),
        ":emission": vehicle("emissionStandard"),
        ":fuel": vehicle("fuelType"),
    })?;
    Ok(())
}

/// The number of a plate, given when it is first seen.
pub(crate) fn plate_id(to: &Connection, plate: &str) -> rusqlite::Result<Option<i64>> {
    if plate.is_empty() {
        return Ok(None);
    }
    let known = to
        .prepare_cached("SELECT id FROM plates WHERE plate = ?")?
        .query_row([plate], |row| row.get(0))
        .optional()?;
    match known {
        Some(id) => Ok(Some(id)),
        None => to
            .prepare_cached("INSERT INTO plates (plate, folded) VALUES (?, ?)")?
            .insert(params![plate, folded(plate)])
            .map(Some),
    }
}

/// Gives the passages of a vehicle the emission standard and fuel that held at their times, after
/// its register has changed. Their set-wise update touches only what changes.
pub(crate) fn revalue(to: &Connection, identity: &str) -> rusqlite::Result<()> {
    let Some((plate, color)) = identity.split_once('|') else {
        return Ok(());
    };
    let held = registers::read::times_of_effect(to, Register::Vehicle, identity)?;
    for (index, from) in held.iter().enumerate() {
        // What was registered later is known by its first revision.
        let from_ms = if index == 0 { i64::MIN } else { *from };
        let until_ms = held.get(index + 1).copied().unwrap_or(i64::MAX);
        let at = Timestamp::from_millisecond(*from).map_err(|e| crate::rows::bad_value(0, e))?;
        let vehicle = registers::read::at_time(to, Register::Vehicle, identity, at)?;
        let text = |item| vehicle.as_ref().and_then(|v| v.text(item));
        to.prepare_cached(
            "UPDATE passage_facts SET emission = :emission, fuel = :fuel
             WHERE plate_id = (SELECT id FROM plates WHERE plate = :plate) AND color = :color
               AND decided_at_ms >= :from AND decided_at_ms < :until
               AND (emission IS NOT :emission OR fuel IS NOT :fuel)",
        )?
        .execute(named_params! {
            ":emission": text("emissionStandard"),
            ":fuel": text("fuelType"),
            ":plate": plate,
            ":color": color,
            ":from": from_ms,
            ":until": until_ms,
        })?;
    }
    Ok(())
}

/// The same for every vehicle, in the migration that made the table.
pub(crate) fn revalue_all(to: &Connection) -> rusqlite::Result<()> {
    let identities: Vec<String> = to
        .prepare(
            "SELECT DISTINCT v.identity FROM record_revisions v
             JOIN records r ON r.id = v.record_id
             WHERE r.register = 'vehicle' AND v.state = 'approved'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    identities
        .iter()
        .try_for_each(|identity| revalue(to, identity))
}

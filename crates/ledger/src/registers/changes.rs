//! What changed in the register of vehicles, for whoever holds all of it in memory.

use rusqlite::params;
use serde_json::{Map, Value};

use crate::reader::{Reader, rows_of};
use crate::rows::bad_value;
use crate::{Error, Result};

/// A registered vehicle was approved or retired.
#[derive(Debug, Clone, PartialEq)]
pub struct VehicleChange {
    /// Its place: whoever has read up to here asks for what comes after.
    pub place: i64,
    /// Plate and colour, as the register calls it.
    pub name: String,
    /// What holds from now on; none for a vehicle that was retired.
    pub values: Option<Map<String, Value>>,
}

impl Reader {
    /// Up to `limit` approved and retired vehicles after `place`, in the order in which that was
    /// written.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn vehicle_changes(&self, place: i64, limit: usize) -> Result<Vec<VehicleChange>, Error> {
        self.read(|from| {
            from.prepare_cached(
                "SELECT v.id, v.identity, v.state, v.items
                 FROM record_revisions v JOIN records r ON r.id = v.record_id
                 WHERE v.id > ? AND r.register = 'vehicle' AND v.state IN ('approved', 'retired')
                 ORDER BY v.id LIMIT ?",
            )?
            .query_map(params![place, rows_of(limit)], |row| {
                let holds = row.get_ref(2)?.as_str()? == "approved";
                let values = holds.then(|| {
                    let items = row.get_ref(3)?.as_str()?;
                    serde_json::from_str(items).map_err(|e| bad_value(3, e))
                });
                Ok(VehicleChange {
                    place: row.get(0)?,
                    name: row.get(1)?,
                    values: values.transpose()?,
                })
            })?
            .collect()
        })
    }
}

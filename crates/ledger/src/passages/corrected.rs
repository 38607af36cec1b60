//! Corrections as they hold over what was read.

use passage::{CorrectedItem, CorrectionView, PassageId, PassageView, Reading};
use rusqlite::Connection;

use crate::rows;

/// The corrections of a passage, oldest first.
pub(crate) fn corrections(
    from: &Connection,
    id: PassageId,
) -> rusqlite::Result<Vec<CorrectionView>> {
    from.prepare_cached(
        "SELECT revision, item, before, after, manual, who, why, at_ms FROM corrections
         WHERE passage_id = ? ORDER BY id",
    )?
    .query_map([id.0], |row| {
        Ok(CorrectionView {
            revision: row.get(0)?,
            item: rows::code(row, 1)?,
            before: row.get(2)?,
            after: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            manual: row.get(4)?,
            who: row.get(5)?,
            why: row.get(6)?,
            at: rows::time(row, 7)?,
        })
    })?
    .collect()
}

/// Lets the corrections hold over what was read.
pub(crate) fn apply(view: &mut PassageView, first: &Reading) -> rusqlite::Result<()> {
    for correction in &view.corrections {
        let value = &correction.after;
        let code = |e: Box<dyn std::error::Error + Send + Sync>| rows::bad_value(0, e);
        match correction.item {
            CorrectedItem::Plate => {
                view.reading.plate.clone_from(value);
                view.reading.chars.clear();
            }
            CorrectedItem::Color => {
                view.reading.color = value
                    .parse()
                    .map_err(|e: plate::UnknownName| code(e.into()))?;
            }
            CorrectedItem::Direction => {
                view.direction = value
                    .parse()
                    .map_err(|e: passage::UnknownCode| code(e.into()))?;
            }
            CorrectedItem::Cargo => {
                view.cargo = Some(serde_json::from_str(value).map_err(|e| code(e.into()))?);
            }
        }
        if view.first_reading.is_none() && view.reading != *first {
            view.first_reading = Some(first.clone());
        }
    }
    Ok(())
}

//! Rows that contradict rows.

use rusqlite::{Connection, Row};
use words::{Key, Said};

use super::{FindingCode, Found};

/// A query whose every row is a finding: the passage or null, and the figures that `say` tells.
pub(super) struct Question {
    pub(super) code: FindingCode,
    sql: &'static str,
    say: fn(&Row<'_>) -> rusqlite::Result<Said>,
}

pub(super) const QUESTIONS: [Question; 7] = [
    Question {
        code: FindingCode::DatabaseDamaged,
        sql: "SELECT NULL, quick_check FROM pragma_quick_check WHERE quick_check <> 'ok'",
        say: |row| {
            Ok(Said::with(
                Key::FoundSqlite,
                "why",
                row.get::<_, String>(1)?,
            ))
        },
    },
    Question {
        code: FindingCode::BrokenReference,
        sql: "SELECT NULL, \"table\", coalesce(rowid, '?'), parent FROM pragma_foreign_key_check",
        say: |row| {
            let said = Said::with(Key::FoundNoParent, "table", row.get::<_, String>(1)?);
            let said = said.and("row", text(row, 2)?);
            Ok(said.and("parent", row.get::<_, String>(3)?))
        },
    },
    Question {
        code: FindingCode::BrokenReference,
        sql: "SELECT id FROM passages p WHERE NOT EXISTS
                  (SELECT 1 FROM readings WHERE passage_id = p.id AND stage = 'decided')",
        say: |_| Ok(Key::FoundNoReading.into()),
    },
    Question {
        code: FindingCode::NoHeadPhoto,
        sql: "SELECT id FROM passages p WHERE NOT EXISTS
                  (SELECT 1 FROM photos
                   WHERE passage_id = p.id AND kind IN ('head', 'head_original'))
                AND NOT EXISTS (SELECT 1 FROM paper_entries WHERE passage_id = p.id)",
        say: |_| Ok(Key::FoundNoHead.into()),
    },
    Question {
        code: FindingCode::OpenList,
        sql: "SELECT p.id, l.passage_id IS NULL
              FROM passages p
              LEFT JOIN passage_outcomes o ON o.passage_id = p.id
              LEFT JOIN open_passages l ON l.passage_id = p.id
              WHERE (o.passage_id IS NULL) = (l.passage_id IS NULL)",
        say: |row| {
            let key = if row.get(1)? {
                Key::FoundNoEnd
            } else {
                Key::FoundHasEnd
            };
            Ok(key.into())
        },
    },
    Question {
        code: FindingCode::Facts,
        sql: "SELECT p.id FROM passages p
              JOIN readings d ON d.passage_id = p.id AND d.stage = 'decided'
              LEFT JOIN readings f ON f.passage_id = p.id AND f.stage = 'final'
              LEFT JOIN passage_facts h ON h.passage_id = p.id
              LEFT JOIN plates n ON n.id = h.plate_id
              WHERE h.passage_id IS NULL OR coalesce(n.plate, '') <> coalesce(
                  (SELECT after FROM corrections WHERE passage_id = p.id AND item = 'plate'
                   ORDER BY id DESC LIMIT 1), f.plate, d.plate)",
        say: |_| Ok(Key::FoundFacts.into()),
    },
    Question {
        code: FindingCode::OutboxTotals,
        sql: "SELECT NULL, sink, total, acknowledged, refused
              FROM (SELECT sink, count(*) AS total, sum(state = 'acknowledged') AS acknowledged,
                           sum(state = 'refused') AS refused FROM outbox GROUP BY sink) o
              WHERE NOT EXISTS (
                  SELECT 1 FROM outbox_totals t
                  WHERE t.sink = o.sink AND t.generated = o.total
                    AND t.acknowledged = o.acknowledged AND t.refused = o.refused)",
        say: |row| {
            let said = Said::with(Key::FoundTotals, "sink", row.get::<_, String>(1)?);
            let said = said.and("total", row.get::<_, i64>(2)?);
            let said = said.and("acknowledged", row.get::<_, i64>(3)?);
            Ok(said.and("refused", row.get::<_, i64>(4)?))
        },
    },
];

/// A row's number, or the mark for one without.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)?.as_i64() {
        Ok(number) => number.to_string(),
        Err(_) => "?".to_owned(),
    })
}

impl Question {
    pub(super) fn ask(&self, rows: &Connection, found: &mut Found) -> rusqlite::Result<()> {
        let mut statement = rows.prepare(self.sql)?;
        let mut answers = statement.query([])?;
        while let (false, Some(row)) = (found.is_full(), answers.next()?) {
            found.add(self.code, None, row.get(0)?, (self.say)(row)?);
        }
        Ok(())
    }
}

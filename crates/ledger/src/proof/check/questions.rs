//! Rows that contradict rows.

use rusqlite::Connection;

use super::{FindingCode, Found};

/// A query whose every row is a finding: the passage or null, and the detail.
pub(super) struct Question {
    pub(super) code: FindingCode,
    sql: &'static str,
}

pub(super) const QUESTIONS: [Question; 7] = [
    Question {
        code: FindingCode::DatabaseDamaged,
        sql: "SELECT NULL, quick_check FROM pragma_quick_check WHERE quick_check <> 'ok'",
    },
    Question {
        code: FindingCode::BrokenReference,
        sql: "SELECT NULL, \"table\" || ' row ' || coalesce(rowid, '?') || ' has no ' || parent
              FROM pragma_foreign_key_check",
    },
    Question {
        code: FindingCode::BrokenReference,
        sql: "SELECT id, 'the passage has no reading' FROM passages p WHERE NOT EXISTS
                  (SELECT 1 FROM readings WHERE passage_id = p.id AND stage = 'decided')",
    },
    Question {
        code: FindingCode::NoHeadPhoto,
        sql: "SELECT id, 'the passage has no photo of its head' FROM passages p WHERE NOT EXISTS
                  (SELECT 1 FROM photos
                   WHERE passage_id = p.id AND kind IN ('head', 'head_original'))
                AND NOT EXISTS (SELECT 1 FROM paper_entries WHERE passage_id = p.id)",
    },
    Question {
        code: FindingCode::OpenList,
        sql: "SELECT p.id, iif(l.passage_id IS NULL, 'it has no end and is not on the list',
                                                     'it has ended and is on the list')
              FROM passages p
              LEFT JOIN passage_outcomes o ON o.passage_id = p.id
              LEFT JOIN open_passages l ON l.passage_id = p.id
              WHERE (o.passage_id IS NULL) = (l.passage_id IS NULL)",
    },
    Question {
        code: FindingCode::Facts,
        sql: "SELECT p.id, 'what can be searched is not what holds' FROM passages p
              JOIN readings d ON d.passage_id = p.id AND d.stage = 'decided'
              LEFT JOIN readings f ON f.passage_id = p.id AND f.stage = 'final'
              LEFT JOIN passage_facts h ON h.passage_id = p.id
              LEFT JOIN plates n ON n.id = h.plate_id
              WHERE h.passage_id IS NULL OR coalesce(n.plate, '') <> coalesce(
                  (SELECT after FROM corrections WHERE passage_id = p.id AND item = 'plate'
                   ORDER BY id DESC LIMIT 1), f.plate, d.plate)",
    },
    Question {
        code: FindingCode::OutboxTotals,
        sql: "SELECT NULL, sink || ' has ' || total || ' rows, ' || acknowledged
                  || ' acknowledged, ' || refused || ' refused; its totals say otherwise'
              FROM (SELECT sink, count(*) AS total, sum(state = 'acknowledged') AS acknowledged,
                           sum(state = 'refused') AS refused FROM outbox GROUP BY sink) o
              WHERE NOT EXISTS (
                  SELECT 1 FROM outbox_totals t
                  WHERE t.sink = o.sink AND t.generated = o.total
                    AND t.acknowledged = o.acknowledged AND t.refused = o.refused)",
    },
];

impl Question {
    pub(super) fn ask(&self, rows: &Connection, found: &mut Found) -> rusqlite::Result<()> {
        let mut statement = rows.prepare(self.sql)?;
        let mut answers = statement.query([])?;
        while let (false, Some(row)) = (found.is_full(), answers.next()?) {
            found.add(self.code, None, row.get(0)?, row.get(1)?);
        }
        Ok(())
    }
}

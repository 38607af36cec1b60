//! Which rows are evidence, and what of them is hashed.

/// A table of evidence.
pub(crate) struct Source {
    pub(crate) table: &'static str,
    /// Its primary key.
    pub(crate) key: &'static [&'static str],
    /// Columns that are hashed, in this order. A column that a later migration adds needs a new
    /// form, for rows of before were hashed without it.
    pub(crate) columns: &'static str,
}

/// The form that is written now.
pub(crate) const FORM: i64 = 1;

/// Every table of evidence, each after those that it points at: ledgers of before the chain are
/// taken into it in this order.
pub(crate) const SOURCES: [Source; 48] = [
    Source {
        table: "passages",
        key: &["id"],
        columns: "id, key, lane, entrance, barrier, direction, entered_at_ms, decided_at_ms, clock, \
                  clock_trusted, camera, decision, reason",
    },
    Source {
        table: "decision_grounds",
        key: &["passage_id"],
        columns: "passage_id, detail, look_alikes, lists",
    },
    Source {
        table: "decision_rules",
        key: &["passage_id"],
        columns: "passage_id, source, otherwise, facts",
    },
    Source {
        table: "readings",
        key: &["passage_id", "stage"],
        columns: "passage_id, stage, plate, color, color_p, layout, confidence, recognised, chars, \
                  corners, trailer_plate",
    },
    Source {
        table: "passage_outcomes",
        key: &["passage_id"],
        columns: "passage_id, outcome, at_ms",
    },
    Source {
        table: "photos",
        key: &["id"],
        columns: "id, passage_id, kind, revision, path, sha256, size_bytes, camera, taken_at_ms",
    },
    Source {
        table: "lost_passages",
        key: &["id"],
        columns: "id, lane, at_ms, reason",
    },
    Source {
        table: "corrections",
        key: &["id"],
        columns: "id, passage_id, item, before, after, who, why, at_ms, revision, manual",
    },
    Source {
        table: "paper_entries",
        key: &["passage_id"],
        columns: "passage_id, entered_at_ms, who, why",
    },
    Source {
        table: "weighings",
        key: &["id"],
        columns: "id, plate, weighed_at_ms, ticket, cargo, gross_kg, tare_kg, net_kg, source, \
                  kept_at_ms",
    },
    Source {
        table: "scale_weighings",
        key: &["id"],
        columns: "id, scale, lanes, mass_kg, weighed_at_ms, kept_at_ms",
    },
    Source {
        table: "scale_matches",
        key: &["weighing_id"],
        columns: "weighing_id, passage_id, matched_at_ms",
    },
    Source {
        table: "scale_loads",
        key: &["passage_id", "revision"],
        columns: "passage_id, revision, entry_id, exit_id",
    },
    Source {
        table: "records",
        key: &["id"],
        columns: "id, key, register",
    },
    Source {
        table: "record_revisions",
        key: &["id"],
        columns: "id, record_id, revision, identity, items, state, changed_at_ms, who, why",
    },
    Source {
        table: "files",
        key: &["sha256"],
        columns: "sha256, path, media_type, size_bytes",
    },
    Source {
        table: "record_files",
        key: &["revision_id", "item"],
        columns: "revision_id, item, sha256",
    },
    Source {
        table: "downlinks",
        key: &["id"],
        columns: "id, platform, kind, platform_id, sha256, raw, parsed, received_at_ms",
    },
    Source {
        table: "downlink_answers",
        key: &["id"],
        columns: "id, platform, kind, platform_id, answer, words, at_ms",
    },
    Source {
        table: "rule_revisions",
        key: &["id"],
        columns: "id, rule, kind, revision, state, content, downlink_id, who, why, at_ms",
    },
    Source {
        table: "downlink_reviews",
        key: &["id"],
        columns: "id, downlink_id, answer, evidence, who, why, at_ms",
    },
    Source {
        table: "review_receipts",
        key: &["review_id"],
        columns: "review_id, words, at_ms",
    },
    Source {
        table: "resends",
        key: &["id"],
        columns: "id, outbox_id, sink, kind, passage_id, record_id, refusal, who, why, at_ms",
    },
    Source {
        table: "backfills",
        key: &["id"],
        columns: "id, sink, from_ms, up_to, queued, who, why, at_ms",
    },
    Source {
        table: "restores",
        key: &["id"],
        columns: "id, branch, backup, backup_sha256, made_at_ms, restored_at_ms, links, head, \
                  last_passage, first_free, last_delivery, missing_photos",
    },
    Source {
        table: "removal_notices",
        key: &["id"],
        columns: "id, why, until_ms, given_at_ms",
    },
    Source {
        table: "photo_removals",
        key: &["id"],
        columns: "id, passage_id, last_photo, why, removed_at_ms, photos, size_bytes, sha256",
    },
    Source {
        table: "alarms",
        key: &["id"],
        columns: "id, kind, subject, lane, passage_id, plate, detail, drill, raised_at_ms",
    },
    Source {
        table: "alarm_steps",
        key: &["id"],
        columns: "id, alarm_id, step, who, why, times, at_ms",
    },
    Source {
        table: "lifts",
        key: &["id"],
        columns: "id, lane, entrance, barrier, way, who, why, at_ms",
    },
    Source {
        table: "lift_steps",
        key: &["id"],
        columns: "id, lift_id, step, passage_id, detail, at_ms",
    },
    Source {
        table: "inspections",
        key: &["id"],
        columns: "id, content, code, who, at_ms",
    },
    Source {
        table: "inspection_draws",
        key: &["inspection_id"],
        columns: "inspection_id, seed, content, who, at_ms",
    },
    Source {
        table: "inspection_marks",
        key: &["id"],
        columns: "id, inspection_id, kind, subject, mark, remark, who, at_ms",
    },
    Source {
        table: "holds",
        key: &["id"],
        columns: "id, lane, entrance, barrier, who, why, from_ms, until_ms",
    },
    Source {
        table: "hold_steps",
        key: &["id"],
        columns: "id, hold_id, step, who, why, at_ms",
    },
    Source {
        table: "vehicle_remarks",
        key: &["id"],
        columns: "id, plate, color, kind, words, who, at_ms",
    },
    Source {
        table: "remark_withdrawals",
        key: &["remark_id"],
        columns: "remark_id, who, why, at_ms",
    },
    Source {
        table: "visit_marks",
        key: &["id"],
        columns: "id, kind, entry_id, exit_id, left_at_ms, who, why, at_ms",
    },
    Source {
        table: "visit_mark_withdrawals",
        key: &["mark_id"],
        columns: "mark_id, who, why, at_ms",
    },
    Source {
        table: "handovers",
        key: &["id"],
        columns: "id, from_ms, until_ms, content, remarks, who, taker, at_ms",
    },
    Source {
        table: "handover_receipts",
        key: &["handover_id"],
        columns: "handover_id, who, at_ms",
    },
    Source {
        table: "video_hours",
        key: &["id"],
        columns: "id, camera, hour_ms, files, gaps, kept_at_ms",
    },
    Source {
        table: "video_removals",
        key: &["id"],
        columns: "id, camera, before_ms, why, at_ms",
    },
    Source {
        table: "clip_requests",
        key: &["id"],
        columns: "id, passage_id, who, at_ms",
    },
    Source {
        table: "clips",
        key: &["id"],
        columns: "id, kind, subject, lane, from_ms, until_ms, state, missing, kept_at_ms",
    },
    Source {
        table: "clip_files",
        key: &["clip_id", "number"],
        columns: "clip_id, number, path, sha256, size_bytes, from_ms, until_ms, pictures, coding",
    },
    Source {
        table: "clip_removals",
        key: &["clip_id"],
        columns: "clip_id, at_ms",
    },
];

impl Source {
    /// The source of this name.
    pub(crate) fn named(table: &str) -> Option<&'static Self> {
        SOURCES.iter().find(|source| source.table == table)
    }

    /// Reads the hashed columns of one row, by the values of a JSON array.
    pub(crate) fn row_sql(&self) -> String {
        let place = |(n, column): (usize, &&str)| format!("{column} = json_extract(?1, '$[{n}]')");
        let matches: Vec<_> = self.key.iter().enumerate().map(place).collect();
        format!(
            "SELECT {} FROM {} WHERE {}",
            self.columns,
            self.table,
            matches.join(" AND ")
        )
    }

    /// The primary key of a row as a JSON array; `row` is a table's name or `NEW`.
    pub(crate) fn key_sql(&self, row: &str) -> String {
        let columns: Vec<_> = self.key.iter().map(|k| format!("{row}.{k}")).collect();
        format!("json_array({})", columns.join(", "))
    }
}

-- What people know of vehicles, visits and shifts: notes and tags, which exit belongs to which entry, and
-- sheets of shifts that were handed over.

-- Of one plate, and of one colour where there is one: the same number in another colour is another vehicle.
CREATE TABLE vehicle_remarks (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    plate TEXT    NOT NULL CHECK (plate <> ''),
    color TEXT,
    kind  TEXT    NOT NULL CHECK (kind IN ('note', 'tag')),
    words TEXT    NOT NULL CHECK (words <> ''),
    who   TEXT    NOT NULL CHECK (who <> ''),
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX vehicle_remarks_of ON vehicle_remarks (plate);

CREATE TABLE remark_withdrawals (
    remark_id INTEGER PRIMARY KEY REFERENCES vehicle_remarks (id),
    who       TEXT    NOT NULL CHECK (who <> ''),
    why       TEXT    NOT NULL CHECK (why <> ''),
    at_ms     INTEGER NOT NULL
) STRICT;

-- joined: this exit belongs to this entry; split: it does not; left: by then it had left, and nobody saw it.
CREATE TABLE visit_marks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('joined', 'split', 'left')),
    entry_id   INTEGER NOT NULL REFERENCES passages (id),
    exit_id    INTEGER REFERENCES passages (id),
    left_at_ms INTEGER,
    who        TEXT    NOT NULL CHECK (who <> ''),
    why        TEXT    NOT NULL CHECK (why <> ''),
    at_ms      INTEGER NOT NULL,
    CHECK ((kind = 'left') = (exit_id IS NULL) AND (kind = 'left') = (left_at_ms IS NOT NULL))
) STRICT;
CREATE INDEX visit_marks_entry ON visit_marks (entry_id);
CREATE INDEX visit_marks_exit ON visit_marks (exit_id) WHERE exit_id IS NOT NULL;

CREATE TABLE visit_mark_withdrawals (
    mark_id INTEGER PRIMARY KEY REFERENCES visit_marks (id),
    who     TEXT    NOT NULL CHECK (who <> ''),
    why     TEXT    NOT NULL CHECK (why <> ''),
    at_ms   INTEGER NOT NULL
) STRICT;

-- Those that nobody has withdrawn.
CREATE VIEW held_marks AS
SELECT m.id, m.kind, m.entry_id, m.exit_id, m.left_at_ms FROM visit_marks m
WHERE NOT EXISTS (SELECT 1 FROM visit_mark_withdrawals w WHERE w.mark_id = m.id);

-- content is the sheet as a JSON object, taker who was to take over; the taker's own word is a row beside it.
CREATE TABLE handovers (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    content  TEXT    NOT NULL CHECK (json_valid(content) AND json_type(content) = 'object'),
    remarks  TEXT    NOT NULL,
    who      TEXT    NOT NULL CHECK (who <> ''),
    taker    TEXT    NOT NULL CHECK (taker <> '' AND taker <> who),
    at_ms    INTEGER NOT NULL,
    CHECK (until_ms > from_ms)
) STRICT;

CREATE TABLE handover_receipts (
    handover_id INTEGER PRIMARY KEY REFERENCES handovers (id),
    who         TEXT    NOT NULL CHECK (who <> ''),
    at_ms       INTEGER NOT NULL
) STRICT;

-- A shift asks for what was corrected in it.
CREATE INDEX corrections_at ON corrections (at_ms);

CREATE TRIGGER vehicle_remarks_stay BEFORE UPDATE ON vehicle_remarks
    BEGIN SELECT raise(ABORT, 'remarks are never edited'); END;
CREATE TRIGGER vehicle_remarks_remain BEFORE DELETE ON vehicle_remarks
    BEGIN SELECT raise(ABORT, 'remarks are never deleted'); END;
CREATE TRIGGER remark_withdrawals_stay BEFORE UPDATE ON remark_withdrawals
    BEGIN SELECT raise(ABORT, 'withdrawals are never edited'); END;
CREATE TRIGGER remark_withdrawals_remain BEFORE DELETE ON remark_withdrawals
    BEGIN SELECT raise(ABORT, 'withdrawals are never deleted'); END;
CREATE TRIGGER visit_marks_stay BEFORE UPDATE ON visit_marks
    BEGIN SELECT raise(ABORT, 'marks are never edited'); END;
CREATE TRIGGER visit_marks_remain BEFORE DELETE ON visit_marks
    BEGIN SELECT raise(ABORT, 'marks are never deleted'); END;
CREATE TRIGGER visit_mark_withdrawals_stay BEFORE UPDATE ON visit_mark_withdrawals
    BEGIN SELECT raise(ABORT, 'withdrawals are never edited'); END;
CREATE TRIGGER visit_mark_withdrawals_remain BEFORE DELETE ON visit_mark_withdrawals
    BEGIN SELECT raise(ABORT, 'withdrawals are never deleted'); END;
CREATE TRIGGER handovers_stay BEFORE UPDATE ON handovers
    BEGIN SELECT raise(ABORT, 'sheets are never edited'); END;
CREATE TRIGGER handovers_remain BEFORE DELETE ON handovers
    BEGIN SELECT raise(ABORT, 'sheets are never deleted'); END;
CREATE TRIGGER handover_receipts_stay BEFORE UPDATE ON handover_receipts
    BEGIN SELECT raise(ABORT, 'receipts are never edited'); END;
CREATE TRIGGER handover_receipts_remain BEFORE DELETE ON handover_receipts
    BEGIN SELECT raise(ABORT, 'receipts are never deleted'); END;

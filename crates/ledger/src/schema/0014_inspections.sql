-- Inspections: what was frozen, what was drawn of it, and what the inspector says of each record.

-- content is a JSON object; code is the SHA-256 of its bytes. It holds the head of the chain of that moment.
CREATE TABLE inspections (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    content TEXT    NOT NULL CHECK (json_valid(content) AND json_type(content) = 'object'),
    code    TEXT    NOT NULL CHECK (length(code) = 64),
    who     TEXT    NOT NULL CHECK (who <> ''),
    at_ms   INTEGER NOT NULL
) STRICT;

-- One for each: who wants another sample freezes again, and both stay.
CREATE TABLE inspection_draws (
    inspection_id INTEGER PRIMARY KEY REFERENCES inspections (id),
    seed          TEXT    NOT NULL CHECK (seed <> ''),
    content       TEXT    NOT NULL CHECK (json_valid(content) AND json_type(content) = 'object'),
    who           TEXT    NOT NULL CHECK (who <> ''),
    at_ms         INTEGER NOT NULL
) STRICT;

-- What the inspector says of one thing that was drawn; the newest holds.
CREATE TABLE inspection_marks (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    inspection_id INTEGER NOT NULL REFERENCES inspection_draws (inspection_id),
    kind          TEXT    NOT NULL CHECK (kind IN ('passage', 'vehicle', 'machine', 'day')),
    subject       TEXT    NOT NULL CHECK (subject <> ''),
    mark          TEXT    NOT NULL CHECK (mark IN ('agrees', 'differs', 'unchecked')),
    remark        TEXT    NOT NULL,
    who           TEXT    NOT NULL CHECK (who <> ''),
    at_ms         INTEGER NOT NULL
) STRICT;
CREATE INDEX inspection_marks_of ON inspection_marks (inspection_id);

CREATE TRIGGER inspections_stay BEFORE UPDATE ON inspections
    BEGIN SELECT raise(ABORT, 'inspections are never edited'); END;
CREATE TRIGGER inspections_remain BEFORE DELETE ON inspections
    BEGIN SELECT raise(ABORT, 'inspections are never deleted'); END;
CREATE TRIGGER inspection_draws_stay BEFORE UPDATE ON inspection_draws
    BEGIN SELECT raise(ABORT, 'draws are never edited'); END;
CREATE TRIGGER inspection_draws_remain BEFORE DELETE ON inspection_draws
    BEGIN SELECT raise(ABORT, 'draws are never deleted'); END;
CREATE TRIGGER inspection_marks_stay BEFORE UPDATE ON inspection_marks
    BEGIN SELECT raise(ABORT, 'marks are never edited'); END;
CREATE TRIGGER inspection_marks_remain BEFORE DELETE ON inspection_marks
    BEGIN SELECT raise(ABORT, 'marks are never deleted'); END;

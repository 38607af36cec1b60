-- Registers, and an outbox that carries passages, corrections of passages and register records.

CREATE TABLE records (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    key      TEXT NOT NULL UNIQUE CHECK (length(key) = 32),
    register TEXT NOT NULL
) STRICT;
CREATE INDEX records_in ON records (register, id);

-- identity is what a person calls the record: a plate and its colour, a barrier's number. Among
-- the newest revisions of one register that are not retired it occurs once.
CREATE TABLE record_revisions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id     INTEGER NOT NULL REFERENCES records (id),
    revision      INTEGER NOT NULL CHECK (revision >= 1),
    identity      TEXT    NOT NULL CHECK (identity <> ''),
    items         TEXT    NOT NULL CHECK (json_valid(items) AND json_type(items) = 'object'),
    state         TEXT    NOT NULL
                  CHECK (state IN ('draft', 'checked', 'approved', 'rejected', 'retired')),
    changed_at_ms INTEGER NOT NULL,
    who           TEXT    NOT NULL CHECK (who <> ''),
    why           TEXT    NOT NULL CHECK (why <> ''),
    UNIQUE (record_id, revision)
) STRICT;
CREATE INDEX record_revisions_named ON record_revisions (identity);

-- Licences, papers and name plates, one file for each content however many records show it.
CREATE TABLE files (
    sha256     TEXT    PRIMARY KEY CHECK (length(sha256) = 64),
    path       TEXT    NOT NULL UNIQUE,
    media_type TEXT    NOT NULL,
    size_bytes INTEGER NOT NULL CHECK (size_bytes > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_files (
    revision_id INTEGER NOT NULL REFERENCES record_revisions (id),
    item        TEXT    NOT NULL,
    sha256      TEXT    NOT NULL REFERENCES files (sha256),
    PRIMARY KEY (revision_id, item)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER records_stay BEFORE UPDATE ON records
    BEGIN SELECT raise(ABORT, 'records are never edited'); END;
CREATE TRIGGER records_remain BEFORE DELETE ON records
    BEGIN SELECT raise(ABORT, 'records are never deleted'); END;
CREATE TRIGGER record_revisions_stay BEFORE UPDATE ON record_revisions
    BEGIN SELECT raise(ABORT, 'revisions are never edited'); END;
CREATE TRIGGER record_revisions_remain BEFORE DELETE ON record_revisions
    BEGIN SELECT raise(ABORT, 'revisions are never deleted'); END;
CREATE TRIGGER files_stay BEFORE UPDATE ON files
    BEGIN SELECT raise(ABORT, 'files are never edited'); END;
CREATE TRIGGER files_remain BEFORE DELETE ON files
    BEGIN SELECT raise(ABORT, 'files are never deleted'); END;
CREATE TRIGGER record_files_stay BEFORE UPDATE ON record_files
    BEGIN SELECT raise(ABORT, 'files of a revision are never edited'); END;
CREATE TRIGGER record_files_remain BEFORE DELETE ON record_files
    BEGIN SELECT raise(ABORT, 'files of a revision are never deleted'); END;

-- The outbox again, now with a subject: a passage or a record. revision is that of the record, or
-- the number of the correction; 0 for a passage as it was decided and as it ended.
DROP VIEW passage_state;

CREATE TABLE outbox_with_subject (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    sink            TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    passage_id      INTEGER REFERENCES passages (id),
    record_id       INTEGER REFERENCES records (id),
    revision        INTEGER NOT NULL DEFAULT 0,
    generated_at_ms INTEGER NOT NULL,
    due_at_ms       INTEGER NOT NULL,
    state           TEXT    NOT NULL DEFAULT 'new'
                    CHECK (state IN ('new', 'sending', 'acknowledged', 'refused')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    answer          TEXT,
    settled_at_ms   INTEGER,
    CHECK ((passage_id IS NULL) <> (record_id IS NULL)),
    CHECK ((settled_at_ms IS NULL) = (state IN ('new', 'sending')))
) STRICT;
INSERT INTO outbox_with_subject (id, sink, kind, passage_id, generated_at_ms, due_at_ms, state,
                                 attempts, answer, settled_at_ms)
SELECT id, sink, kind, passage_id, generated_at_ms, due_at_ms, state, attempts, answer,
       settled_at_ms
FROM outbox ORDER BY id;
DROP TABLE outbox;
ALTER TABLE outbox_with_subject RENAME TO outbox;

CREATE UNIQUE INDEX outbox_of_passage ON outbox (passage_id, sink, kind, revision)
    WHERE passage_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_of_record ON outbox (record_id, sink, kind, revision)
    WHERE record_id IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (sink, id) WHERE settled_at_ms IS NULL;

CREATE TRIGGER outbox_counts_new AFTER INSERT ON outbox BEGIN
    INSERT INTO outbox_totals VALUES (NEW.sink, 1, 0, 0)
    ON CONFLICT (sink) DO UPDATE SET generated = generated + 1;
END;
CREATE TRIGGER outbox_counts_state AFTER UPDATE OF state ON outbox BEGIN
    UPDATE outbox_totals SET
        acknowledged = acknowledged
            + (NEW.state = 'acknowledged') - (OLD.state = 'acknowledged'),
        refused = refused + (NEW.state = 'refused') - (OLD.state = 'refused')
    WHERE sink = NEW.sink;
END;
CREATE TRIGGER outbox_remains BEFORE DELETE ON outbox
    BEGIN SELECT raise(ABORT, 'deliveries are never deleted'); END;

CREATE VIEW passage_state AS
SELECT
    p.id,
    p.key,
    strftime('%Y-%m-%dT%H:%M:%fZ', p.decided_at_ms / 1000.0, 'unixepoch') AS decided_at_utc,
    p.lane,
    p.entrance,
    p.barrier,
    p.direction,
    coalesce(f.plate, d.plate)           AS plate,
    coalesce(f.color, d.color)           AS color,
    coalesce(f.layout, d.layout)         AS layout,
    coalesce(f.confidence, d.confidence) AS confidence,
    coalesce(f.recognised, d.recognised) AS recognised,
    p.decision,
    p.reason,
    o.outcome,
    strftime('%Y-%m-%dT%H:%M:%fZ', o.at_ms / 1000.0, 'unixepoch') AS finished_at_utc,
    (SELECT count(*) FROM photos WHERE passage_id = p.id) AS photos,
    (SELECT group_concat(sink || ' ' || kind || ' ' || state, ', ')
       FROM outbox WHERE passage_id = p.id) AS deliveries
FROM passages p
JOIN readings d ON d.passage_id = p.id AND d.stage = 'decided'
LEFT JOIN readings f ON f.passage_id = p.id AND f.stage = 'final'
LEFT JOIN passage_outcomes o ON o.passage_id = p.id;

-- Times are integer milliseconds since 1970-01-01T00:00:00Z, UTC.

PRAGMA application_id = 0x4D4A4C47; -- "MJLG"

CREATE TABLE passages (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    key           TEXT    NOT NULL UNIQUE CHECK (length(key) = 32),
    lane          TEXT    NOT NULL,
    entrance      TEXT    NOT NULL,
    barrier       TEXT    NOT NULL,
    direction     TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    entered_at_ms INTEGER NOT NULL,
    decided_at_ms INTEGER NOT NULL,
    clock         TEXT    NOT NULL,
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    camera        TEXT    NOT NULL,
    decision      TEXT    NOT NULL CHECK (decision IN ('allow', 'deny', 'ask')),
    reason        TEXT    NOT NULL
) STRICT;
CREATE INDEX passages_decided ON passages (decided_at_ms);

-- What was read at the decision, and what the lane knew at the end when that is better.
CREATE TABLE readings (
    passage_id    INTEGER NOT NULL REFERENCES passages (id),
    stage         TEXT    NOT NULL CHECK (stage IN ('decided', 'final')),
    plate         TEXT    NOT NULL,
    color         TEXT    NOT NULL,
    color_p       REAL    NOT NULL,
    layout        TEXT    NOT NULL,
    confidence    REAL    NOT NULL,
    recognised    INTEGER NOT NULL CHECK (recognised IN (0, 1)),
    chars         TEXT    NOT NULL CHECK (json_valid(chars)),
    corners       TEXT    CHECK (corners IS NULL OR json_valid(corners)),
    trailer_plate TEXT,
    PRIMARY KEY (passage_id, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE passage_outcomes (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id),
    outcome    TEXT    NOT NULL CHECK (outcome IN ('passed', 'backed_out', 'timed_out', 'lost')),
    at_ms      INTEGER NOT NULL
) STRICT;

-- revision: 0 as first rendered; a photo rendered again after a correction counts up.
CREATE TABLE photos (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id  INTEGER NOT NULL REFERENCES passages (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('head_original', 'head', 'body_original', 'body')),
    revision    INTEGER NOT NULL DEFAULT 0,
    path        TEXT    NOT NULL UNIQUE,
    sha256      TEXT    NOT NULL CHECK (length(sha256) = 64),
    size_bytes  INTEGER NOT NULL CHECK (size_bytes > 0),
    camera      TEXT    NOT NULL,
    taken_at_ms INTEGER NOT NULL,
    UNIQUE (passage_id, kind, revision)
) STRICT;

CREATE TABLE lost_passages (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    lane   TEXT    NOT NULL,
    at_ms  INTEGER NOT NULL,
    reason TEXT    NOT NULL
) STRICT;

-- A work list, kept in the transactions that decide and finish, so that finding the open
-- passages costs nothing in a ledger of two years.
CREATE TABLE open_passages (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id)
) STRICT;

-- due_at_ms: 0 is at once.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id      INTEGER NOT NULL REFERENCES passages (id),
    sink            TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    generated_at_ms INTEGER NOT NULL,
    due_at_ms       INTEGER NOT NULL,
    state           TEXT    NOT NULL DEFAULT 'new'
                    CHECK (state IN ('new', 'sending', 'acknowledged', 'refused')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    answer          TEXT,
    settled_at_ms   INTEGER,
    UNIQUE (passage_id, sink, kind),
    CHECK ((settled_at_ms IS NULL) = (state IN ('new', 'sending')))
) STRICT;
CREATE INDEX outbox_waiting ON outbox (sink, id) WHERE settled_at_ms IS NULL;

-- What the sinks said. The same error again and again is counted in outbox.attempts only.
CREATE TABLE outbox_answers (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    at_ms     INTEGER NOT NULL,
    result    TEXT    NOT NULL CHECK (result IN ('acknowledged', 'retry', 'refused', 'requeued')),
    words     TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_answers_of ON outbox_answers (outbox_id);

CREATE TABLE outbox_totals (
    sink         TEXT    PRIMARY KEY,
    generated    INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    refused      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

-- Evidence is only ever appended.
CREATE TRIGGER passages_stay BEFORE UPDATE ON passages
    BEGIN SELECT raise(ABORT, 'passages are never edited'); END;
CREATE TRIGGER passages_remain BEFORE DELETE ON passages
    BEGIN SELECT raise(ABORT, 'passages are never deleted'); END;
CREATE TRIGGER readings_stay BEFORE UPDATE ON readings
    BEGIN SELECT raise(ABORT, 'readings are never edited'); END;
CREATE TRIGGER readings_remain BEFORE DELETE ON readings
    BEGIN SELECT raise(ABORT, 'readings are never deleted'); END;
CREATE TRIGGER passage_outcomes_stay BEFORE UPDATE ON passage_outcomes
    BEGIN SELECT raise(ABORT, 'outcomes are never edited'); END;
CREATE TRIGGER passage_outcomes_remain BEFORE DELETE ON passage_outcomes
    BEGIN SELECT raise(ABORT, 'outcomes are never deleted'); END;
CREATE TRIGGER photos_stay BEFORE UPDATE ON photos
    BEGIN SELECT raise(ABORT, 'photos are never edited'); END;
CREATE TRIGGER photos_remain BEFORE DELETE ON photos
    BEGIN SELECT raise(ABORT, 'photos are never deleted'); END;
CREATE TRIGGER lost_passages_stay BEFORE UPDATE ON lost_passages
    BEGIN SELECT raise(ABORT, 'lost passages are never edited'); END;
CREATE TRIGGER lost_passages_remain BEFORE DELETE ON lost_passages
    BEGIN SELECT raise(ABORT, 'lost passages are never deleted'); END;
CREATE TRIGGER outbox_remains BEFORE DELETE ON outbox
    BEGIN SELECT raise(ABORT, 'deliveries are never deleted'); END;
CREATE TRIGGER outbox_answers_stay BEFORE UPDATE ON outbox_answers
    BEGIN SELECT raise(ABORT, 'answers are never edited'); END;
CREATE TRIGGER outbox_answers_remain BEFORE DELETE ON outbox_answers
    BEGIN SELECT raise(ABORT, 'answers are never deleted'); END;

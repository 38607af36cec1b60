-- What a platform knows our rows by, what was sent to it, and what it sent down.

-- A platform's own serial number of a passage or a record: derived once and never again.
CREATE TABLE platform_serials (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    serial   TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    UNIQUE (platform, subject),
    UNIQUE (platform, serial)
) STRICT;

-- Each different payload that was sent for a row, before it was sent. The first one is what
-- "already there" may acknowledge.
CREATE TABLE platform_sendings (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id      INTEGER NOT NULL REFERENCES outbox (id),
    sha256         TEXT    NOT NULL,
    items_present  INTEGER NOT NULL,
    items_expected INTEGER NOT NULL,
    at_ms          INTEGER NOT NULL,
    UNIQUE (outbox_id, sha256)
) STRICT;

-- The parts of a delivery that the platform has acknowledged: record, each photo, cargo.
CREATE TABLE platform_steps (
    platform TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    step     TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (platform, subject, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE downlinks (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    platform       TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    platform_id    TEXT    NOT NULL,
    sha256         TEXT    NOT NULL,
    raw            TEXT    NOT NULL,
    parsed         TEXT    NOT NULL,
    received_at_ms INTEGER NOT NULL,
    UNIQUE (platform, kind, sha256)
) STRICT;
CREATE INDEX downlinks_of ON downlinks (kind, platform, platform_id);

-- What we told the platform about something that it sent down, once each.
CREATE TABLE downlink_answers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    platform    TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    platform_id TEXT    NOT NULL,
    answer      TEXT    NOT NULL,
    words       TEXT    NOT NULL,
    at_ms       INTEGER NOT NULL,
    UNIQUE (platform, kind, platform_id, answer)
) STRICT;

-- When a list was last fetched whole: the age of what is known from it.
CREATE TABLE downlink_fetches (
    platform TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (platform, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER platform_serials_stay BEFORE UPDATE ON platform_serials
    BEGIN SELECT raise(ABORT, 'serial numbers are never edited'); END;
CREATE TRIGGER platform_serials_remain BEFORE DELETE ON platform_serials
    BEGIN SELECT raise(ABORT, 'serial numbers are never deleted'); END;
CREATE TRIGGER platform_sendings_stay BEFORE UPDATE ON platform_sendings
    BEGIN SELECT raise(ABORT, 'sendings are never edited'); END;
CREATE TRIGGER platform_sendings_remain BEFORE DELETE ON platform_sendings
    BEGIN SELECT raise(ABORT, 'sendings are never deleted'); END;
CREATE TRIGGER downlinks_stay BEFORE UPDATE ON downlinks
    BEGIN SELECT raise(ABORT, 'downlinks are never edited'); END;
CREATE TRIGGER downlinks_remain BEFORE DELETE ON downlinks
    BEGIN SELECT raise(ABORT, 'downlinks are never deleted'); END;
CREATE TRIGGER downlink_answers_stay BEFORE UPDATE ON downlink_answers
    BEGIN SELECT raise(ABORT, 'answers are never edited'); END;
CREATE TRIGGER downlink_answers_remain BEFORE DELETE ON downlink_answers
    BEGIN SELECT raise(ABORT, 'answers are never deleted'); END;

-- Rates belong to the day on which rows were generated.
CREATE INDEX outbox_generated ON outbox (generated_at_ms, sink);

-- A person queued passages of before a sink was configured. One row for each step of such an order:
-- of the passages up to the number up_to, those decided from from_ms on were queued where they had
-- no row of this sink; what is older stays here on purpose.
CREATE TABLE backfills (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    sink    TEXT    NOT NULL CHECK (sink <> ''),
    from_ms INTEGER NOT NULL,
    up_to   INTEGER NOT NULL,
    queued  INTEGER NOT NULL CHECK (queued >= 0),
    who     TEXT    NOT NULL CHECK (who <> ''),
    why     TEXT    NOT NULL CHECK (why <> ''),
    at_ms   INTEGER NOT NULL
) STRICT;

CREATE TRIGGER backfills_stay BEFORE UPDATE ON backfills
    BEGIN SELECT raise(ABORT, 'entries are never edited'); END;
CREATE TRIGGER backfills_remain BEFORE DELETE ON backfills
    BEGIN SELECT raise(ABORT, 'entries are never deleted'); END;

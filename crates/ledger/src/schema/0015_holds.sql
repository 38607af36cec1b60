-- Gates that persons hold open for a time, and what became of each hold: one is over at until_ms, or when a
-- person ended it. An order to raise may be confirmed or not several times.
CREATE TABLE holds (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    lane     TEXT    NOT NULL CHECK (lane <> ''),
    entrance TEXT    NOT NULL,
    barrier  TEXT    NOT NULL,
    who      TEXT    NOT NULL CHECK (who <> ''),
    why      TEXT    NOT NULL CHECK (why <> ''),
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    CHECK (until_ms > from_ms AND until_ms - from_ms <= 86400000)
) STRICT;
CREATE INDEX holds_of ON holds (lane, from_ms);

CREATE TABLE hold_steps (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    hold_id INTEGER NOT NULL REFERENCES holds (id),
    step    TEXT    NOT NULL CHECK (step IN ('obeyed', 'failed', 'ended')),
    who     TEXT    NOT NULL,
    why     TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    CHECK (step <> 'ended' OR (who <> '' AND why <> ''))
) STRICT;
CREATE INDEX hold_steps_of ON hold_steps (hold_id);
CREATE UNIQUE INDEX hold_steps_ended ON hold_steps (hold_id) WHERE step = 'ended';

CREATE TRIGGER holds_stay BEFORE UPDATE ON holds
    BEGIN SELECT raise(ABORT, 'holds are never edited'); END;
CREATE TRIGGER holds_remain BEFORE DELETE ON holds
    BEGIN SELECT raise(ABORT, 'holds are never deleted'); END;
CREATE TRIGGER hold_steps_stay BEFORE UPDATE ON hold_steps
    BEGIN SELECT raise(ABORT, 'holds are never edited'); END;
CREATE TRIGGER hold_steps_remain BEFORE DELETE ON hold_steps
    BEGIN SELECT raise(ABORT, 'holds are never deleted'); END;

-- Alarms that a receiver was not told in its quiet hours and is told when they end. No evidence itself.
CREATE TABLE kept_back (
    receiver TEXT    NOT NULL,
    alarm_id INTEGER NOT NULL REFERENCES alarms (id),
    PRIMARY KEY (receiver, alarm_id)
) STRICT;

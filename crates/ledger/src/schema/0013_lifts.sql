-- Arms that persons raised, through the program or past it, and what became of each lift.
CREATE TABLE lifts (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    lane     TEXT    NOT NULL CHECK (lane <> ''),
    entrance TEXT    NOT NULL,
    barrier  TEXT    NOT NULL,
    way      TEXT    NOT NULL CHECK (way IN ('software', 'remote', 'button', 'unknown')),
    who      TEXT    NOT NULL,
    why      TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    CHECK (way <> 'software' OR (who <> '' AND why <> ''))
) STRICT;
CREATE INDEX lifts_at ON lifts (at_ms);

CREATE TABLE lift_steps (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    lift_id    INTEGER NOT NULL REFERENCES lifts (id),
    step       TEXT    NOT NULL CHECK (step IN ('obeyed', 'failed', 'passed', 'unused')),
    passage_id INTEGER REFERENCES passages (id),
    detail     TEXT    NOT NULL,
    at_ms      INTEGER NOT NULL,
    UNIQUE (lift_id, step),
    CHECK ((step = 'passed') = (passage_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX lift_steps_passage ON lift_steps (passage_id) WHERE passage_id IS NOT NULL;

-- Those of which it is not known yet whether a vehicle passed; kept by the triggers.
CREATE TABLE open_lifts (
    lift_id INTEGER PRIMARY KEY REFERENCES lifts (id)
) STRICT;
CREATE TRIGGER lifts_open AFTER INSERT ON lifts BEGIN
    INSERT INTO open_lifts VALUES (NEW.id);
END;
CREATE TRIGGER lifts_close AFTER INSERT ON lift_steps WHEN NEW.step IN ('passed', 'unused') BEGIN
    DELETE FROM open_lifts WHERE lift_id = NEW.lift_id;
END;

CREATE TRIGGER lifts_stay BEFORE UPDATE ON lifts
    BEGIN SELECT raise(ABORT, 'lifts are never edited'); END;
CREATE TRIGGER lifts_remain BEFORE DELETE ON lifts
    BEGIN SELECT raise(ABORT, 'lifts are never deleted'); END;
CREATE TRIGGER lift_steps_stay BEFORE UPDATE ON lift_steps
    BEGIN SELECT raise(ABORT, 'lifts are never edited'); END;
CREATE TRIGGER lift_steps_remain BEFORE DELETE ON lift_steps
    BEGIN SELECT raise(ABORT, 'lifts are never deleted'); END;

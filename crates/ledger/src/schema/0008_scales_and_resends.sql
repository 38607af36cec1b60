-- Weighing indicators that know no plate, and who sent refused rows again.

-- What stood on a platform, once for each vehicle. lanes is a JSON array: the lanes whose vehicles
-- stand on it. mass_kg is all that stood there; whether that is a gross or a tare weight only the
-- vehicle's other weighing tells.
CREATE TABLE scale_weighings (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    scale         TEXT    NOT NULL CHECK (scale <> ''),
    lanes         TEXT    NOT NULL CHECK (json_type(lanes) = 'array'),
    mass_kg       INTEGER NOT NULL CHECK (mass_kg > 0),
    weighed_at_ms INTEGER NOT NULL,
    kept_at_ms    INTEGER NOT NULL,
    UNIQUE (scale, weighed_at_ms)
) STRICT;
CREATE INDEX scale_weighings_at ON scale_weighings (weighed_at_ms);

-- Whose weighing it was. By time and lane, not by plate: a corrected plate changes nothing here.
CREATE TABLE scale_matches (
    weighing_id  INTEGER PRIMARY KEY REFERENCES scale_weighings (id),
    passage_id   INTEGER NOT NULL UNIQUE REFERENCES passages (id),
    matched_at_ms INTEGER NOT NULL
) STRICT;

-- Cargo that two weighings of one visit tell: the correction of the passage that it became, and
-- the two. Without them, cargo of before was taken back, for its visit was none.
CREATE TABLE scale_loads (
    passage_id   INTEGER NOT NULL REFERENCES passages (id),
    revision     INTEGER NOT NULL CHECK (revision > 0),
    entry_id     INTEGER REFERENCES scale_weighings (id),
    exit_id      INTEGER REFERENCES scale_weighings (id),
    PRIMARY KEY (passage_id, revision),
    CHECK ((entry_id IS NULL) = (exit_id IS NULL))
) STRICT;
CREATE INDEX scale_loads_exit ON scale_loads (exit_id);

-- A person sent a refused row again: who, why, and what the sink had said. Ones of before this
-- table are in outbox_answers only, which no chain covers.
CREATE TABLE resends (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id  INTEGER NOT NULL REFERENCES outbox (id),
    sink       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    passage_id INTEGER REFERENCES passages (id),
    record_id  INTEGER REFERENCES records (id),
    refusal    TEXT    NOT NULL,
    who        TEXT    NOT NULL CHECK (who <> ''),
    why        TEXT    NOT NULL CHECK (why <> ''),
    at_ms      INTEGER NOT NULL
) STRICT;

CREATE TRIGGER resends_stay BEFORE UPDATE ON resends
    BEGIN SELECT raise(ABORT, 'entries are never edited'); END;
CREATE TRIGGER resends_remain BEFORE DELETE ON resends
    BEGIN SELECT raise(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER scale_weighings_stay BEFORE UPDATE ON scale_weighings
    BEGIN SELECT raise(ABORT, 'weighings are never edited'); END;
CREATE TRIGGER scale_weighings_remain BEFORE DELETE ON scale_weighings
    BEGIN SELECT raise(ABORT, 'weighings are never deleted'); END;
CREATE TRIGGER scale_matches_stay BEFORE UPDATE ON scale_matches
    BEGIN SELECT raise(ABORT, 'matches are never edited'); END;
CREATE TRIGGER scale_matches_remain BEFORE DELETE ON scale_matches
    BEGIN SELECT raise(ABORT, 'matches are never deleted'); END;
CREATE TRIGGER scale_loads_stay BEFORE UPDATE ON scale_loads
    BEGIN SELECT raise(ABORT, 'loads are never edited'); END;
CREATE TRIGGER scale_loads_remain BEFORE DELETE ON scale_loads
    BEGIN SELECT raise(ABORT, 'loads are never deleted'); END;

-- Corrections grow up, passages may come from paper, cargo is weighed, and what holds now can be
-- searched.

-- revision counts the corrections of a passage from 1; the items of one correction share it.
-- manual marks a plate given by a person where none had been read.
ALTER TABLE corrections ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE corrections ADD COLUMN manual INTEGER NOT NULL DEFAULT 0 CHECK (manual IN (0, 1));

-- Passages that no camera saw: table C.3 on paper, typed in afterwards.
CREATE TABLE paper_entries (
    passage_id    INTEGER PRIMARY KEY REFERENCES passages (id),
    entered_at_ms INTEGER NOT NULL,
    who           TEXT    NOT NULL CHECK (who <> ''),
    why           TEXT    NOT NULL CHECK (why <> '')
) STRICT;
CREATE TRIGGER paper_entries_stay BEFORE UPDATE ON paper_entries
    BEGIN SELECT raise(ABORT, 'entries are never edited'); END;
CREATE TRIGGER paper_entries_remain BEFORE DELETE ON paper_entries
    BEGIN SELECT raise(ABORT, 'entries are never deleted'); END;

-- What a weighbridge recorded. Masses in kilograms.
CREATE TABLE weighings (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    plate        TEXT    NOT NULL CHECK (plate <> ''),
    weighed_at_ms INTEGER NOT NULL,
    ticket       TEXT    NOT NULL,
    cargo        TEXT,
    gross_kg     INTEGER,
    tare_kg      INTEGER,
    net_kg       INTEGER,
    source       TEXT    NOT NULL,
    kept_at_ms   INTEGER NOT NULL,
    UNIQUE (plate, weighed_at_ms, ticket)
) STRICT;
CREATE INDEX weighings_at ON weighings (weighed_at_ms);
CREATE TRIGGER weighings_stay BEFORE UPDATE ON weighings
    BEGIN SELECT raise(ABORT, 'weighings are never edited'); END;
CREATE TRIGGER weighings_remain BEFORE DELETE ON weighings
    BEGIN SELECT raise(ABORT, 'weighings are never deleted'); END;

CREATE TABLE weighing_matches (
    weighing_id INTEGER PRIMARY KEY REFERENCES weighings (id),
    passage_id  INTEGER NOT NULL REFERENCES passages (id)
) STRICT;
CREATE TRIGGER weighing_matches_stay BEFORE UPDATE ON weighing_matches
    BEGIN SELECT raise(ABORT, 'matches are never edited'); END;
CREATE TRIGGER weighing_matches_remain BEFORE DELETE ON weighing_matches
    BEGIN SELECT raise(ABORT, 'matches are never deleted'); END;

-- Each plate that ever held, once; folded has characters that are taken for each other as one.
CREATE TABLE plates (
    id     INTEGER PRIMARY KEY,
    plate  TEXT NOT NULL UNIQUE CHECK (plate <> ''),
    folded TEXT NOT NULL
) STRICT;
CREATE INDEX plates_folded ON plates (folded);
CREATE VIRTUAL TABLE plate_parts USING fts5 (
    plate, folded, content = 'plates', content_rowid = 'id', tokenize = 'trigram'
);
CREATE TRIGGER plates_have_parts AFTER INSERT ON plates BEGIN
    INSERT INTO plate_parts (rowid, plate, folded) VALUES (NEW.id, NEW.plate, NEW.folded);
END;

-- Derived: what holds now of each passage, in the order of time, for the combined query. Brought up
-- to date in the transaction that changes what it is derived from.
CREATE TABLE passage_facts (
    decided_at_ms INTEGER NOT NULL,
    passage_id    INTEGER NOT NULL REFERENCES passages (id),
    plate_id      INTEGER REFERENCES plates (id),
    color         TEXT    NOT NULL,
    lane          TEXT    NOT NULL,
    entrance      TEXT    NOT NULL,
    direction     TEXT    NOT NULL,
    decision      TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    known         INTEGER NOT NULL CHECK (known IN (0, 1)),
    emission      TEXT,
    fuel          TEXT,
    PRIMARY KEY (decided_at_ms, passage_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX passage_facts_of ON passage_facts (passage_id);
CREATE INDEX passage_facts_plate ON passage_facts (plate_id, decided_at_ms);
CREATE INDEX passage_facts_color ON passage_facts (color, decided_at_ms);
CREATE INDEX passage_facts_decision ON passage_facts (decision, decided_at_ms);
CREATE INDEX passage_facts_reason ON passage_facts (reason, decided_at_ms);
CREATE INDEX passage_facts_emission ON passage_facts (emission, decided_at_ms);
CREATE INDEX passage_facts_fuel ON passage_facts (fuel, decided_at_ms);
CREATE INDEX passage_facts_unknown ON passage_facts (decided_at_ms) WHERE known = 0;
CREATE INDEX outbox_refused ON outbox (passage_id) WHERE state = 'refused';

CREATE TEMP TABLE held AS
SELECT p.id, p.decided_at_ms, p.lane, p.entrance, p.decision, p.reason,
    coalesce((SELECT after FROM corrections WHERE passage_id = p.id AND item = 'plate'
              ORDER BY id DESC LIMIT 1), f.plate, d.plate) AS plate,
    coalesce((SELECT after FROM corrections WHERE passage_id = p.id AND item = 'color'
              ORDER BY id DESC LIMIT 1), f.color, d.color) AS color,
    coalesce((SELECT after FROM corrections WHERE passage_id = p.id AND item = 'direction'
              ORDER BY id DESC LIMIT 1), p.direction) AS direction,
    coalesce(f.recognised, d.recognised) OR EXISTS
        (SELECT 1 FROM corrections WHERE passage_id = p.id AND item = 'plate') AS known
FROM passages p
JOIN readings d ON d.passage_id = p.id AND d.stage = 'decided'
LEFT JOIN readings f ON f.passage_id = p.id AND f.stage = 'final';
INSERT INTO plates (plate, folded)
SELECT plate, replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(plate, 'D', '0'), 'O', '0'), 'Q', '0'), 'B', '8'), 'S', '5'), 'Z', '2'), 'I', '1'), 'T', '1'), 'L', '1'), 'G', '6'), 'V', 'U')
FROM (SELECT DISTINCT plate FROM held WHERE plate <> '');
INSERT INTO passage_facts
SELECT h.decided_at_ms, h.id, (SELECT id FROM plates WHERE plate = h.plate), h.color, h.lane,
    h.entrance, h.direction, h.decision, h.reason, h.known AND h.plate <> '',
    NULL, NULL
FROM held h;
DROP TABLE held;

DROP VIEW passage_state;
CREATE VIEW passage_state AS
SELECT
    p.id,
    p.key,
    strftime('%Y-%m-%dT%H:%M:%fZ', p.decided_at_ms / 1000.0, 'unixepoch') AS decided_at_utc,
    p.lane,
    p.entrance,
    p.barrier,
    h.direction,
    n.plate,
    h.color,
    coalesce(f.layout, d.layout)         AS layout,
    coalesce(f.confidence, d.confidence) AS confidence,
    coalesce(f.recognised, d.recognised) AS recognised,
    d.plate                              AS plate_first_read,
    (SELECT count(DISTINCT revision) FROM corrections WHERE passage_id = p.id) AS corrections,
    p.decision,
    p.reason,
    h.emission,
    h.fuel,
    o.outcome,
    strftime('%Y-%m-%dT%H:%M:%fZ', o.at_ms / 1000.0, 'unixepoch') AS finished_at_utc,
    iif(e.passage_id IS NULL, 'camera', 'paper') AS source,
    (SELECT count(*) FROM photos WHERE passage_id = p.id) AS photos,
    (SELECT group_concat(sink || ' ' || kind || ' ' || state, ', ')
       FROM outbox WHERE passage_id = p.id) AS deliveries
FROM passages p
JOIN passage_facts h ON h.passage_id = p.id
JOIN readings d ON d.passage_id = p.id AND d.stage = 'decided'
LEFT JOIN plates n ON n.id = h.plate_id
LEFT JOIN readings f ON f.passage_id = p.id AND f.stage = 'final'
LEFT JOIN passage_outcomes o ON o.passage_id = p.id
LEFT JOIN paper_entries e ON e.passage_id = p.id;

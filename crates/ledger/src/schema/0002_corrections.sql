-- Room for corrections, and a view for people with an SQLite shell.

CREATE TABLE corrections (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL REFERENCES passages (id),
    item       TEXT    NOT NULL,
    before     TEXT,
    after      TEXT,
    who        TEXT    NOT NULL CHECK (who <> ''),
    why        TEXT    NOT NULL CHECK (why <> ''),
    at_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX corrections_of ON corrections (passage_id);
CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections
    BEGIN SELECT raise(ABORT, 'corrections are never edited'); END;
CREATE TRIGGER corrections_remain BEFORE DELETE ON corrections
    BEGIN SELECT raise(ABORT, 'corrections are never deleted'); END;

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

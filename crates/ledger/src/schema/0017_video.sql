-- What was recorded: an hour of a camera, with the hash of each of its files, so that a minute that was changed, removed or
-- inserted is found. The files are not of the ledger, and neither is their index.

-- hour_ms is when the hour begins; files, a line each: name, milliseconds, bytes, SHA-256; gaps, a line each: from, until, reason.
-- An hour has several rows where a clock was set back into it.
CREATE TABLE video_hours (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    camera     TEXT    NOT NULL CHECK (camera <> ''),
    hour_ms    INTEGER NOT NULL,
    files      TEXT    NOT NULL,
    gaps       TEXT    NOT NULL,
    kept_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX video_hours_of ON video_hours (camera, hour_ms);

-- Before files go because their time is over: all of the camera that began before that time may be gone.
CREATE TABLE video_removals (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    camera    TEXT    NOT NULL CHECK (camera <> ''),
    before_ms INTEGER NOT NULL,
    why       TEXT    NOT NULL CHECK (why IN ('age', 'quota')),
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX video_removals_of ON video_removals (camera, before_ms);

CREATE TRIGGER video_hours_stay BEFORE UPDATE ON video_hours
    BEGIN SELECT raise(ABORT, 'hours of video are never edited'); END;
CREATE TRIGGER video_hours_remain BEFORE DELETE ON video_hours
    BEGIN SELECT raise(ABORT, 'hours of video are never deleted'); END;
CREATE TRIGGER video_removals_stay BEFORE UPDATE ON video_removals
    BEGIN SELECT raise(ABORT, 'removals of video are never edited'); END;
CREATE TRIGGER video_removals_remain BEFORE DELETE ON video_removals
    BEGIN SELECT raise(ABORT, 'removals of video are never deleted'); END;

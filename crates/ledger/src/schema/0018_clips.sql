-- Clips: video of events, cut from the recording and kept apart from it. The files lie in the folders for video.

-- A person wants the video of a passage kept.
CREATE TABLE clip_requests (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL UNIQUE REFERENCES passages (id),
    who        TEXT    NOT NULL CHECK (who <> ''),
    at_ms      INTEGER NOT NULL
) STRICT;

-- What is to be cut yet: derived from the rows of the chain, as far as the follower 'clips' has come.
CREATE TABLE wanted_clips (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT    NOT NULL CHECK (kind IN ('passage', 'forced', 'lift', 'alarm')),
    subject  INTEGER NOT NULL,
    lane     TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    UNIQUE (kind, subject)
) STRICT;
CREATE INDEX wanted_clips_of ON wanted_clips (lane, at_ms);
CREATE INDEX wanted_clips_due ON wanted_clips (until_ms);

-- One for each event: what was wanted, and what became of it. missing, a line each: from, until, reason.
CREATE TABLE clips (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('passage', 'forced', 'lift', 'alarm')),
    subject    INTEGER NOT NULL,
    lane       TEXT    NOT NULL,
    from_ms    INTEGER NOT NULL,
    until_ms   INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('whole', 'partly', 'none', 'left_out')),
    missing    TEXT    NOT NULL,
    kept_at_ms INTEGER NOT NULL,
    UNIQUE (kind, subject),
    CHECK (until_ms > from_ms)
) STRICT;
CREATE INDEX clips_at ON clips (from_ms);
CREATE INDEX clips_of ON clips (lane, from_ms);

-- path is below a folder for video.
CREATE TABLE clip_files (
    clip_id    INTEGER NOT NULL REFERENCES clips (id),
    number     INTEGER NOT NULL CHECK (number > 0),
    path       TEXT    NOT NULL UNIQUE,
    sha256     TEXT    NOT NULL CHECK (length(sha256) = 64),
    size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
    from_ms    INTEGER NOT NULL,
    until_ms   INTEGER NOT NULL,
    pictures   INTEGER NOT NULL,
    coding     TEXT    NOT NULL,
    PRIMARY KEY (clip_id, number)
) STRICT;

-- Before the files of a clip go because its time is over.
CREATE TABLE clip_removals (
    clip_id INTEGER PRIMARY KEY REFERENCES clips (id),
    at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX clip_removals_at ON clip_removals (at_ms);

CREATE TRIGGER clip_requests_stay BEFORE UPDATE ON clip_requests
    BEGIN SELECT raise(ABORT, 'requests for clips are never edited'); END;
CREATE TRIGGER clip_requests_remain BEFORE DELETE ON clip_requests
    BEGIN SELECT raise(ABORT, 'requests for clips are never deleted'); END;
CREATE TRIGGER clips_stay BEFORE UPDATE ON clips
    BEGIN SELECT raise(ABORT, 'clips are never edited'); END;
CREATE TRIGGER clips_remain BEFORE DELETE ON clips
    BEGIN SELECT raise(ABORT, 'clips are never deleted'); END;
CREATE TRIGGER clip_files_stay BEFORE UPDATE ON clip_files
    BEGIN SELECT raise(ABORT, 'clips are never edited'); END;
CREATE TRIGGER clip_files_remain BEFORE DELETE ON clip_files
    BEGIN SELECT raise(ABORT, 'clips are never deleted'); END;
CREATE TRIGGER clip_removals_stay BEFORE UPDATE ON clip_removals
    BEGIN SELECT raise(ABORT, 'removals of clips are never edited'); END;
CREATE TRIGGER clip_removals_remain BEFORE DELETE ON clip_removals
    BEGIN SELECT raise(ABORT, 'removals of clips are never deleted'); END;

-- Restores from backups, and photos that retention removed.

-- One row for each restore: what was written between the backup and the restore is not here. links
-- and head are those of the chain in the backup; numbers up to last_passage were given by then, and
-- the next one is above first_free, with room for all that may have been given since. branch is
-- random: anchors name the branch of the chain that they speak of.
CREATE TABLE restores (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    branch         TEXT    NOT NULL UNIQUE CHECK (length(branch) = 32),
    backup         TEXT    NOT NULL,
    backup_sha256  TEXT    NOT NULL CHECK (length(backup_sha256) = 64),
    made_at_ms     INTEGER NOT NULL,
    restored_at_ms INTEGER NOT NULL,
    links          INTEGER NOT NULL,
    head           TEXT    NOT NULL CHECK (length(head) = 64),
    last_passage   INTEGER NOT NULL,
    first_free     INTEGER NOT NULL CHECK (first_free > last_passage),
    last_delivery  INTEGER NOT NULL,
    missing_photos INTEGER NOT NULL,
    CHECK (restored_at_ms >= made_at_ms)
) STRICT;

-- Said before anything is removed. One for age covers photos of passages decided before until_ms.
CREATE TABLE removal_notices (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    why         TEXT    NOT NULL CHECK (why IN ('age', 'space')),
    until_ms    INTEGER,
    given_at_ms INTEGER NOT NULL,
    CHECK ((until_ms IS NULL) = (why = 'space'))
) STRICT;

-- Photos that retention removed: those of one passage up to the id last_photo. Their own rows stay,
-- with path, size and hash.
CREATE TABLE photo_removals (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id    INTEGER NOT NULL REFERENCES passages (id),
    last_photo    INTEGER NOT NULL REFERENCES photos (id),
    why           TEXT    NOT NULL CHECK (why IN ('age', 'space')),
    removed_at_ms INTEGER NOT NULL,
    photos        INTEGER NOT NULL CHECK (photos > 0),
    size_bytes    INTEGER NOT NULL,
    sha256        TEXT    NOT NULL CHECK (length(sha256) = 64),
    UNIQUE (passage_id, last_photo)
) STRICT;

-- A work list: removals whose files may still be there.
CREATE TABLE unfinished_removals (
    removal_id INTEGER PRIMARY KEY REFERENCES photo_removals (id)
) STRICT;

CREATE TRIGGER restores_stay BEFORE UPDATE ON restores
    BEGIN SELECT raise(ABORT, 'restores are never edited'); END;
CREATE TRIGGER restores_remain BEFORE DELETE ON restores
    BEGIN SELECT raise(ABORT, 'restores are never deleted'); END;
CREATE TRIGGER removal_notices_stay BEFORE UPDATE ON removal_notices
    BEGIN SELECT raise(ABORT, 'notices are never edited'); END;
CREATE TRIGGER removal_notices_remain BEFORE DELETE ON removal_notices
    BEGIN SELECT raise(ABORT, 'notices are never deleted'); END;
CREATE TRIGGER photo_removals_stay BEFORE UPDATE ON photo_removals
    BEGIN SELECT raise(ABORT, 'removals are never edited'); END;
CREATE TRIGGER photo_removals_remain BEFORE DELETE ON photo_removals
    BEGIN SELECT raise(ABORT, 'removals are never deleted'); END;

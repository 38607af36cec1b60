-- What video there is, by camera and time. The files are the truth: this can be made anew from them.
CREATE TABLE cameras (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Folders for video, each perhaps a disk. The mark is that of a file in it: an empty place where a disk was mounted has none.
CREATE TABLE folders (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    mark TEXT NOT NULL
) STRICT;

-- In the order in which they were recorded, which no clock that is set can change.
CREATE TABLE videos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    camera_id INTEGER NOT NULL REFERENCES cameras (id),
    folder_id INTEGER NOT NULL REFERENCES folders (id),
    path TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    clock TEXT NOT NULL,
    clock_offset_ms INTEGER,
    bytes INTEGER NOT NULL,
    pictures INTEGER NOT NULL,
    coding TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    -- 1 when it was closed by a repair.
    repaired INTEGER NOT NULL,
    -- When it was found to be gone.
    gone_ms INTEGER,
    -- 1 when the ledger's chain has its hash.
    sealed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (folder_id, path)
) STRICT;
CREATE INDEX videos_by_time ON videos (camera_id, start_ms);
CREATE INDEX videos_unsealed ON videos (camera_id, start_ms) WHERE sealed = 0;
CREATE INDEX videos_gone ON videos (gone_ms) WHERE gone_ms IS NOT NULL;

CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    camera_id INTEGER NOT NULL REFERENCES cameras (id),
    from_ms INTEGER NOT NULL,
    until_ms INTEGER,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX gaps_by_time ON gaps (camera_id, from_ms);
CREATE INDEX gaps_open ON gaps (camera_id) WHERE until_ms IS NULL;

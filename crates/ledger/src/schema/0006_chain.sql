-- A chain of hashes over everything that is evidence, and its anchors.

-- One link for each row of evidence, in the order of commit. key is the row's primary key as a JSON
-- array; form says which columns were hashed.
CREATE TABLE links (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT    NOT NULL,
    key    TEXT    NOT NULL CHECK (json_valid(key)),
    form   INTEGER NOT NULL,
    hash   TEXT    NOT NULL CHECK (length(hash) = 64),
    UNIQUE (source, key)
) STRICT;
CREATE TRIGGER links_stay BEFORE UPDATE ON links
    BEGIN SELECT raise(ABORT, 'links are never edited'); END;
CREATE TRIGGER links_remain BEFORE DELETE ON links
    BEGIN SELECT raise(ABORT, 'links are never deleted'); END;

-- What the chain was at the end of a day of the site. Copies of these leave the computer.
CREATE TABLE anchors (
    day        TEXT    PRIMARY KEY,
    links      INTEGER NOT NULL,
    head       TEXT    NOT NULL CHECK (length(head) = 64),
    made_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER anchors_stay BEFORE UPDATE ON anchors
    BEGIN SELECT raise(ABORT, 'anchors are never edited'); END;
CREATE TRIGGER anchors_remain BEFORE DELETE ON anchors
    BEGIN SELECT raise(ABORT, 'anchors are never deleted'); END;

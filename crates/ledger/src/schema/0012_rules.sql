-- Rules that people put in force, answers to what platforms said of vehicles, and what a decision rests
-- on beside its lists.

-- A strategy or a visitor in its revisions; the newest one holds. content is the structured rule, an
-- empty object for what was rejected. downlink_id names the platform's words that it was made of.
CREATE TABLE rule_revisions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    rule        TEXT    NOT NULL CHECK (length(rule) = 32),
    kind        TEXT    NOT NULL CHECK (kind IN ('strategy', 'visitor')),
    revision    INTEGER NOT NULL CHECK (revision >= 1),
    state       TEXT    NOT NULL CHECK (state IN ('in_force', 'ended', 'rejected')),
    content     TEXT    NOT NULL CHECK (json_valid(content) AND json_type(content) = 'object'),
    downlink_id INTEGER REFERENCES downlinks (id),
    who         TEXT    NOT NULL CHECK (who <> ''),
    why         TEXT    NOT NULL CHECK (why <> ''),
    at_ms       INTEGER NOT NULL,
    UNIQUE (rule, revision)
) STRICT;
CREATE INDEX rule_revisions_of ON rule_revisions (kind, rule, revision);
CREATE INDEX rule_revisions_from ON rule_revisions (downlink_id) WHERE downlink_id IS NOT NULL;

-- What a person said of an entry of a platform's list of vehicles over the limit; the newest one holds.
CREATE TABLE downlink_reviews (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    downlink_id INTEGER NOT NULL REFERENCES downlinks (id),
    answer      TEXT    NOT NULL CHECK (answer IN ('confirmed', 'contested')),
    evidence    TEXT    REFERENCES files (sha256),
    who         TEXT    NOT NULL CHECK (who <> ''),
    why         TEXT    NOT NULL CHECK (why <> ''),
    at_ms       INTEGER NOT NULL
) STRICT;
CREATE INDEX downlink_reviews_of ON downlink_reviews (downlink_id);

-- The platform has taken it, in its words.
CREATE TABLE review_receipts (
    review_id INTEGER PRIMARY KEY REFERENCES downlink_reviews (id),
    words     TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL
) STRICT;

-- Which rule decided and where it comes from, what would have changed it, and what the vehicle register
-- held then. A row only where there is anything of it.
CREATE TABLE decision_rules (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id),
    source     TEXT CHECK (source IS NULL OR json_type(source) = 'object'),
    otherwise  TEXT NOT NULL CHECK (json_type(otherwise) = 'array'),
    facts      TEXT CHECK (facts IS NULL OR json_type(facts) = 'object')
) STRICT;

CREATE TRIGGER rule_revisions_stay BEFORE UPDATE ON rule_revisions
    BEGIN SELECT raise(ABORT, 'rules are never edited'); END;
CREATE TRIGGER rule_revisions_remain BEFORE DELETE ON rule_revisions
    BEGIN SELECT raise(ABORT, 'rules are never deleted'); END;
CREATE TRIGGER downlink_reviews_stay BEFORE UPDATE ON downlink_reviews
    BEGIN SELECT raise(ABORT, 'answers are never edited'); END;
CREATE TRIGGER downlink_reviews_remain BEFORE DELETE ON downlink_reviews
    BEGIN SELECT raise(ABORT, 'answers are never deleted'); END;
CREATE TRIGGER review_receipts_stay BEFORE UPDATE ON review_receipts
    BEGIN SELECT raise(ABORT, 'receipts are never edited'); END;
CREATE TRIGGER review_receipts_remain BEFORE DELETE ON review_receipts
    BEGIN SELECT raise(ABORT, 'receipts are never deleted'); END;
CREATE TRIGGER decision_rules_stay BEFORE UPDATE ON decision_rules
    BEGIN SELECT raise(ABORT, 'decisions are never edited'); END;
CREATE TRIGGER decision_rules_remain BEFORE DELETE ON decision_rules
    BEGIN SELECT raise(ABORT, 'decisions are never deleted'); END;

-- What a decision rests on beside its rule: what the list says, listed plates that look alike, and how
-- old the lists of others were. A row only where there is anything of it; passages of before this
-- table have none.
CREATE TABLE decision_grounds (
    passage_id  INTEGER PRIMARY KEY REFERENCES passages (id),
    detail      TEXT    NOT NULL,
    look_alikes TEXT    NOT NULL CHECK (json_type(look_alikes) = 'array'),
    lists       TEXT    NOT NULL CHECK (json_type(lists) = 'array')
) STRICT;

CREATE TRIGGER decision_grounds_stay BEFORE UPDATE ON decision_grounds
    BEGIN SELECT raise(ABORT, 'decisions are never edited'); END;
CREATE TRIGGER decision_grounds_remain BEFORE DELETE ON decision_grounds
    BEGIN SELECT raise(ABORT, 'decisions are never deleted'); END;

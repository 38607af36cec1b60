-- Alarms and what became of them. kind, subject and detail are codes and names of the program; drill is
-- 1 where somebody practised.
CREATE TABLE alarms (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT    NOT NULL CHECK (kind <> ''),
    subject      TEXT    NOT NULL,
    lane         TEXT,
    passage_id   INTEGER REFERENCES passages (id),
    plate        TEXT    NOT NULL,
    detail       TEXT    NOT NULL,
    drill        INTEGER NOT NULL CHECK (drill IN (0, 1)),
    raised_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX alarms_at ON alarms (raised_at_ms);
CREATE INDEX alarms_of_passage ON alarms (passage_id) WHERE passage_id IS NOT NULL;

-- Its cause came again, a person has seen it, it is over. times is how often the cause had come.
CREATE TABLE alarm_steps (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    alarm_id INTEGER NOT NULL REFERENCES alarms (id),
    step     TEXT    NOT NULL CHECK (step IN ('again', 'seen', 'cleared')),
    who      TEXT    NOT NULL,
    why      TEXT    NOT NULL,
    times    INTEGER NOT NULL CHECK (times > 0),
    at_ms    INTEGER NOT NULL,
    CHECK (step <> 'seen' OR (who <> '' AND why <> ''))
) STRICT;
CREATE INDEX alarm_steps_of ON alarm_steps (alarm_id);

-- Those that are not over, kept by the triggers below: one of a kind about a subject.
CREATE TABLE open_alarms (
    alarm_id INTEGER PRIMARY KEY REFERENCES alarms (id),
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    drill    INTEGER NOT NULL,
    UNIQUE (kind, subject, drill)
) STRICT;
CREATE TRIGGER alarms_open AFTER INSERT ON alarms BEGIN
    INSERT INTO open_alarms VALUES (NEW.id, NEW.kind, NEW.subject, NEW.drill);
END;
CREATE TRIGGER alarms_close AFTER INSERT ON alarm_steps WHEN NEW.step = 'cleared' BEGIN
    DELETE FROM open_alarms WHERE alarm_id = NEW.alarm_id;
END;

-- How far somebody who follows the chain of evidence has come. No evidence itself.
CREATE TABLE followers (
    name  TEXT PRIMARY KEY,
    place INTEGER NOT NULL
) STRICT;

CREATE TRIGGER alarms_stay BEFORE UPDATE ON alarms
    BEGIN SELECT raise(ABORT, 'alarms are never edited'); END;
CREATE TRIGGER alarms_remain BEFORE DELETE ON alarms
    BEGIN SELECT raise(ABORT, 'alarms are never deleted'); END;
CREATE TRIGGER alarm_steps_stay BEFORE UPDATE ON alarm_steps
    BEGIN SELECT raise(ABORT, 'alarms are never edited'); END;
CREATE TRIGGER alarm_steps_remain BEFORE DELETE ON alarm_steps
    BEGIN SELECT raise(ABORT, 'alarms are never deleted'); END;

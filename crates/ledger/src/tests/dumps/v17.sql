-- A ledger of schema 17, kept as it was.
PRAGMA application_id = 1296714823;
PRAGMA user_version = 17;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE passages (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    key           TEXT    NOT NULL UNIQUE CHECK (length(key) = 32),
    lane          TEXT    NOT NULL,
    entrance      TEXT    NOT NULL,
    barrier       TEXT    NOT NULL,
    direction     TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    entered_at_ms INTEGER NOT NULL,
    decided_at_ms INTEGER NOT NULL,
    clock         TEXT    NOT NULL,
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    camera        TEXT    NOT NULL,
    decision      TEXT    NOT NULL CHECK (decision IN ('allow', 'deny', 'ask')),
    reason        TEXT    NOT NULL
) STRICT;
INSERT INTO passages VALUES(1,'00112233445566778899aabbccddeeff','north-in','A','01','in',1772351996000,1772352000000,'camera_ntp',1,'north-head','allow','no_strategy');
INSERT INTO passages VALUES(2,'ffeeddccbbaa99887766554433221100','north-out','A','02','out',1772352056000,1772352060000,'arrival',0,'north-tail','ask','unread');
CREATE TABLE readings (
    passage_id    INTEGER NOT NULL REFERENCES passages (id),
    stage         TEXT    NOT NULL CHECK (stage IN ('decided', 'final')),
    plate         TEXT    NOT NULL,
    color         TEXT    NOT NULL,
    color_p       REAL    NOT NULL,
    layout        TEXT    NOT NULL,
    confidence    REAL    NOT NULL,
    recognised    INTEGER NOT NULL CHECK (recognised IN (0, 1)),
    chars         TEXT    NOT NULL CHECK (json_valid(chars)),
    corners       TEXT    CHECK (corners IS NULL OR json_valid(corners)),
    trailer_plate TEXT,
    PRIMARY KEY (passage_id, stage)
) STRICT, WITHOUT ROWID;
INSERT INTO readings VALUES(1,'decided','苏A12345','yellow',0.98999999999999999111,'double',0.96999999999999997335,1,'[{"char":"苏","p":0.97,"alternatives":[{"char":"鄂","p":0.02}]}]','[[1.0,2.0],[3.0,4.0],[5.0,6.0],[7.0,8.0]]','苏A1234挂');
INSERT INTO readings VALUES(2,'decided','','unknown',0.0,'unknown',0.0,0,'[]',NULL,NULL);
INSERT INTO readings VALUES(2,'final','京B98765','blue',0.9000000000000000222,'single',0.91000000000000003108,1,'[]',NULL,NULL);
CREATE TABLE passage_outcomes (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id),
    outcome    TEXT    NOT NULL CHECK (outcome IN ('passed', 'backed_out', 'timed_out', 'lost')),
    at_ms      INTEGER NOT NULL
) STRICT;
INSERT INTO passage_outcomes VALUES(2,'timed_out',1772352660000);
CREATE TABLE photos (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id  INTEGER NOT NULL REFERENCES passages (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('head_original', 'head', 'body_original', 'body')),
    revision    INTEGER NOT NULL DEFAULT 0,
    path        TEXT    NOT NULL UNIQUE,
    sha256      TEXT    NOT NULL CHECK (length(sha256) = 64),
    size_bytes  INTEGER NOT NULL CHECK (size_bytes > 0),
    camera      TEXT    NOT NULL,
    taken_at_ms INTEGER NOT NULL,
    UNIQUE (passage_id, kind, revision)
) STRICT;
INSERT INTO photos VALUES(1,1,'head',0,'photos/2026/03/01/00112233445566778899aabbccddeeff-head.jpg','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',1,'north-head',1772352000000);
INSERT INTO photos VALUES(2,2,'head',0,'photos/2026/03/01/ffeeddccbbaa99887766554433221100-head.jpg','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',1,'north-tail',1772352060000);
CREATE TABLE lost_passages (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    lane   TEXT    NOT NULL,
    at_ms  INTEGER NOT NULL,
    reason TEXT    NOT NULL
) STRICT;
INSERT INTO lost_passages VALUES(1,'north-in',1772352000000,'stopped');
CREATE TABLE open_passages (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id)
) STRICT;
INSERT INTO open_passages VALUES(1);
CREATE TABLE outbox_answers (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    at_ms     INTEGER NOT NULL,
    result    TEXT    NOT NULL CHECK (result IN ('acknowledged', 'retry', 'refused', 'requeued')),
    words     TEXT    NOT NULL
) STRICT;
INSERT INTO outbox_answers VALUES(1,2,1772352061000,'retry','no route');
CREATE TABLE outbox_totals (
    sink         TEXT    PRIMARY KEY,
    generated    INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    refused      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_totals VALUES('mqtt',2,0,0);
INSERT INTO outbox_totals VALUES('regulator:x',1,0,0);
CREATE TABLE corrections (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL REFERENCES passages (id),
    item       TEXT    NOT NULL,
    before     TEXT,
    after      TEXT,
    who        TEXT    NOT NULL CHECK (who <> ''),
    why        TEXT    NOT NULL CHECK (why <> ''),
    at_ms      INTEGER NOT NULL
, revision INTEGER NOT NULL DEFAULT 0, manual INTEGER NOT NULL DEFAULT 0 CHECK (manual IN (0, 1))) STRICT;
INSERT INTO corrections VALUES(1,2,'plate','京B98765','京B98766','guard','mud',1772352700000,0,0);
CREATE TABLE records (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    key      TEXT NOT NULL UNIQUE CHECK (length(key) = 32),
    register TEXT NOT NULL
) STRICT;
INSERT INTO records VALUES(1,'0123456789abcdef0123456789abcdef','vehicle');
CREATE TABLE record_revisions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id     INTEGER NOT NULL REFERENCES records (id),
    revision      INTEGER NOT NULL CHECK (revision >= 1),
    identity      TEXT    NOT NULL CHECK (identity <> ''),
    items         TEXT    NOT NULL CHECK (json_valid(items) AND json_type(items) = 'object'),
    state         TEXT    NOT NULL
                  CHECK (state IN ('draft', 'checked', 'approved', 'rejected', 'retired')),
    changed_at_ms INTEGER NOT NULL,
    who           TEXT    NOT NULL CHECK (who <> ''),
    why           TEXT    NOT NULL CHECK (why <> ''),
    UNIQUE (record_id, revision)
) STRICT;
INSERT INTO record_revisions VALUES(1,1,1,'苏A12345|yellow','{"plateNo":"苏A12345","plateColor":"yellow","emissionStandard":"5","fuelType":"B"}','approved',1772350000000,'李工','登记');
CREATE TABLE files (
    sha256     TEXT    PRIMARY KEY CHECK (length(sha256) = 64),
    path       TEXT    NOT NULL UNIQUE,
    media_type TEXT    NOT NULL,
    size_bytes INTEGER NOT NULL CHECK (size_bytes > 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE record_files (
    revision_id INTEGER NOT NULL REFERENCES record_revisions (id),
    item        TEXT    NOT NULL,
    sha256      TEXT    NOT NULL REFERENCES files (sha256),
    PRIMARY KEY (revision_id, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "outbox" (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    sink            TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    passage_id      INTEGER REFERENCES passages (id),
    record_id       INTEGER REFERENCES records (id),
    revision        INTEGER NOT NULL DEFAULT 0,
    generated_at_ms INTEGER NOT NULL,
    due_at_ms       INTEGER NOT NULL,
    state           TEXT    NOT NULL DEFAULT 'new'
                    CHECK (state IN ('new', 'sending', 'acknowledged', 'refused')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    answer          TEXT,
    settled_at_ms   INTEGER,
    CHECK ((passage_id IS NULL) <> (record_id IS NULL)),
    CHECK ((settled_at_ms IS NULL) = (state IN ('new', 'sending')))
) STRICT;
INSERT INTO outbox VALUES(1,'mqtt','passage',1,NULL,0,1772352000000,1772352060000,'new',0,NULL,NULL);
INSERT INTO outbox VALUES(2,'mqtt','passage',2,NULL,0,1772352060000,0,'new',3,NULL,NULL);
INSERT INTO outbox VALUES(3,'regulator:x','record',NULL,1,1,1772350000000,0,'new',0,NULL,NULL);
CREATE TABLE paper_entries (
    passage_id    INTEGER PRIMARY KEY REFERENCES passages (id),
    entered_at_ms INTEGER NOT NULL,
    who           TEXT    NOT NULL CHECK (who <> ''),
    why           TEXT    NOT NULL CHECK (why <> '')
) STRICT;
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
INSERT INTO weighings VALUES(1,'苏Z99999',1772323200000,'',NULL,NULL,NULL,1000,'weighbridge',1795338214485);
CREATE TABLE weighing_matches (
    weighing_id INTEGER PRIMARY KEY REFERENCES weighings (id),
    passage_id  INTEGER NOT NULL REFERENCES passages (id)
) STRICT;
CREATE TABLE plates (
    id     INTEGER PRIMARY KEY,
    plate  TEXT NOT NULL UNIQUE CHECK (plate <> ''),
    folded TEXT NOT NULL
) STRICT;
INSERT INTO plates VALUES(1,'苏A12345','苏A12345');
INSERT INTO plates VALUES(2,'京B98766','京898766');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','plate_parts','plate_parts',0,'CREATE VIRTUAL TABLE plate_parts USING fts5 (
    plate, folded, content = ''plates'', content_rowid = ''id'', tokenize = ''trigram''
)');
CREATE TABLE IF NOT EXISTS 'plate_parts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO plate_parts_data VALUES(1,X'020a0a');
INSERT INTO plate_parts_data VALUES(10,X'000000000101010001010101');
INSERT INTO plate_parts_data VALUES(137438953473,X'00000082043031323301080401010401033233340108050101050103333435010806010106010337363602080601010601033837360208050101050202393802060101030103393837020804010104010361313201080301010301036239380202030105e4baac38390206010102040262390202020105e88b8f6131010802010102040b0b0b0b0b090b0b080c07');
CREATE TABLE IF NOT EXISTS 'plate_parts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO plate_parts_idx VALUES(1,X'',2);
CREATE TABLE IF NOT EXISTS 'plate_parts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO plate_parts_docsize VALUES(1,X'0505');
INSERT INTO plate_parts_docsize VALUES(2,X'0505');
CREATE TABLE IF NOT EXISTS 'plate_parts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO plate_parts_config VALUES('version',4);
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
INSERT INTO passage_facts VALUES(1772352000000,1,1,'yellow','north-in','A','in','allow','no_strategy',1,NULL,NULL);
INSERT INTO passage_facts VALUES(1772352060000,2,2,'blue','north-out','A','out','ask','unread',1,NULL,NULL);
CREATE TABLE platform_serials (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    serial   TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    UNIQUE (platform, subject),
    UNIQUE (platform, serial)
) STRICT;
CREATE TABLE platform_sendings (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id      INTEGER NOT NULL REFERENCES outbox (id),
    sha256         TEXT    NOT NULL,
    items_present  INTEGER NOT NULL,
    items_expected INTEGER NOT NULL,
    at_ms          INTEGER NOT NULL,
    UNIQUE (outbox_id, sha256)
) STRICT;
CREATE TABLE platform_steps (
    platform TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    step     TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (platform, subject, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE downlinks (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    platform       TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    platform_id    TEXT    NOT NULL,
    sha256         TEXT    NOT NULL,
    raw            TEXT    NOT NULL,
    parsed         TEXT    NOT NULL,
    received_at_ms INTEGER NOT NULL,
    UNIQUE (platform, kind, sha256)
) STRICT;
CREATE TABLE downlink_answers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    platform    TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    platform_id TEXT    NOT NULL,
    answer      TEXT    NOT NULL,
    words       TEXT    NOT NULL,
    at_ms       INTEGER NOT NULL,
    UNIQUE (platform, kind, platform_id, answer)
) STRICT;
CREATE TABLE downlink_fetches (
    platform TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (platform, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE links (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT    NOT NULL,
    key    TEXT    NOT NULL CHECK (json_valid(key)),
    form   INTEGER NOT NULL,
    hash   TEXT    NOT NULL CHECK (length(hash) = 64),
    UNIQUE (source, key)
) STRICT;
INSERT INTO links VALUES(1,'passages','[1]',1,'944ba13417712730bacc9ad91c7eaea5a6e8a80f867d621b58f3f3785621e404');
INSERT INTO links VALUES(2,'passages','[2]',1,'c4ea76d67030e8f99952e953613af213aebbd51ee970ee16438876a7d037fd15');
INSERT INTO links VALUES(3,'readings','[1,"decided"]',1,'4b358ed7ca5c7b53efb6b123b0b6e138f518b92ddef2b5d2710a274afbd2605a');
INSERT INTO links VALUES(4,'readings','[2,"decided"]',1,'9d27bdfc42579997aa7ebeb0fa20cbc14617c4bb364469e2215369bee5599aa4');
INSERT INTO links VALUES(5,'readings','[2,"final"]',1,'ef267f27c6cf80f2eb9f41f819ac0f9520163ec4fa39d2f2600ed27e54e208a9');
INSERT INTO links VALUES(6,'passage_outcomes','[2]',1,'48a965a28e8fb110d11d3f0f5a29f662223cfef55f3d2977d60641004e65b317');
INSERT INTO links VALUES(7,'photos','[1]',1,'7cf4cd1b1285f2488b9d7b10e6729ac81b5f36a3ddd563ba449ef16b83e458d9');
INSERT INTO links VALUES(8,'photos','[2]',1,'4e8b625a46999cce9dace44802c85bc04f9c7c8e2b350eb6af8ae5380dca9869');
INSERT INTO links VALUES(9,'lost_passages','[1]',1,'4d9c301e94b52abfba6f45e339418192ccd3dbfd9302d50e3b7a68af26d433ed');
INSERT INTO links VALUES(10,'corrections','[1]',1,'c43f627a72e0940af5d0ad9175907cdad71222bd921556debf61094436a4642d');
INSERT INTO links VALUES(11,'records','[1]',1,'cf2066d7ba4ad0f4b00251c08675999bf8645d5d74b2b940b54d5e58045b16a3');
INSERT INTO links VALUES(12,'record_revisions','[1]',1,'5ee4b42ad667770ed2838a29b2840d6c0f94e1f3b139b0114fe57a8f79dd7156');
INSERT INTO links VALUES(13,'weighings','[1]',1,'b6db4dcd09da66ef06ae49861a6232fc2bdeef215778d403215e8f6a3f934e15');
CREATE TABLE anchors (
    day        TEXT    PRIMARY KEY,
    links      INTEGER NOT NULL,
    head       TEXT    NOT NULL CHECK (length(head) = 64),
    made_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE removal_notices (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    why         TEXT    NOT NULL CHECK (why IN ('age', 'space')),
    until_ms    INTEGER,
    given_at_ms INTEGER NOT NULL,
    CHECK ((until_ms IS NULL) = (why = 'space'))
) STRICT;
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
CREATE TABLE unfinished_removals (
    removal_id INTEGER PRIMARY KEY REFERENCES photo_removals (id)
) STRICT;
CREATE TABLE scale_weighings (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    scale         TEXT    NOT NULL CHECK (scale <> ''),
    lanes         TEXT    NOT NULL CHECK (json_type(lanes) = 'array'),
    mass_kg       INTEGER NOT NULL CHECK (mass_kg > 0),
    weighed_at_ms INTEGER NOT NULL,
    kept_at_ms    INTEGER NOT NULL,
    UNIQUE (scale, weighed_at_ms)
) STRICT;
CREATE TABLE scale_matches (
    weighing_id  INTEGER PRIMARY KEY REFERENCES scale_weighings (id),
    passage_id   INTEGER NOT NULL UNIQUE REFERENCES passages (id),
    matched_at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE scale_loads (
    passage_id   INTEGER NOT NULL REFERENCES passages (id),
    revision     INTEGER NOT NULL CHECK (revision > 0),
    entry_id     INTEGER REFERENCES scale_weighings (id),
    exit_id      INTEGER REFERENCES scale_weighings (id),
    PRIMARY KEY (passage_id, revision),
    CHECK ((entry_id IS NULL) = (exit_id IS NULL))
) STRICT;
CREATE TABLE resends (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id  INTEGER NOT NULL REFERENCES outbox (id),
    sink       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    passage_id INTEGER REFERENCES passages (id),
    record_id  INTEGER REFERENCES records (id),
    refusal    TEXT    NOT NULL,
    who        TEXT    NOT NULL CHECK (who <> ''),
    why        TEXT    NOT NULL CHECK (why <> ''),
    at_ms      INTEGER NOT NULL
) STRICT;
CREATE TABLE decision_grounds (
    passage_id  INTEGER PRIMARY KEY REFERENCES passages (id),
    detail      TEXT    NOT NULL,
    look_alikes TEXT    NOT NULL CHECK (json_type(look_alikes) = 'array'),
    lists       TEXT    NOT NULL CHECK (json_type(lists) = 'array')
) STRICT;
CREATE TABLE backfills (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    sink    TEXT    NOT NULL CHECK (sink <> ''),
    from_ms INTEGER NOT NULL,
    up_to   INTEGER NOT NULL,
    queued  INTEGER NOT NULL CHECK (queued >= 0),
    who     TEXT    NOT NULL CHECK (who <> ''),
    why     TEXT    NOT NULL CHECK (why <> ''),
    at_ms   INTEGER NOT NULL
) STRICT;
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
CREATE TABLE open_alarms (
    alarm_id INTEGER PRIMARY KEY REFERENCES alarms (id),
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    drill    INTEGER NOT NULL,
    UNIQUE (kind, subject, drill)
) STRICT;
CREATE TABLE followers (
    name  TEXT PRIMARY KEY,
    place INTEGER NOT NULL
) STRICT;
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
CREATE TABLE downlink_reviews (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    downlink_id INTEGER NOT NULL REFERENCES downlinks (id),
    answer      TEXT    NOT NULL CHECK (answer IN ('confirmed', 'contested')),
    evidence    TEXT    REFERENCES files (sha256),
    who         TEXT    NOT NULL CHECK (who <> ''),
    why         TEXT    NOT NULL CHECK (why <> ''),
    at_ms       INTEGER NOT NULL
) STRICT;
CREATE TABLE review_receipts (
    review_id INTEGER PRIMARY KEY REFERENCES downlink_reviews (id),
    words     TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE TABLE decision_rules (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id),
    source     TEXT CHECK (source IS NULL OR json_type(source) = 'object'),
    otherwise  TEXT NOT NULL CHECK (json_type(otherwise) = 'array'),
    facts      TEXT CHECK (facts IS NULL OR json_type(facts) = 'object')
) STRICT;
CREATE TABLE lifts (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    lane     TEXT    NOT NULL CHECK (lane <> ''),
    entrance TEXT    NOT NULL,
    barrier  TEXT    NOT NULL,
    way      TEXT    NOT NULL CHECK (way IN ('software', 'remote', 'button', 'unknown')),
    who      TEXT    NOT NULL,
    why      TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    CHECK (way <> 'software' OR (who <> '' AND why <> ''))
) STRICT;
CREATE TABLE lift_steps (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    lift_id    INTEGER NOT NULL REFERENCES lifts (id),
    step       TEXT    NOT NULL CHECK (step IN ('obeyed', 'failed', 'passed', 'unused')),
    passage_id INTEGER REFERENCES passages (id),
    detail     TEXT    NOT NULL,
    at_ms      INTEGER NOT NULL,
    UNIQUE (lift_id, step),
    CHECK ((step = 'passed') = (passage_id IS NOT NULL))
) STRICT;
CREATE TABLE open_lifts (
    lift_id INTEGER PRIMARY KEY REFERENCES lifts (id)
) STRICT;
CREATE TABLE inspections (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    content TEXT    NOT NULL CHECK (json_valid(content) AND json_type(content) = 'object'),
    code    TEXT    NOT NULL CHECK (length(code) = 64),
    who     TEXT    NOT NULL CHECK (who <> ''),
    at_ms   INTEGER NOT NULL
) STRICT;
CREATE TABLE inspection_draws (
    inspection_id INTEGER PRIMARY KEY REFERENCES inspections (id),
    seed          TEXT    NOT NULL CHECK (seed <> ''),
    content       TEXT    NOT NULL CHECK (json_valid(content) AND json_type(content) = 'object'),
    who           TEXT    NOT NULL CHECK (who <> ''),
    at_ms         INTEGER NOT NULL
) STRICT;
CREATE TABLE inspection_marks (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    inspection_id INTEGER NOT NULL REFERENCES inspection_draws (inspection_id),
    kind          TEXT    NOT NULL CHECK (kind IN ('passage', 'vehicle', 'machine', 'day')),
    subject       TEXT    NOT NULL CHECK (subject <> ''),
    mark          TEXT    NOT NULL CHECK (mark IN ('agrees', 'differs', 'unchecked')),
    remark        TEXT    NOT NULL,
    who           TEXT    NOT NULL CHECK (who <> ''),
    at_ms         INTEGER NOT NULL
) STRICT;
CREATE TABLE holds (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    lane     TEXT    NOT NULL CHECK (lane <> ''),
    entrance TEXT    NOT NULL,
    barrier  TEXT    NOT NULL,
    who      TEXT    NOT NULL CHECK (who <> ''),
    why      TEXT    NOT NULL CHECK (why <> ''),
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    CHECK (until_ms > from_ms AND until_ms - from_ms <= 86400000)
) STRICT;
CREATE TABLE hold_steps (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    hold_id INTEGER NOT NULL REFERENCES holds (id),
    step    TEXT    NOT NULL CHECK (step IN ('obeyed', 'failed', 'ended')),
    who     TEXT    NOT NULL,
    why     TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    CHECK (step <> 'ended' OR (who <> '' AND why <> ''))
) STRICT;
CREATE TABLE kept_back (
    receiver TEXT    NOT NULL,
    alarm_id INTEGER NOT NULL REFERENCES alarms (id),
    PRIMARY KEY (receiver, alarm_id)
) STRICT;
CREATE TABLE vehicle_remarks (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    plate TEXT    NOT NULL CHECK (plate <> ''),
    color TEXT,
    kind  TEXT    NOT NULL CHECK (kind IN ('note', 'tag')),
    words TEXT    NOT NULL CHECK (words <> ''),
    who   TEXT    NOT NULL CHECK (who <> ''),
    at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE remark_withdrawals (
    remark_id INTEGER PRIMARY KEY REFERENCES vehicle_remarks (id),
    who       TEXT    NOT NULL CHECK (who <> ''),
    why       TEXT    NOT NULL CHECK (why <> ''),
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE TABLE visit_marks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('joined', 'split', 'left')),
    entry_id   INTEGER NOT NULL REFERENCES passages (id),
    exit_id    INTEGER REFERENCES passages (id),
    left_at_ms INTEGER,
    who        TEXT    NOT NULL CHECK (who <> ''),
    why        TEXT    NOT NULL CHECK (why <> ''),
    at_ms      INTEGER NOT NULL,
    CHECK ((kind = 'left') = (exit_id IS NULL) AND (kind = 'left') = (left_at_ms IS NOT NULL))
) STRICT;
CREATE TABLE visit_mark_withdrawals (
    mark_id INTEGER PRIMARY KEY REFERENCES visit_marks (id),
    who     TEXT    NOT NULL CHECK (who <> ''),
    why     TEXT    NOT NULL CHECK (why <> ''),
    at_ms   INTEGER NOT NULL
) STRICT;
CREATE TABLE handovers (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    content  TEXT    NOT NULL CHECK (json_valid(content) AND json_type(content) = 'object'),
    remarks  TEXT    NOT NULL,
    who      TEXT    NOT NULL CHECK (who <> ''),
    taker    TEXT    NOT NULL CHECK (taker <> '' AND taker <> who),
    at_ms    INTEGER NOT NULL,
    CHECK (until_ms > from_ms)
) STRICT;
CREATE TABLE handover_receipts (
    handover_id INTEGER PRIMARY KEY REFERENCES handovers (id),
    who         TEXT    NOT NULL CHECK (who <> ''),
    at_ms       INTEGER NOT NULL
) STRICT;
CREATE TABLE video_hours (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    camera     TEXT    NOT NULL CHECK (camera <> ''),
    hour_ms    INTEGER NOT NULL,
    files      TEXT    NOT NULL,
    gaps       TEXT    NOT NULL,
    kept_at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE video_removals (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    camera    TEXT    NOT NULL CHECK (camera <> ''),
    before_ms INTEGER NOT NULL,
    why       TEXT    NOT NULL CHECK (why IN ('age', 'quota')),
    at_ms     INTEGER NOT NULL
) STRICT;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('passages',2);
INSERT INTO sqlite_sequence VALUES('photos',2);
INSERT INTO sqlite_sequence VALUES('lost_passages',1);
INSERT INTO sqlite_sequence VALUES('outbox_answers',1);
INSERT INTO sqlite_sequence VALUES('corrections',1);
INSERT INTO sqlite_sequence VALUES('outbox',3);
INSERT INTO sqlite_sequence VALUES('records',1);
INSERT INTO sqlite_sequence VALUES('record_revisions',1);
INSERT INTO sqlite_sequence VALUES('links',13);
INSERT INTO sqlite_sequence VALUES('weighings',1);
CREATE INDEX passages_decided ON passages (decided_at_ms);
CREATE INDEX outbox_answers_of ON outbox_answers (outbox_id);
CREATE TRIGGER passages_stay BEFORE UPDATE ON passages
    BEGIN SELECT raise(ABORT, 'passages are never edited'); END;
CREATE TRIGGER passages_remain BEFORE DELETE ON passages
    BEGIN SELECT raise(ABORT, 'passages are never deleted'); END;
CREATE TRIGGER readings_stay BEFORE UPDATE ON readings
    BEGIN SELECT raise(ABORT, 'readings are never edited'); END;
CREATE TRIGGER readings_remain BEFORE DELETE ON readings
    BEGIN SELECT raise(ABORT, 'readings are never deleted'); END;
CREATE TRIGGER passage_outcomes_stay BEFORE UPDATE ON passage_outcomes
    BEGIN SELECT raise(ABORT, 'outcomes are never edited'); END;
CREATE TRIGGER passage_outcomes_remain BEFORE DELETE ON passage_outcomes
    BEGIN SELECT raise(ABORT, 'outcomes are never deleted'); END;
CREATE TRIGGER photos_stay BEFORE UPDATE ON photos
    BEGIN SELECT raise(ABORT, 'photos are never edited'); END;
CREATE TRIGGER photos_remain BEFORE DELETE ON photos
    BEGIN SELECT raise(ABORT, 'photos are never deleted'); END;
CREATE TRIGGER lost_passages_stay BEFORE UPDATE ON lost_passages
    BEGIN SELECT raise(ABORT, 'lost passages are never edited'); END;
CREATE TRIGGER lost_passages_remain BEFORE DELETE ON lost_passages
    BEGIN SELECT raise(ABORT, 'lost passages are never deleted'); END;
CREATE TRIGGER outbox_answers_stay BEFORE UPDATE ON outbox_answers
    BEGIN SELECT raise(ABORT, 'answers are never edited'); END;
CREATE TRIGGER outbox_answers_remain BEFORE DELETE ON outbox_answers
    BEGIN SELECT raise(ABORT, 'answers are never deleted'); END;
CREATE INDEX corrections_of ON corrections (passage_id);
CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections
    BEGIN SELECT raise(ABORT, 'corrections are never edited'); END;
CREATE TRIGGER corrections_remain BEFORE DELETE ON corrections
    BEGIN SELECT raise(ABORT, 'corrections are never deleted'); END;
CREATE INDEX records_in ON records (register, id);
CREATE INDEX record_revisions_named ON record_revisions (identity);
CREATE TRIGGER records_stay BEFORE UPDATE ON records
    BEGIN SELECT raise(ABORT, 'records are never edited'); END;
CREATE TRIGGER records_remain BEFORE DELETE ON records
    BEGIN SELECT raise(ABORT, 'records are never deleted'); END;
CREATE TRIGGER record_revisions_stay BEFORE UPDATE ON record_revisions
    BEGIN SELECT raise(ABORT, 'revisions are never edited'); END;
CREATE TRIGGER record_revisions_remain BEFORE DELETE ON record_revisions
    BEGIN SELECT raise(ABORT, 'revisions are never deleted'); END;
CREATE TRIGGER files_stay BEFORE UPDATE ON files
    BEGIN SELECT raise(ABORT, 'files are never edited'); END;
CREATE TRIGGER files_remain BEFORE DELETE ON files
    BEGIN SELECT raise(ABORT, 'files are never deleted'); END;
CREATE TRIGGER record_files_stay BEFORE UPDATE ON record_files
    BEGIN SELECT raise(ABORT, 'files of a revision are never edited'); END;
CREATE TRIGGER record_files_remain BEFORE DELETE ON record_files
    BEGIN SELECT raise(ABORT, 'files of a revision are never deleted'); END;
CREATE UNIQUE INDEX outbox_of_passage ON outbox (passage_id, sink, kind, revision)
    WHERE passage_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_of_record ON outbox (record_id, sink, kind, revision)
    WHERE record_id IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (sink, id) WHERE settled_at_ms IS NULL;
CREATE TRIGGER outbox_counts_new AFTER INSERT ON outbox BEGIN
    INSERT INTO outbox_totals VALUES (NEW.sink, 1, 0, 0)
    ON CONFLICT (sink) DO UPDATE SET generated = generated + 1;
END;
CREATE TRIGGER outbox_counts_state AFTER UPDATE OF state ON outbox BEGIN
    UPDATE outbox_totals SET
        acknowledged = acknowledged
            + (NEW.state = 'acknowledged') - (OLD.state = 'acknowledged'),
        refused = refused + (NEW.state = 'refused') - (OLD.state = 'refused')
    WHERE sink = NEW.sink;
END;
CREATE TRIGGER outbox_remains BEFORE DELETE ON outbox
    BEGIN SELECT raise(ABORT, 'deliveries are never deleted'); END;
CREATE TRIGGER paper_entries_stay BEFORE UPDATE ON paper_entries
    BEGIN SELECT raise(ABORT, 'entries are never edited'); END;
CREATE TRIGGER paper_entries_remain BEFORE DELETE ON paper_entries
    BEGIN SELECT raise(ABORT, 'entries are never deleted'); END;
CREATE INDEX weighings_at ON weighings (weighed_at_ms);
CREATE TRIGGER weighings_stay BEFORE UPDATE ON weighings
    BEGIN SELECT raise(ABORT, 'weighings are never edited'); END;
CREATE TRIGGER weighings_remain BEFORE DELETE ON weighings
    BEGIN SELECT raise(ABORT, 'weighings are never deleted'); END;
CREATE TRIGGER weighing_matches_stay BEFORE UPDATE ON weighing_matches
    BEGIN SELECT raise(ABORT, 'matches are never edited'); END;
CREATE TRIGGER weighing_matches_remain BEFORE DELETE ON weighing_matches
    BEGIN SELECT raise(ABORT, 'matches are never deleted'); END;
CREATE INDEX plates_folded ON plates (folded);
CREATE TRIGGER plates_have_parts AFTER INSERT ON plates BEGIN
    INSERT INTO plate_parts (rowid, plate, folded) VALUES (NEW.id, NEW.plate, NEW.folded);
END;
CREATE UNIQUE INDEX passage_facts_of ON passage_facts (passage_id);
CREATE INDEX passage_facts_plate ON passage_facts (plate_id, decided_at_ms);
CREATE INDEX passage_facts_color ON passage_facts (color, decided_at_ms);
CREATE INDEX passage_facts_decision ON passage_facts (decision, decided_at_ms);
CREATE INDEX passage_facts_reason ON passage_facts (reason, decided_at_ms);
CREATE INDEX passage_facts_emission ON passage_facts (emission, decided_at_ms);
CREATE INDEX passage_facts_fuel ON passage_facts (fuel, decided_at_ms);
CREATE INDEX passage_facts_unknown ON passage_facts (decided_at_ms) WHERE known = 0;
CREATE INDEX outbox_refused ON outbox (passage_id) WHERE state = 'refused';
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
CREATE INDEX downlinks_of ON downlinks (kind, platform, platform_id);
CREATE TRIGGER platform_serials_stay BEFORE UPDATE ON platform_serials
    BEGIN SELECT raise(ABORT, 'serial numbers are never edited'); END;
CREATE TRIGGER platform_serials_remain BEFORE DELETE ON platform_serials
    BEGIN SELECT raise(ABORT, 'serial numbers are never deleted'); END;
CREATE TRIGGER platform_sendings_stay BEFORE UPDATE ON platform_sendings
    BEGIN SELECT raise(ABORT, 'sendings are never edited'); END;
CREATE TRIGGER platform_sendings_remain BEFORE DELETE ON platform_sendings
    BEGIN SELECT raise(ABORT, 'sendings are never deleted'); END;
CREATE TRIGGER downlinks_stay BEFORE UPDATE ON downlinks
    BEGIN SELECT raise(ABORT, 'downlinks are never edited'); END;
CREATE TRIGGER downlinks_remain BEFORE DELETE ON downlinks
    BEGIN SELECT raise(ABORT, 'downlinks are never deleted'); END;
CREATE TRIGGER downlink_answers_stay BEFORE UPDATE ON downlink_answers
    BEGIN SELECT raise(ABORT, 'answers are never edited'); END;
CREATE TRIGGER downlink_answers_remain BEFORE DELETE ON downlink_answers
    BEGIN SELECT raise(ABORT, 'answers are never deleted'); END;
CREATE INDEX outbox_generated ON outbox (generated_at_ms, sink);
CREATE TRIGGER links_stay BEFORE UPDATE ON links
    BEGIN SELECT raise(ABORT, 'links are never edited'); END;
CREATE TRIGGER links_remain BEFORE DELETE ON links
    BEGIN SELECT raise(ABORT, 'links are never deleted'); END;
CREATE TRIGGER anchors_stay BEFORE UPDATE ON anchors
    BEGIN SELECT raise(ABORT, 'anchors are never edited'); END;
CREATE TRIGGER anchors_remain BEFORE DELETE ON anchors
    BEGIN SELECT raise(ABORT, 'anchors are never deleted'); END;
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
CREATE INDEX scale_weighings_at ON scale_weighings (weighed_at_ms);
CREATE INDEX scale_loads_exit ON scale_loads (exit_id);
CREATE TRIGGER resends_stay BEFORE UPDATE ON resends
    BEGIN SELECT raise(ABORT, 'entries are never edited'); END;
CREATE TRIGGER resends_remain BEFORE DELETE ON resends
    BEGIN SELECT raise(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER scale_weighings_stay BEFORE UPDATE ON scale_weighings
    BEGIN SELECT raise(ABORT, 'weighings are never edited'); END;
CREATE TRIGGER scale_weighings_remain BEFORE DELETE ON scale_weighings
    BEGIN SELECT raise(ABORT, 'weighings are never deleted'); END;
CREATE TRIGGER scale_matches_stay BEFORE UPDATE ON scale_matches
    BEGIN SELECT raise(ABORT, 'matches are never edited'); END;
CREATE TRIGGER scale_matches_remain BEFORE DELETE ON scale_matches
    BEGIN SELECT raise(ABORT, 'matches are never deleted'); END;
CREATE TRIGGER scale_loads_stay BEFORE UPDATE ON scale_loads
    BEGIN SELECT raise(ABORT, 'loads are never edited'); END;
CREATE TRIGGER scale_loads_remain BEFORE DELETE ON scale_loads
    BEGIN SELECT raise(ABORT, 'loads are never deleted'); END;
CREATE TRIGGER decision_grounds_stay BEFORE UPDATE ON decision_grounds
    BEGIN SELECT raise(ABORT, 'decisions are never edited'); END;
CREATE TRIGGER decision_grounds_remain BEFORE DELETE ON decision_grounds
    BEGIN SELECT raise(ABORT, 'decisions are never deleted'); END;
CREATE TRIGGER backfills_stay BEFORE UPDATE ON backfills
    BEGIN SELECT raise(ABORT, 'entries are never edited'); END;
CREATE TRIGGER backfills_remain BEFORE DELETE ON backfills
    BEGIN SELECT raise(ABORT, 'entries are never deleted'); END;
CREATE INDEX alarms_at ON alarms (raised_at_ms);
CREATE INDEX alarms_of_passage ON alarms (passage_id) WHERE passage_id IS NOT NULL;
CREATE INDEX alarm_steps_of ON alarm_steps (alarm_id);
CREATE TRIGGER alarms_open AFTER INSERT ON alarms BEGIN
    INSERT INTO open_alarms VALUES (NEW.id, NEW.kind, NEW.subject, NEW.drill);
END;
CREATE TRIGGER alarms_close AFTER INSERT ON alarm_steps WHEN NEW.step = 'cleared' BEGIN
    DELETE FROM open_alarms WHERE alarm_id = NEW.alarm_id;
END;
CREATE TRIGGER alarms_stay BEFORE UPDATE ON alarms
    BEGIN SELECT raise(ABORT, 'alarms are never edited'); END;
CREATE TRIGGER alarms_remain BEFORE DELETE ON alarms
    BEGIN SELECT raise(ABORT, 'alarms are never deleted'); END;
CREATE TRIGGER alarm_steps_stay BEFORE UPDATE ON alarm_steps
    BEGIN SELECT raise(ABORT, 'alarms are never edited'); END;
CREATE TRIGGER alarm_steps_remain BEFORE DELETE ON alarm_steps
    BEGIN SELECT raise(ABORT, 'alarms are never deleted'); END;
CREATE INDEX rule_revisions_of ON rule_revisions (kind, rule, revision);
CREATE INDEX rule_revisions_from ON rule_revisions (downlink_id) WHERE downlink_id IS NOT NULL;
CREATE INDEX downlink_reviews_of ON downlink_reviews (downlink_id);
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
CREATE INDEX lifts_at ON lifts (at_ms);
CREATE UNIQUE INDEX lift_steps_passage ON lift_steps (passage_id) WHERE passage_id IS NOT NULL;
CREATE TRIGGER lifts_open AFTER INSERT ON lifts BEGIN
    INSERT INTO open_lifts VALUES (NEW.id);
END;
CREATE TRIGGER lifts_close AFTER INSERT ON lift_steps WHEN NEW.step IN ('passed', 'unused') BEGIN
    DELETE FROM open_lifts WHERE lift_id = NEW.lift_id;
END;
CREATE TRIGGER lifts_stay BEFORE UPDATE ON lifts
    BEGIN SELECT raise(ABORT, 'lifts are never edited'); END;
CREATE TRIGGER lifts_remain BEFORE DELETE ON lifts
    BEGIN SELECT raise(ABORT, 'lifts are never deleted'); END;
CREATE TRIGGER lift_steps_stay BEFORE UPDATE ON lift_steps
    BEGIN SELECT raise(ABORT, 'lifts are never edited'); END;
CREATE TRIGGER lift_steps_remain BEFORE DELETE ON lift_steps
    BEGIN SELECT raise(ABORT, 'lifts are never deleted'); END;
CREATE INDEX inspection_marks_of ON inspection_marks (inspection_id);
CREATE TRIGGER inspections_stay BEFORE UPDATE ON inspections
    BEGIN SELECT raise(ABORT, 'inspections are never edited'); END;
CREATE TRIGGER inspections_remain BEFORE DELETE ON inspections
    BEGIN SELECT raise(ABORT, 'inspections are never deleted'); END;
CREATE TRIGGER inspection_draws_stay BEFORE UPDATE ON inspection_draws
    BEGIN SELECT raise(ABORT, 'draws are never edited'); END;
CREATE TRIGGER inspection_draws_remain BEFORE DELETE ON inspection_draws
    BEGIN SELECT raise(ABORT, 'draws are never deleted'); END;
CREATE TRIGGER inspection_marks_stay BEFORE UPDATE ON inspection_marks
    BEGIN SELECT raise(ABORT, 'marks are never edited'); END;
CREATE TRIGGER inspection_marks_remain BEFORE DELETE ON inspection_marks
    BEGIN SELECT raise(ABORT, 'marks are never deleted'); END;
CREATE INDEX holds_of ON holds (lane, from_ms);
CREATE INDEX hold_steps_of ON hold_steps (hold_id);
CREATE UNIQUE INDEX hold_steps_ended ON hold_steps (hold_id) WHERE step = 'ended';
CREATE TRIGGER holds_stay BEFORE UPDATE ON holds
    BEGIN SELECT raise(ABORT, 'holds are never edited'); END;
CREATE TRIGGER holds_remain BEFORE DELETE ON holds
    BEGIN SELECT raise(ABORT, 'holds are never deleted'); END;
CREATE TRIGGER hold_steps_stay BEFORE UPDATE ON hold_steps
    BEGIN SELECT raise(ABORT, 'holds are never edited'); END;
CREATE TRIGGER hold_steps_remain BEFORE DELETE ON hold_steps
    BEGIN SELECT raise(ABORT, 'holds are never deleted'); END;
CREATE INDEX vehicle_remarks_of ON vehicle_remarks (plate);
CREATE INDEX visit_marks_entry ON visit_marks (entry_id);
CREATE INDEX visit_marks_exit ON visit_marks (exit_id) WHERE exit_id IS NOT NULL;
CREATE VIEW held_marks AS
SELECT m.id, m.kind, m.entry_id, m.exit_id, m.left_at_ms FROM visit_marks m
WHERE NOT EXISTS (SELECT 1 FROM visit_mark_withdrawals w WHERE w.mark_id = m.id);
CREATE INDEX corrections_at ON corrections (at_ms);
CREATE TRIGGER vehicle_remarks_stay BEFORE UPDATE ON vehicle_remarks
    BEGIN SELECT raise(ABORT, 'remarks are never edited'); END;
CREATE TRIGGER vehicle_remarks_remain BEFORE DELETE ON vehicle_remarks
    BEGIN SELECT raise(ABORT, 'remarks are never deleted'); END;
CREATE TRIGGER remark_withdrawals_stay BEFORE UPDATE ON remark_withdrawals
    BEGIN SELECT raise(ABORT, 'withdrawals are never edited'); END;
CREATE TRIGGER remark_withdrawals_remain BEFORE DELETE ON remark_withdrawals
    BEGIN SELECT raise(ABORT, 'withdrawals are never deleted'); END;
CREATE TRIGGER visit_marks_stay BEFORE UPDATE ON visit_marks
    BEGIN SELECT raise(ABORT, 'marks are never edited'); END;
CREATE TRIGGER visit_marks_remain BEFORE DELETE ON visit_marks
    BEGIN SELECT raise(ABORT, 'marks are never deleted'); END;
CREATE TRIGGER visit_mark_withdrawals_stay BEFORE UPDATE ON visit_mark_withdrawals
    BEGIN SELECT raise(ABORT, 'withdrawals are never edited'); END;
CREATE TRIGGER visit_mark_withdrawals_remain BEFORE DELETE ON visit_mark_withdrawals
    BEGIN SELECT raise(ABORT, 'withdrawals are never deleted'); END;
CREATE TRIGGER handovers_stay BEFORE UPDATE ON handovers
    BEGIN SELECT raise(ABORT, 'sheets are never edited'); END;
CREATE TRIGGER handovers_remain BEFORE DELETE ON handovers
    BEGIN SELECT raise(ABORT, 'sheets are never deleted'); END;
CREATE TRIGGER handover_receipts_stay BEFORE UPDATE ON handover_receipts
    BEGIN SELECT raise(ABORT, 'receipts are never edited'); END;
CREATE TRIGGER handover_receipts_remain BEFORE DELETE ON handover_receipts
    BEGIN SELECT raise(ABORT, 'receipts are never deleted'); END;
CREATE INDEX video_hours_of ON video_hours (camera, hour_ms);
CREATE INDEX video_removals_of ON video_removals (camera, before_ms);
CREATE TRIGGER video_hours_stay BEFORE UPDATE ON video_hours
    BEGIN SELECT raise(ABORT, 'hours of video are never edited'); END;
CREATE TRIGGER video_hours_remain BEFORE DELETE ON video_hours
    BEGIN SELECT raise(ABORT, 'hours of video are never deleted'); END;
CREATE TRIGGER video_removals_stay BEFORE UPDATE ON video_removals
    BEGIN SELECT raise(ABORT, 'removals of video are never edited'); END;
CREATE TRIGGER video_removals_remain BEFORE DELETE ON video_removals
    BEGIN SELECT raise(ABORT, 'removals of video are never deleted'); END;
PRAGMA writable_schema=OFF;
COMMIT;

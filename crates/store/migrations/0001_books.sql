-- The ledger: what happened, one chain per area. Never updated, never deleted.
CREATE TABLE ledger (
    area    TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    person  TEXT   NOT NULL,
    post    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    body    TEXT   NOT NULL,
    prev    TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    PRIMARY KEY (area, seq)
);
CREATE INDEX ledger_subject ON ledger (subject, seq);

-- Signed checkpoints of the chain; what others keep copies of.
CREATE TABLE checkpoint (
    area TEXT   NOT NULL,
    size BIGINT NOT NULL,
    at   BIGINT NOT NULL,
    root TEXT   NOT NULL,
    note TEXT   NOT NULL,
    seal TEXT   NOT NULL,
    PRIMARY KEY (area, size)
);

-- Where the chains of sealed rows (checkpoint, audit) end: how many rows each holds, and the seal of its last.
CREATE TABLE seal_end (
    chain TEXT   NOT NULL PRIMARY KEY,
    n     BIGINT NOT NULL,
    seal  TEXT   NOT NULL
);

-- From here to the next heading: derived rows, written only by Work::record and equal to a replay of the ledger.
CREATE TABLE office (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE setting (
    key  TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);
CREATE TABLE account (
    person TEXT   NOT NULL PRIMARY KEY,
    login  TEXT   NOT NULL,
    is_open BIGINT NOT NULL,
    second_factor BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_login ON account (login);
CREATE TABLE source (
    id              TEXT   NOT NULL PRIMARY KEY,
    kind            TEXT   NOT NULL,
    level           TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    round           TEXT   NOT NULL,
    batch           TEXT   NOT NULL,
    document_number TEXT   NOT NULL,
    sender          TEXT   NOT NULL,
    issued_on       TEXT,
    received_on     TEXT   NOT NULL,
    ruleset         TEXT   NOT NULL
);
CREATE TABLE problem (
    id            TEXT   NOT NULL PRIMARY KEY,
    source        TEXT   NOT NULL,
    title         TEXT   NOT NULL,
    original_text TEXT   NOT NULL,
    public_text   TEXT   NOT NULL,
    field         TEXT   NOT NULL,
    area          TEXT,
    found_on      TEXT,
    numbers       TEXT   NOT NULL,
    fingerprint   TEXT   NOT NULL,
    registered_on TEXT   NOT NULL
);
CREATE INDEX problem_source ON problem (source, id);
CREATE INDEX problem_fingerprint ON problem (fingerprint);
CREATE TABLE task (
    id            TEXT   NOT NULL PRIMARY KEY,
    n             BIGINT NOT NULL,
    problem       TEXT   NOT NULL,
    source        TEXT   NOT NULL,
    parent        TEXT,
    level         TEXT   NOT NULL,
    ruleset       TEXT   NOT NULL,
    title         TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    field         TEXT   NOT NULL,
    area          TEXT,
    items         BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    is_open       BIGINT NOT NULL,
    is_counted    BIGINT NOT NULL,
    turn_role     TEXT   NOT NULL,
    turn_unit     TEXT   NOT NULL,
    step_due_on   TEXT,
    lead          TEXT,
    acceptance    TEXT,
    guarantor     TEXT,
    due_on        TEXT,
    original_due_on TEXT,
    milestone_on  TEXT,
    immediate     BIGINT NOT NULL,
    sustain       BIGINT NOT NULL,
    registered_on TEXT   NOT NULL,
    assigned_on   TEXT,
    reported_on   TEXT,
    finished_on   TEXT,
    accepted_on   TEXT,
    signed_on     TEXT,
    closed_on     TEXT,
    look_back_on  TEXT,
    sustain_on    TEXT,
    flag_set      TEXT   NOT NULL,
    returns       BIGINT NOT NULL,
    extensions    BIGINT NOT NULL,
    reopened      BIGINT NOT NULL,
    fake_found    BIGINT NOT NULL,
    last_seq      BIGINT NOT NULL
);
CREATE UNIQUE INDEX task_n ON task (n);
CREATE INDEX task_problem ON task (problem);
CREATE INDEX task_source ON task (source, is_open, due_on);
CREATE INDEX task_due ON task (is_open, due_on, id);
CREATE INDEX task_state ON task (state, due_on, id);
CREATE INDEX task_area ON task (area, is_open, due_on, id);
CREATE INDEX task_field ON task (field, is_open, due_on, id);
CREATE INDEX task_turn ON task (turn_role, turn_unit, step_due_on);
CREATE INDEX task_look_back ON task (look_back_on);
CREATE INDEX task_sustain ON task (sustain_on);
CREATE TABLE task_party (
    unit     TEXT   NOT NULL,
    task     TEXT   NOT NULL,
    relation TEXT   NOT NULL,
    is_open  BIGINT NOT NULL,
    due_on   TEXT,
    PRIMARY KEY (unit, task)
);
CREATE INDEX task_party_due ON task_party (unit, is_open, due_on, task);
CREATE INDEX task_party_task ON task_party (task);
CREATE TABLE notice (
    task      TEXT   NOT NULL PRIMARY KEY,
    opened_on TEXT   NOT NULL,
    ends_on   TEXT   NOT NULL,
    channel   TEXT   NOT NULL,
    contact   TEXT   NOT NULL,
    body      TEXT   NOT NULL,
    objections BIGINT NOT NULL,
    closed_on TEXT
);
CREATE INDEX notice_ends ON notice (closed_on, ends_on);
CREATE TABLE evidence (
    task       TEXT   NOT NULL,
    n          BIGINT NOT NULL,
    sha256     TEXT   NOT NULL,
    role       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (task, n)
);
CREATE INDEX evidence_sha256 ON evidence (sha256);
CREATE TABLE intake (
    seq       BIGINT NOT NULL PRIMARY KEY,
    sha256    TEXT   NOT NULL,
    file_name TEXT   NOT NULL,
    sender    TEXT   NOT NULL,
    rows_read BIGINT NOT NULL,
    rows_adopted BIGINT NOT NULL,
    rows_known BIGINT NOT NULL,
    mapping   TEXT   NOT NULL
);
CREATE INDEX intake_sender ON intake (sender, seq);

-- Beside the books: secrets, sessions, drafts and the audit. Not part of the replay; the audit is sealed row by row.
CREATE TABLE credential (
    person        TEXT   NOT NULL PRIMARY KEY,
    password      TEXT   NOT NULL,
    must_change   BIGINT NOT NULL,
    totp_secret   TEXT   NOT NULL,
    totp_step     BIGINT NOT NULL,
    failures      BIGINT NOT NULL,
    locked_until  BIGINT NOT NULL
);
CREATE TABLE session (
    token      TEXT   NOT NULL PRIMARY KEY,
    person     TEXT   NOT NULL,
    post       TEXT   NOT NULL,
    csrf       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    step_up_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person);
CREATE TABLE audit (
    n       BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    person  TEXT   NOT NULL,
    post    TEXT   NOT NULL,
    what    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    outcome TEXT   NOT NULL,
    address TEXT   NOT NULL,
    seal    TEXT   NOT NULL
);
CREATE INDEX audit_at ON audit (at, n);
CREATE TABLE idempotency (
    key    TEXT   NOT NULL PRIMARY KEY,
    person TEXT   NOT NULL,
    request TEXT  NOT NULL,
    seq    BIGINT NOT NULL,
    at     BIGINT NOT NULL
);
CREATE TABLE draft (
    id         TEXT   NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    person     TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    sha256     TEXT   NOT NULL,
    body       TEXT   NOT NULL
);
CREATE INDEX draft_person ON draft (person, at);

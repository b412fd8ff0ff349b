-- Records of every kind beside the loop: derived rows, written only by Work::record and equal to a replay of the ledger.
CREATE TABLE record (
    kind     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    title    TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    is_open  BIGINT NOT NULL,
    unit     TEXT,
    on_day   TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    last_seq BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX record_open ON record (kind, is_open, on_day, id);
-- What each record is about.
CREATE TABLE record_link (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (kind, id, subject)
);
CREATE INDEX record_link_subject ON record_link (subject, kind);

-- Every picture that an act hands in, with what it is found again by: derived rows, written only by Work::record and equal to a
-- replay of the ledger. Looked up in memory; a server reads what came since it last looked.
CREATE TABLE photo (
    seq         BIGINT NOT NULL,
    k           BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    subject     TEXT   NOT NULL,
    role        TEXT   NOT NULL,
    sha256      TEXT   NOT NULL,
    taken_at    BIGINT,
    lat_e6      BIGINT,
    lon_e6      BIGINT,
    datum       TEXT,
    fingerprint TEXT,
    PRIMARY KEY (seq, k)
);
CREATE INDEX photo_sha256 ON photo (sha256);

-- Random codes given out to phones for a stop, each good for one record. What it is about is a tag that only the house can make:
-- under seal a dump of this table names nobody and no place.
CREATE TABLE nonce (
    code     TEXT   NOT NULL PRIMARY KEY,
    about    TEXT   NOT NULL,
    given_at BIGINT NOT NULL,
    until    BIGINT NOT NULL,
    used_by  TEXT
);
CREATE INDEX nonce_until ON nonce (until);

-- The outbox, beside the books and never in the ledger: what was to be said to whom by which channel, each saying once.
CREATE TABLE message (
    id       TEXT   NOT NULL PRIMARY KEY,
    saying   TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    channel  TEXT   NOT NULL,
    occasion TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    made_at  BIGINT NOT NULL,
    goes_at  BIGINT NOT NULL,
    read_at  BIGINT,
    sending  TEXT
);
CREATE UNIQUE INDEX message_saying ON message (saying);
CREATE INDEX message_of ON message (person, channel, made_at, id);
CREATE INDEX message_waits ON message (channel, state, goes_at);
CREATE INDEX message_sending ON message (sending) WHERE sending IS NOT NULL;
-- What goes over the line as one: its body stays the same however often it is tried.
CREATE TABLE sending (
    id       TEXT   NOT NULL PRIMARY KEY,
    channel  TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    attempts BIGINT NOT NULL,
    made_at  BIGINT NOT NULL,
    next_at  BIGINT NOT NULL,
    ended_at BIGINT,
    code     TEXT   NOT NULL,
    words    TEXT   NOT NULL
);
CREATE INDEX sending_next ON sending (channel, state, next_at, id);
CREATE INDEX sending_made ON sending (made_at, id);
-- Every request that was made of a channel, so that its limits hold over restarts and for all processes together.
CREATE TABLE request (
    channel TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    person  TEXT   NOT NULL,
    sending TEXT   NOT NULL,
    PRIMARY KEY (channel, at, sending)
);
-- Which process speaks on a channel, and until when the channel rests.
CREATE TABLE channel (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    held_until BIGINT NOT NULL,
    rests_until BIGINT NOT NULL
);
-- What people chose for their messages, with their addresses.
CREATE TABLE wish (
    person TEXT NOT NULL PRIMARY KEY,
    body   TEXT NOT NULL
);

-- How far pictures have been compared with those handed in before: the newest entry of the ledger whose pictures were. It moves
-- in the same transaction as the questions they raise, so that after a crash none is missing and none is raised twice.
CREATE TABLE photo_compared (
    one BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);
INSERT INTO photo_compared (one, seq) SELECT 1, COALESCE(MAX(seq), -1) FROM photo;

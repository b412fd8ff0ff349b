-- Two-character words (bigrams) of every task's texts; n is task.n.
CREATE TABLE search (
    n     BIGINT   NOT NULL PRIMARY KEY,
    grams TSVECTOR NOT NULL
);
CREATE INDEX search_grams ON search USING GIN (grams);

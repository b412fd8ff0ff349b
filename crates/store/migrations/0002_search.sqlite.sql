-- Two-character words (bigrams) of every task's texts; rowid is task.n.
CREATE VIRTUAL TABLE search USING fts5 (grams, content = '', contentless_delete = 1, tokenize = 'ascii');

-- The last reminder about the step now owed.
ALTER TABLE task ADD COLUMN reminded_on TEXT;

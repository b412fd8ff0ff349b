-- Who looked at a sealed mission before it was opened: lines that nobody reads without the mission's key, named by a tag that only the
-- key makes. They move into the audit when the mission is opened. Not part of the replay.
CREATE TABLE sealed_read (
    mission TEXT NOT NULL,
    tag     TEXT NOT NULL,
    line    TEXT NOT NULL,
    PRIMARY KEY (mission, tag)
);

-- A register that was put back from an older copy of itself. While one of these rows is not released, nothing leaves:
-- what the copy does not know may have been sent.
--
-- What was numbered after the copy was taken is lost, but stands in links and Message-IDs that are out. Those numbers
-- are never given again: rows made from now on begin above the floors, and a link to a number between is known for
-- what it is.

CREATE TABLE restoration (
    id               INTEGER PRIMARY KEY,
    origin           TEXT NOT NULL,    -- what it was put back from, for people
    taken            INTEGER,          -- when the copy was taken, where that is known
    restored         INTEGER NOT NULL,
    author           TEXT NOT NULL,
    position         INTEGER NOT NULL, -- the last number of the journal then
    last_obligation  INTEGER NOT NULL, -- the greatest number of a row that the copy knew
    floor_obligation INTEGER NOT NULL, -- what later rows begin above
    floor_document   INTEGER NOT NULL,
    floor_revision   INTEGER NOT NULL,
    floor_hold       INTEGER NOT NULL,
    released         INTEGER,
    releaser         TEXT,
    reason           TEXT,
    CHECK ((released IS NULL) = (releaser IS NULL))
) STRICT;

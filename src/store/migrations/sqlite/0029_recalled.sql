-- What a register that is lost had done, by the copy of its journal outside: facts that wait to be found again. Rows of
-- the lost register are named by what they are about, because their numbers mean nothing here.

CREATE TABLE recalled (
    id          INTEGER PRIMARY KEY,
    line        TEXT NOT NULL,    -- the hash of the line of the copy
    place       INTEGER NOT NULL, -- which of its facts
    kind        TEXT NOT NULL CHECK (kind IN ('sent', 'doubtful', 'planned', 'answered', 'other')),
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    unit        TEXT NOT NULL,
    content     TEXT NOT NULL,    -- JSON
    at          INTEGER NOT NULL,
    applied     INTEGER,          -- when it was found again, or seen to be known
    UNIQUE (line, place)
) STRICT;

CREATE INDEX recalled_document ON recalled (external_id, unit);
CREATE INDEX recalled_waiting ON recalled (kind) WHERE applied IS NULL;

-- Obligations of a lost register, which stand in links that are out.
CREATE TABLE former (
    obligation  INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    cell        TEXT NOT NULL,
    task        TEXT NOT NULL
) STRICT;

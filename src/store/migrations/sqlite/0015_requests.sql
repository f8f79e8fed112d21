-- What cells ask of staff beside what they state: more time, or that work is given to somebody else. Kept for
-- ever with what was decided, because a deadline that moved must be explained years later, and because
-- repeated corrections of one rule tell its owner something.
CREATE TABLE request (
    id         INTEGER PRIMARY KEY,
    obligation INTEGER NOT NULL REFERENCES obligation (id),
    hold       INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('more-time', 'declined')),
    until      TEXT,              -- more-time: the day asked for
    suggested  TEXT,              -- declined: the cell whose it is instead, if the asking one knows
    reason     TEXT NOT NULL,
    asked      INTEGER NOT NULL,
    due        INTEGER,           -- what the row was due when it was asked
    verdict    TEXT CHECK (verdict IN ('granted', 'refused', 'replaced', 'overtaken')),
    given      TEXT,              -- more-time, granted: the day
    moved      INTEGER,           -- more-time, granted: the due instant that holds now
    actor      TEXT,
    why        TEXT,
    decided    INTEGER,
    told       INTEGER,           -- when the mail to the office was written
    CHECK ((kind = 'more-time') = (until IS NOT NULL)),
    CHECK ((verdict IS NULL) = (decided IS NULL))
) STRICT;

CREATE INDEX request_hold ON request (hold);
CREATE INDEX request_obligation ON request (obligation);
CREATE UNIQUE INDEX request_open ON request (obligation, kind) WHERE verdict IS NULL;
CREATE INDEX request_untold ON request (id) WHERE verdict IS NULL AND told IS NULL;

-- Presses of links that looked like a machine's and were not counted: one row for each obligation, however
-- often its buttons are pressed. It changes no state; it is shown apart, and its cell is asked once by mail.
CREATE TABLE doubted (
    obligation INTEGER PRIMARY KEY REFERENCES obligation (id),
    why        TEXT NOT NULL,
    answer     TEXT NOT NULL,     -- JSON of domain::obligation::Answer, of the first press
    evidence   TEXT NOT NULL,
    first      INTEGER NOT NULL,
    last       INTEGER NOT NULL,
    presses    INTEGER NOT NULL CHECK (presses >= 1),
    asked      INTEGER,           -- when the mail that asks again was written
    ended      INTEGER            -- the cell has answered since, or the work has ended
) STRICT;

CREATE INDEX doubted_open ON doubted (obligation) WHERE ended IS NULL;
CREATE INDEX doubted_unasked ON doubted (first) WHERE ended IS NULL AND asked IS NULL;

-- Ladders that count what they did, and rows whose ladder or clock rests for a while.

-- Steps that were taken, for ever: what a cell was reminded of, chased for, criticised for, and who above it was
-- told. From this the number of a chase is read, and what a mail to a superior is about.
CREATE TABLE stepped (
    obligation INTEGER NOT NULL REFERENCES obligation (id),
    at         INTEGER NOT NULL,
    step       INTEGER NOT NULL CHECK (step BETWEEN 0 AND 65535), -- its number in the ladder
    kind       TEXT NOT NULL CHECK (kind IN ('remind', 'chase', 'criticise', 'review')),
    recipient  TEXT NOT NULL CHECK (recipient IN ('cell', 'parent', 'office', 'leadership')),
    unit       TEXT NOT NULL,                                     -- who was written to
    PRIMARY KEY (obligation, at, step)
) STRICT, WITHOUT ROWID;

-- Whoever is told of several cells at one time; cells themselves are found by their rows.
CREATE INDEX stepped_above ON stepped (unit, at) WHERE recipient <> 'cell';

-- What the journal tells of steps taken so far; "escalate" was a chase to a superior.
INSERT OR IGNORE INTO stepped (obligation, at, step, kind, recipient, unit)
SELECT s.value ->> 'obligation', j.at, s.value ->> 'step',
    CASE s.value ->> 'kind' WHEN 'escalate' THEN 'chase' ELSE s.value ->> 'kind' END,
    s.value ->> 'to', s.value ->> 'told'
FROM journal j, json_each(j.detail, '$.steps') s
WHERE j.kind = 'stepped' AND s.value ->> 'told' IS NOT NULL
    AND EXISTS (SELECT 1 FROM obligation o WHERE o.id = s.value ->> 'obligation');

-- A row that rests: muted (nobody is mailed, the clock runs) or paused (the clock stands). At most one at a time.
CREATE TABLE respite (
    id                  INTEGER PRIMARY KEY,
    obligation          INTEGER NOT NULL REFERENCES obligation (id),
    kind                TEXT NOT NULL CHECK (kind IN ('mute', 'pause')),
    author              TEXT NOT NULL,
    reason              TEXT NOT NULL,
    since               INTEGER NOT NULL,
    until               INTEGER NOT NULL CHECK (until > since),
    floor               INTEGER, -- of a muted row: what its ladder waited for
    acknowledge_before  INTEGER, -- of a paused row: its instants before
    due_before          INTEGER,
    acknowledge_after   INTEGER, -- and as the pause moved them
    due_after           INTEGER,
    ended               INTEGER
) STRICT;

CREATE UNIQUE INDEX respite_open ON respite (obligation) WHERE ended IS NULL;

-- A deadline that its sender meant and nobody could read waits for a person. SQLite cannot change a CHECK in
-- place; the table is small, so it is written anew.
CREATE TABLE hold_new (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN
        ('unmatched', 'secret', 'broken', 'no-contact', 'undeliverable', 'declined', 'more-time', 'no-heir',
         'ambiguous', 'brake', 'operation', 'recall', 'upstream', 'deadline')),
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    document    INTEGER REFERENCES document (id),
    unit        TEXT,
    task        TEXT,
    reason      TEXT NOT NULL,
    raw         BLOB,
    opened      INTEGER NOT NULL,
    closed      INTEGER,
    decided     TEXT CHECK (decided IN ('assign', 'release', 'dismiss'))
) STRICT;

INSERT INTO hold_new (id, kind, source, external_id, document, unit, task, reason, raw, opened, closed, decided)
SELECT id, kind, source, external_id, document, unit, task, reason, raw, opened, closed, decided FROM hold;
DROP TABLE hold;
ALTER TABLE hold_new RENAME TO hold;

CREATE UNIQUE INDEX hold_open ON hold (source, external_id, kind, coalesce(unit, ''), coalesce(task, ''))
    WHERE closed IS NULL;
CREATE INDEX hold_of ON hold (source, external_id);

-- The journal tells of rows that rest. Numbers and hashes stay as they are.
CREATE TABLE journal_new (
    number     INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('registered', 'routed', 'enqueued', 'settled', 'answered',
                                             'stepped', 'closed', 'held', 'released', 'seen', 'rested')),
    document   INTEGER,
    obligation INTEGER,
    detail     TEXT NOT NULL, -- a JSON object
    hash       TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

INSERT INTO journal_new SELECT number, at, kind, document, obligation, detail, hash FROM journal;
DROP TABLE journal;
ALTER TABLE journal_new RENAME TO journal;

CREATE INDEX journal_document ON journal (document) WHERE document IS NOT NULL;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
    SELECT raise(ABORT, 'journal is append-only');
END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
    SELECT raise(ABORT, 'journal is append-only');
END;

-- What sources show of the documents they delivered: who has looked at them, what they no longer have, what
-- they call overdue.

-- When a directive arrived at a cell in its source, and when it was first looked at there. No person, no
-- address: receivers that are no cell of ours are a number.
CREATE TABLE receipt (
    document INTEGER NOT NULL REFERENCES document (id),
    cell     TEXT NOT NULL,
    source   TEXT NOT NULL,
    received INTEGER,
    seen     INTEGER,
    PRIMARY KEY (document, cell, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt_look (
    document  INTEGER NOT NULL REFERENCES document (id),
    source    TEXT NOT NULL,
    receivers INTEGER NOT NULL CHECK (receivers >= 0),
    unmatched INTEGER NOT NULL CHECK (unmatched BETWEEN 0 AND receivers),
    at        INTEGER NOT NULL,
    PRIMARY KEY (document, source)
) STRICT, WITHOUT ROWID;

-- What the nightly comparison found; each instant is the beginning of a comparison.
CREATE TABLE compared (
    source        TEXT NOT NULL,
    external_id   TEXT NOT NULL,
    found         INTEGER, -- the last that found it; NULL: none did
    overdue       INTEGER, -- the last that found it among what is due or overdue
    overdue_since INTEGER, -- since when it has been among them; NULL: it is not
    missing       INTEGER, -- since when it has not been found; NULL: it is there
    PRIMARY KEY (source, external_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX compared_differs ON compared (source, external_id)
WHERE missing IS NOT NULL OR overdue_since IS NOT NULL;

-- The journal tells of looks too. SQLite cannot change a CHECK in place; numbers and hashes stay as they are.
CREATE TABLE journal_new (
    number     INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('registered', 'routed', 'enqueued', 'settled', 'answered',
                                             'stepped', 'closed', 'held', 'released', 'seen')),
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

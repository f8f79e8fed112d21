-- Where documents came from, which still hold, and what waits for a document or a decision.

ALTER TABLE document ADD COLUMN standing TEXT NOT NULL DEFAULT 'in-force'
    CHECK (standing IN ('in-force', 'removed', 'replaced', 'revoked'));

-- The instant the dues of a revision count from; NULL: when it was registered. A revision that only
-- retouches an earlier one keeps that one's.
ALTER TABLE revision ADD COLUMN asked INTEGER;

-- Notices that told the cell of the row under earlier revisions, from which it was moved.
ALTER TABLE obligation ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told >= 0);

-- What each id of each source brought last, operations included.
CREATE TABLE origin (
    id          INTEGER PRIMARY KEY,
    document    INTEGER NOT NULL REFERENCES document (id),
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    organ       TEXT NOT NULL DEFAULT '', -- sender of the key; '' where the message names none
    key         TEXT,                     -- the exchange's name of the document it is about
    own         TEXT,                     -- what an update calls itself: later operations may name that
    content     TEXT NOT NULL,            -- JSON of domain::document::Document
    raw         BLOB,                     -- NULL where a revision bears it
    seen        INTEGER NOT NULL,
    UNIQUE (source, external_id)
) STRICT;

CREATE INDEX origin_document ON origin (document);
CREATE INDEX origin_key ON origin (organ, key) WHERE key IS NOT NULL;
CREATE INDEX origin_own ON origin (organ, own) WHERE own IS NOT NULL;

INSERT INTO origin (document, source, external_id, organ, key, content, seen)
SELECT d.id, d.source, d.external_id, coalesce(r.content ->> '$.exchange.organ', ''),
    r.content ->> '$.exchange.key', r.content, r.registered
FROM document d JOIN revision r ON r.id = (SELECT max(id) FROM revision WHERE document = d.id);

-- One document in the place of another.
CREATE TABLE replacement (
    old INTEGER NOT NULL REFERENCES document (id),
    new INTEGER NOT NULL REFERENCES document (id),
    PRIMARY KEY (old, new)
) STRICT, WITHOUT ROWID;

CREATE INDEX replacement_new ON replacement (new);

-- What differs between a revision and the one it follows.
CREATE TABLE difference (
    revision INTEGER PRIMARY KEY REFERENCES revision (id),
    content  TEXT NOT NULL -- JSON of app::ports::KeptEdits
) STRICT;

-- Deliveries that are not registered yet: operations whose original is not known (key), and documents
-- that may be one that is (key NULL). Each has a hold that staff see.
CREATE TABLE waiting (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    organ       TEXT NOT NULL DEFAULT '',
    key         TEXT,
    document    INTEGER REFERENCES document (id), -- the one that takes the place of the awaited one
    content     TEXT NOT NULL,
    raw         BLOB NOT NULL,
    arrived     INTEGER NOT NULL,
    ended       INTEGER
) STRICT;

CREATE UNIQUE INDEX waiting_open ON waiting (source, external_id, coalesce(key, '')) WHERE ended IS NULL;
CREATE INDEX waiting_key ON waiting (organ, key) WHERE ended IS NULL AND key IS NOT NULL;

-- The register, first form.
--
-- Instants are INTEGER milliseconds since 1970-01-01T00:00Z; days are TEXT, ISO 8601, in the office's
-- zone; words are those of docs/ARCHITECTURE.md, "Words", held by CHECK. Numbers grow and are never
-- used again, because rows are never deleted; so of two revisions of one document the newer has the
-- greater id.
--
-- Indexes cost far more than anything else here: an obligation's second index made 221 rows three
-- times as slow, because it touches a leaf per row. Hence every index that is not a unique key is
-- partial and covers open work only: its size follows what is open, not what ever was.

PRAGMA application_id = 1986096756; -- "vant"; the same number stands in schema.rs

-- Facts of the register itself.
CREATE TABLE meta (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    secret  BLOB NOT NULL CHECK (length(secret) = 32), -- keys Message-IDs; never changes
    program TEXT NOT NULL                              -- the version of vanthu that last changed the schema
) STRICT;

CREATE TABLE document (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    registered  INTEGER NOT NULL,
    UNIQUE (source, external_id)
) STRICT;

-- (document, fingerprint) is not unique: a source may well go back to an earlier content, and that is
-- a new revision.
CREATE TABLE revision (
    id          INTEGER PRIMARY KEY,
    document    INTEGER NOT NULL REFERENCES document (id),
    number      INTEGER NOT NULL CHECK (number >= 1),
    fingerprint TEXT NOT NULL,
    symbol      TEXT NOT NULL, -- cleaned, to find it by
    content     TEXT NOT NULL, -- JSON of domain::document::Document
    registered  INTEGER NOT NULL,
    UNIQUE (document, number)
) STRICT;

CREATE INDEX revision_symbol ON revision (symbol) WHERE symbol <> '';

-- What the source sent, byte for byte. Apart, so that nobody who reads a revision pays for it.
CREATE TABLE raw (
    revision INTEGER PRIMARY KEY REFERENCES revision (id),
    content  BLOB NOT NULL
) STRICT;

-- Why the revision was routed as it was, JSON.
CREATE TABLE trace (
    revision INTEGER PRIMARY KEY REFERENCES revision (id),
    content  TEXT NOT NULL
) STRICT;

CREATE TABLE duty (
    id       INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES revision (id),
    content  TEXT NOT NULL -- JSON of domain::obligation::Duty
) STRICT;

CREATE TABLE obligation (
    id              INTEGER PRIMARY KEY,
    document        INTEGER NOT NULL REFERENCES document (id),
    revision        INTEGER NOT NULL REFERENCES revision (id),
    duty            INTEGER NOT NULL REFERENCES duty (id),
    cell            TEXT NOT NULL,
    state           TEXT NOT NULL
        CHECK (state IN ('open', 'acknowledged', 'done', 'declined', 'excused', 'withdrawn')),
    opened          INTEGER NOT NULL,
    since           INTEGER NOT NULL,
    acknowledge_due INTEGER,
    due             INTEGER,
    grade           TEXT CHECK (grade IN ('upstream', 'clicked', 'verified', 'replied', 'staff')),
    promised        TEXT,
    extension_asked TEXT,
    step            INTEGER NOT NULL CHECK (step BETWEEN 0 AND 65535),
    next_action     INTEGER,
    UNIQUE (revision, cell)
) STRICT;

CREATE INDEX obligation_next ON obligation (next_action) WHERE next_action IS NOT NULL;

CREATE TABLE notice (
    id          INTEGER PRIMARY KEY,
    document    INTEGER NOT NULL REFERENCES document (id),
    revision    INTEGER NOT NULL REFERENCES revision (id),
    unit        TEXT NOT NULL,
    kind        TEXT NOT NULL
        CHECK (kind IN ('notice', 'reminder', 'chase', 'escalation', 'change', 'withdrawal')),
    step        TEXT NOT NULL,
    mailbox     TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    priority    INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 255),
    enqueued    INTEGER NOT NULL,
    delivery    TEXT NOT NULL
        CHECK (delivery IN ('queued', 'sending', 'sent', 'failed', 'ambiguous', 'dropped')),
    send_at     INTEGER NOT NULL,
    tries       INTEGER NOT NULL CHECK (tries >= 0), -- counted when claimed, so that a mail that kills us counts
    epoch       INTEGER NOT NULL,                    -- grows with every claim; fences off older ones
    instance    TEXT,                                -- who claimed it last
    lease_until INTEGER,
    sent_at     INTEGER,
    reply       TEXT,
    UNIQUE (revision, unit, kind, step, mailbox),
    CHECK ((delivery = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((delivery = 'sent') = (sent_at IS NOT NULL))
) STRICT;

CREATE INDEX notice_waiting ON notice (priority, send_at, id) WHERE delivery IN ('queued', 'ambiguous');
CREATE INDEX notice_leased ON notice (lease_until) WHERE delivery = 'sending';

CREATE TABLE answer (
    id         INTEGER PRIMARY KEY,
    obligation INTEGER NOT NULL REFERENCES obligation (id),
    revision   INTEGER NOT NULL REFERENCES revision (id),
    content    TEXT NOT NULL, -- JSON of domain::obligation::Answer
    grade      TEXT NOT NULL CHECK (grade IN ('upstream', 'clicked', 'verified', 'replied', 'staff')),
    channel    TEXT NOT NULL,
    actor      TEXT,
    reason     TEXT,
    evidence   TEXT,
    at         INTEGER NOT NULL
) STRICT;

CREATE INDEX answer_obligation ON answer (obligation);

CREATE TABLE hold (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN
        ('unmatched', 'secret', 'broken', 'no-contact', 'undeliverable', 'declined', 'more-time')),
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    document    INTEGER REFERENCES document (id),
    unit        TEXT,
    reason      TEXT NOT NULL,
    raw         BLOB,
    opened      INTEGER NOT NULL,
    closed      INTEGER
) STRICT;

CREATE UNIQUE INDEX hold_open ON hold (source, external_id, kind, coalesce(unit, '')) WHERE closed IS NULL;

CREATE TABLE poll (
    source        TEXT PRIMARY KEY,
    watermark     INTEGER,
    started       INTEGER,
    good          INTEGER,
    failing_since INTEGER,
    error         TEXT,
    failures      INTEGER NOT NULL,
    not_before    INTEGER,
    rows_seen     INTEGER NOT NULL,
    newest        INTEGER
) STRICT, WITHOUT ROWID;

-- Which rows of a source were read, and how their list row looked then.
CREATE TABLE reading (
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    fingerprint TEXT, -- NULL for a withheld document: nothing of it is kept
    read_at     INTEGER NOT NULL,
    PRIMARY KEY (source, external_id)
) STRICT, WITHOUT ROWID;

-- Without foreign keys: it must stand when everything else is gone.
CREATE TABLE journal (
    number     INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('registered', 'routed', 'enqueued', 'settled', 'answered',
                                             'stepped', 'closed', 'held', 'released')),
    document   INTEGER,
    obligation INTEGER,
    detail     TEXT NOT NULL, -- a JSON object
    hash       TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE INDEX journal_document ON journal (document) WHERE document IS NOT NULL;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
    SELECT raise(ABORT, 'journal is append-only');
END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
    SELECT raise(ABORT, 'journal is append-only');
END;

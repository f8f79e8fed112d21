-- What the office's files said, and what became of each change to them.

-- Texts, each kept once under the SHA-256 of its bytes: an edit of one rule adds one text, not all.
CREATE TABLE edition_text (
    hash    TEXT PRIMARY KEY CHECK (length(hash) = 64),
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The files of an edition, which is named by what it holds.
CREATE TABLE edition_file (
    edition TEXT NOT NULL CHECK (length(edition) = 64),
    path    TEXT NOT NULL,
    text    TEXT NOT NULL REFERENCES edition_text (hash),
    PRIMARY KEY (edition, path)
) STRICT, WITHOUT ROWID;

-- What became of the files, in order; the last row says how things stand. Never changed, like the journal.
CREATE TABLE acceptance (
    number  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN
        ('accepted', 'waiting', 'approved', 'rejected', 'refused', 'returned')),
    edition TEXT NOT NULL CHECK (length(edition) = 64), -- of refused files: SHA-256 of the findings
    author  TEXT NOT NULL,
    impact  TEXT,                                       -- JSON of domain::edition::Impact
    detail  TEXT                                        -- a person's reason, or the findings
) STRICT;

CREATE TRIGGER acceptance_no_update BEFORE UPDATE ON acceptance
BEGIN
    SELECT raise(ABORT, 'acceptance is append-only');
END;

CREATE TRIGGER acceptance_no_delete BEFORE DELETE ON acceptance
BEGIN
    SELECT raise(ABORT, 'acceptance is append-only');
END;

-- Mails about the files, to whoever looks after them; one for each state of the files.
CREATE TABLE bulletin (
    id         INTEGER PRIMARY KEY,
    acceptance INTEGER NOT NULL REFERENCES acceptance (number),
    state      TEXT NOT NULL, -- acceptance.edition
    force      TEXT NOT NULL, -- the edition in force meanwhile
    mailbox    TEXT NOT NULL,
    message_id TEXT NOT NULL,
    delivery   TEXT NOT NULL CHECK (delivery IN ('queued', 'sent', 'failed')),
    send_at    INTEGER NOT NULL,
    tries      INTEGER NOT NULL CHECK (tries >= 0),
    sent_at    INTEGER,
    reply      TEXT,
    UNIQUE (state, mailbox)
) STRICT;

CREATE INDEX bulletin_waiting ON bulletin (send_at) WHERE delivery = 'queued';

-- With which credentials a source refused us: other ones may be tried at once. A keyed hash, never the
-- password.
ALTER TABLE poll ADD COLUMN credentials TEXT;

-- Mail that came back: what each message came to, what reports of delivery proved, the health of mailboxes,
-- and how far the mailbox for answers was read.

-- Messages about mails of ours; others are not kept. The number of a notice is no reference, because tables of
-- notices are written anew when their CHECKs change.
CREATE TABLE inbound (
    id       INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE CHECK (length(identity) = 64), -- SHA-256 of Message-ID and body
    inbox    TEXT NOT NULL,
    validity INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    away     INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1)),  -- put away in the mailbox itself
    kind     TEXT NOT NULL CHECK (kind IN ('answer', 'message', 'automatic', 'report', 'unreadable')),
    because  TEXT NOT NULL,
    document INTEGER REFERENCES document (id),
    unit     TEXT,
    notice   INTEGER,
    sender   TEXT, -- these three are forgotten after a while
    text     TEXT,
    raw      BLOB,
    at       INTEGER NOT NULL
) STRICT;

CREATE INDEX inbound_document ON inbound (document) WHERE document IS NOT NULL;
CREATE INDEX inbound_left ON inbound (inbox, validity, uid) WHERE away = 0;
CREATE INDEX inbound_kept ON inbound (at) WHERE sender IS NOT NULL OR text IS NOT NULL OR raw IS NOT NULL;

CREATE TABLE inbox (
    inbox         TEXT PRIMARY KEY,
    validity      INTEGER NOT NULL,
    uid           INTEGER NOT NULL,
    good          INTEGER,
    failing_since INTEGER,
    error         TEXT,
    CHECK ((failing_since IS NULL) = (error IS NULL))
) STRICT, WITHOUT ROWID;

-- Notices that a server took and that came back all the same.
CREATE TABLE bounced (
    notice INTEGER PRIMARY KEY,
    status TEXT NOT NULL, -- RFC 3463
    reason TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE TABLE mailbox (
    address  TEXT PRIMARY KEY, -- lower case
    health   TEXT NOT NULL CHECK (health IN ('ok', 'failing', 'dead')),
    since    INTEGER NOT NULL,
    days     TEXT NOT NULL, -- JSON array of days on which mail came back
    reason   TEXT NOT NULL,
    reported INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX mailbox_unwell ON mailbox (address) WHERE health <> 'ok';

-- Answers and reports name the mail they are about. What waits has not left, so nothing can be about it.
CREATE INDEX notice_message ON notice (message_id) WHERE delivery NOT IN ('queued', 'held', 'dropped');

-- Holds of replies. SQLite cannot change a CHECK in place; the table is small, so it is written anew.
CREATE TABLE hold_new (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN
        ('unmatched', 'secret', 'broken', 'no-contact', 'undeliverable', 'declined', 'more-time', 'no-heir',
         'ambiguous', 'brake', 'operation', 'recall', 'upstream', 'deadline', 'reply')),
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

INSERT INTO hold_new
SELECT id, kind, source, external_id, document, unit, task, reason, raw, opened, closed, decided FROM hold;
DROP TABLE hold;
ALTER TABLE hold_new RENAME TO hold;

CREATE UNIQUE INDEX hold_open ON hold (source, external_id, kind, coalesce(unit, ''), coalesce(task, ''))
    WHERE closed IS NULL;
CREATE INDEX hold_of ON hold (source, external_id);

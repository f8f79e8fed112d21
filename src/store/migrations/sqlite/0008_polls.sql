-- Polls that tell the truth: what each walk is judged by, what is kept back from being mailed, what could
-- not be read how often, and mails about sources.

ALTER TABLE poll ADD COLUMN watch TEXT; -- JSON of domain::watch::Watch

-- Who has been read before need not be met for the first time.
UPDATE poll SET watch = json_object('first', strftime('%Y-%m-%dT%H:%M:%SZ', coalesce(started, good) / 1000, 'unixepoch'),
    'settled', json('true'), 'usual', rows_seen)
WHERE good IS NOT NULL;

ALTER TABLE reading ADD COLUMN tries INTEGER NOT NULL DEFAULT 0; -- readings in a row that failed

-- Directives told of late, for the limits of the brake; what is older than an hour is deleted.
CREATE TABLE passed (
    id       INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (id),
    at       INTEGER NOT NULL,
    mails    INTEGER NOT NULL
) STRICT;

CREATE INDEX passed_at ON passed (at);

-- Documents that nobody was told of, and what became of that.
CREATE TABLE braked (
    document INTEGER PRIMARY KEY REFERENCES document (id),
    hold     INTEGER NOT NULL,
    why      TEXT NOT NULL CHECK (why IN ('baseline', 'flood')),
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'released', 'silent'))
) STRICT;

CREATE INDEX braked_hold ON braked (hold, document) WHERE state = 'waiting';

-- A mail may be held. SQLite cannot change a CHECK in place.
CREATE TABLE notice_new (
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
        CHECK (delivery IN ('queued', 'sending', 'sent', 'failed', 'ambiguous', 'dropped', 'held')),
    send_at     INTEGER NOT NULL,
    tries       INTEGER NOT NULL CHECK (tries >= 0),
    epoch       INTEGER NOT NULL,
    instance    TEXT,
    lease_until INTEGER,
    sent_at     INTEGER,
    reply       TEXT,
    about       TEXT,
    UNIQUE (revision, unit, kind, step, mailbox),
    CHECK ((delivery = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((delivery = 'sent') = (sent_at IS NOT NULL))
) STRICT;

INSERT INTO notice_new
SELECT id, document, revision, unit, kind, step, mailbox, message_id, priority, enqueued, delivery, send_at, tries,
    epoch, instance, lease_until, sent_at, reply, about
FROM notice;
DROP TABLE notice;
ALTER TABLE notice_new RENAME TO notice;

CREATE INDEX notice_waiting ON notice (priority, send_at, id) WHERE delivery IN ('queued', 'ambiguous');
CREATE INDEX notice_leased ON notice (lease_until) WHERE delivery = 'sending';

-- A mail to whoever looks after the office may be about a source instead of the files.
CREATE TABLE bulletin_new (
    id         INTEGER PRIMARY KEY,
    acceptance INTEGER REFERENCES acceptance (number),
    news       TEXT,          -- JSON of domain::bulletin::SourceNews
    at         INTEGER,       -- when that was seen
    state      TEXT NOT NULL, -- acceptance.edition, or what tells this news from others
    force      TEXT NOT NULL, -- the edition in force meanwhile; empty in mails about a source
    mailbox    TEXT NOT NULL,
    message_id TEXT NOT NULL,
    delivery   TEXT NOT NULL CHECK (delivery IN ('queued', 'sent', 'failed')),
    send_at    INTEGER NOT NULL,
    tries      INTEGER NOT NULL CHECK (tries >= 0),
    sent_at    INTEGER,
    reply      TEXT,
    UNIQUE (state, mailbox),
    CHECK ((acceptance IS NULL) = (news IS NOT NULL)),
    CHECK ((news IS NULL) = (at IS NULL))
) STRICT;

INSERT INTO bulletin_new (id, acceptance, state, force, mailbox, message_id, delivery, send_at, tries, sent_at, reply)
SELECT id, acceptance, state, force, mailbox, message_id, delivery, send_at, tries, sent_at, reply FROM bulletin;
DROP TABLE bulletin;
ALTER TABLE bulletin_new RENAME TO bulletin;

CREATE INDEX bulletin_waiting ON bulletin (send_at) WHERE delivery = 'queued';

-- Trạng thái trục: what is told upstream, through an outbox of its own, and what upstream told us.

-- One row per thing said, for ever: (source, external_id, code) is what must not be said twice. Only an
-- answer (15, 16) is said once per occasion: the message that it answers.
CREATE TABLE status (
    id          INTEGER PRIMARY KEY,
    document    INTEGER NOT NULL REFERENCES document (id),
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    code        TEXT NOT NULL CHECK (code IN ('01', '02', '03', '04', '05', '06', '15', '16')),
    occasion    TEXT NOT NULL CHECK ((occasion <> '') = (code IN ('15', '16'))),
    key         TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    author      TEXT,              -- who said it, where a person did
    reason      TEXT,              -- and why
    at          INTEGER NOT NULL,  -- when it came true
    delivery    TEXT NOT NULL CHECK (delivery IN ('queued', 'sending', 'sent', 'failed')),
    send_at     INTEGER NOT NULL,
    tries       INTEGER NOT NULL CHECK (tries >= 0),
    epoch       INTEGER NOT NULL,
    instance    TEXT,
    lease_until INTEGER,
    sent_at     INTEGER,
    reply       TEXT,              -- the receipt, or what happened
    UNIQUE (source, external_id, code, occasion),
    CHECK ((delivery = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((delivery = 'sent') = (sent_at IS NOT NULL))
) STRICT;

CREATE INDEX status_waiting ON status (send_at, id) WHERE delivery IN ('queued', 'sending');
CREATE INDEX status_document ON status (document);

-- A status message of another body, with the document it is about where that is known.
CREATE TABLE heard (
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,     -- of the message
    document    INTEGER REFERENCES document (id),
    content     TEXT NOT NULL,     -- JSON of domain::status::Status
    heard       INTEGER NOT NULL,
    PRIMARY KEY (source, external_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX heard_document ON heard (document) WHERE document IS NOT NULL;

-- How other bodies call a document: statuses and operations name it by these.
CREATE INDEX revision_exchange ON revision (json_extract(content, '$.exchange.key'))
WHERE json_extract(content, '$.exchange.key') IS NOT NULL;

-- Holds of what sources other than iOffice bring: doubtful identity, floods, operations without their
-- original, recalls, statuses. SQLite cannot change a CHECK in place; the table is small, so it is
-- written anew.

CREATE TABLE hold_new (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN
        ('unmatched', 'secret', 'broken', 'no-contact', 'undeliverable', 'declined', 'more-time', 'no-heir',
         'ambiguous', 'brake', 'operation', 'recall', 'upstream')),
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    document    INTEGER REFERENCES document (id),
    unit        TEXT,
    task        TEXT,
    reason      TEXT NOT NULL,
    raw         BLOB,
    opened      INTEGER NOT NULL,
    closed      INTEGER
) STRICT;

INSERT INTO hold_new
SELECT id, kind, source, external_id, document, unit, task, reason, raw, opened, closed FROM hold;
DROP TABLE hold;
ALTER TABLE hold_new RENAME TO hold;

CREATE UNIQUE INDEX hold_open ON hold (source, external_id, kind, coalesce(unit, ''), coalesce(task, ''))
    WHERE closed IS NULL;

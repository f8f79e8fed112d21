-- One mail of the morning for each cell, addresses of calendars, and how often an appointment changed.

-- A mail may be a digest. A CHECK that only lets in more is widened where it stands, as SQLite's manual allows
-- (ALTER TABLE, §7): no row is touched, and whatever columns the table has stay as they are.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''withdrawal''', '''withdrawal'', ''digest''')
WHERE type = 'table' AND name = 'notice';
PRAGMA writable_schema = RESET;

-- One for each mailbox and day, whatever document it bears.
CREATE UNIQUE INDEX notice_digest ON notice (unit, mailbox, step) WHERE kind = 'digest';

-- What is put together once on a day, and was; a restart makes none twice.
CREATE TABLE round (
    name TEXT NOT NULL CHECK (name IN ('digest', 'weekly')),
    day  TEXT NOT NULL,
    made INTEGER NOT NULL,
    PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;

-- Cells whose calendar has another address than its first one.
CREATE TABLE feed (
    cell       TEXT PRIMARY KEY,
    generation INTEGER NOT NULL CHECK (generation > 0),
    renewed    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How often the due of a row, or its end, changed: calendars take an appointment with a greater one for the
-- newer (RFC 5545 §3.8.7.4). Counted here, so that nothing that changes a row can forget to.
ALTER TABLE obligation ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER obligation_sequence AFTER UPDATE OF due, state ON obligation
WHEN OLD.due IS NOT NEW.due
    OR (OLD.state IN ('open', 'acknowledged')) <> (NEW.state IN ('open', 'acknowledged'))
BEGIN
    UPDATE obligation SET sequence = OLD.sequence + 1 WHERE id = NEW.id;
END;

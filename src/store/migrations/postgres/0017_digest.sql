-- One mail of the morning for each cell, addresses of calendars, and how often an appointment changed.

-- A mail may be a digest.
ALTER TABLE notice DROP CONSTRAINT notice_kind_check, ADD CONSTRAINT notice_kind_check CHECK (kind IN
    ('notice', 'reminder', 'chase', 'escalation', 'change', 'withdrawal', 'digest'));

-- One for each mailbox and day, whatever document it bears.
CREATE UNIQUE INDEX notice_digest ON notice (unit, mailbox, step) WHERE kind = 'digest';

-- What is put together once on a day, and was; a restart makes none twice.
CREATE TABLE round (
    name TEXT COLLATE "C" NOT NULL CHECK (name IN ('digest', 'weekly')),
    day  TEXT COLLATE "C" NOT NULL,
    made BIGINT NOT NULL,
    PRIMARY KEY (name, day)
);

-- Cells whose calendar has another address than its first one.
CREATE TABLE feed (
    cell       TEXT COLLATE "C" PRIMARY KEY,
    generation BIGINT NOT NULL CHECK (generation > 0),
    renewed    BIGINT NOT NULL
);

-- How often the due of a row, or its end, changed: calendars take an appointment with a greater one for the
-- newer (RFC 5545 §3.8.7.4). Counted here, so that nothing that changes a row can forget to.
ALTER TABLE obligation ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;

CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sequence := OLD.sequence + 1;
    RETURN NEW;
END
$$;

CREATE TRIGGER obligation_sequence BEFORE UPDATE OF due, state ON obligation FOR EACH ROW
WHEN (OLD.due IS DISTINCT FROM NEW.due
    OR (OLD.state IN ('open', 'acknowledged')) <> (NEW.state IN ('open', 'acknowledged')))
EXECUTE FUNCTION count_change();

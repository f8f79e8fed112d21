-- A plan asks one cell for several things: an obligation is now (revision, cell, task).
--
-- The unique key stands in the table, so the table is made anew with all its rows; so is `answer`, which
-- refers to it: dropping a table that others refer to would count as deleting its rows.

CREATE TABLE obligation_new (
    id              INTEGER PRIMARY KEY,
    document        INTEGER NOT NULL REFERENCES document (id),
    revision        INTEGER NOT NULL REFERENCES revision (id),
    duty            INTEGER NOT NULL REFERENCES duty (id),
    cell            TEXT NOT NULL,
    task            TEXT NOT NULL, -- 'rule/task'; '' where the document asks for one thing
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
    UNIQUE (revision, cell, task)
) STRICT;

INSERT INTO obligation_new
SELECT id, document, revision, duty, cell, '', state, opened, since, acknowledge_due, due, grade, promised,
    extension_asked, step, next_action
FROM obligation;

CREATE TABLE answer_new (
    id         INTEGER PRIMARY KEY,
    obligation INTEGER NOT NULL REFERENCES obligation_new (id),
    revision   INTEGER NOT NULL REFERENCES revision (id),
    content    TEXT NOT NULL, -- JSON of domain::obligation::Answer
    grade      TEXT NOT NULL CHECK (grade IN ('upstream', 'clicked', 'verified', 'replied', 'staff')),
    channel    TEXT NOT NULL,
    actor      TEXT,
    reason     TEXT,
    evidence   TEXT,
    at         INTEGER NOT NULL
) STRICT;

INSERT INTO answer_new
SELECT id, obligation, revision, content, grade, channel, actor, reason, evidence, at FROM answer;

DROP TABLE answer;
DROP TABLE obligation;
ALTER TABLE obligation_new RENAME TO obligation; -- the reference of answer_new follows
ALTER TABLE answer_new RENAME TO answer;

CREATE INDEX obligation_next ON obligation (next_action) WHERE next_action IS NOT NULL;
CREATE INDEX answer_obligation ON answer (obligation);

-- Which obligations a mail of the ladder is about, and by which step: a JSON array of [obligation, step].
-- NULL where it is about everything the unit is asked.
ALTER TABLE notice ADD COLUMN about TEXT;

-- Mails that may still leave learn what they are about; until now that was one obligation each.
UPDATE notice SET about = (
    SELECT json_array(json_array(o.id, CAST(substr(notice.step, 1, 2) AS INTEGER)))
    FROM obligation o WHERE o.revision = notice.revision AND o.cell = notice.unit)
WHERE kind IN ('reminder', 'chase') AND delivery IN ('queued', 'sending', 'ambiguous', 'failed');

-- A cell may decline one task and ask for more time for another: each waits for staff by itself.
ALTER TABLE hold ADD COLUMN task TEXT;
DROP INDEX hold_open;
CREATE UNIQUE INDEX hold_open ON hold (source, external_id, kind, coalesce(unit, ''), coalesce(task, ''))
    WHERE closed IS NULL;

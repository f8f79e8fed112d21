-- A plan asks one cell for several things: an obligation is now (revision, cell, task).

ALTER TABLE obligation ADD COLUMN task TEXT COLLATE "C" NOT NULL; -- 'rule/task'; '' where the document asks for one thing
ALTER TABLE obligation DROP CONSTRAINT obligation_revision_cell_key;
ALTER TABLE obligation ADD CONSTRAINT obligation_revision_cell_task_key UNIQUE (revision, cell, task);

-- Which obligations a mail of the ladder is about, and by which step: a JSON array of [obligation, step].
-- NULL where it is about everything the unit is asked.
ALTER TABLE notice ADD COLUMN about TEXT;

-- A cell may decline one task and ask for more time for another: each waits for staff by itself.
ALTER TABLE hold ADD COLUMN task TEXT COLLATE "C";
DROP INDEX hold_open;
CREATE UNIQUE INDEX hold_open ON hold (source, external_id, kind, coalesce(unit, ''), coalesce(task, ''))
    WHERE closed IS NULL;

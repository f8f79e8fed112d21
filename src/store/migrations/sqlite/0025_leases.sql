-- Who does what only one of several instances may do at a time. An SQLite file has one daemon, held by its lock; the
-- table stands here too because both engines have the same steps.

CREATE TABLE lease (
    name   TEXT PRIMARY KEY, -- the job, or the instance itself
    holder TEXT NOT NULL,    -- the instance; its name is new at every start
    epoch  INTEGER NOT NULL CHECK (epoch > 0), -- grows whenever the job is taken anew
    until  INTEGER NOT NULL  -- by the register's own clock
) STRICT, WITHOUT ROWID;

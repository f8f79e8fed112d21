-- Who does what only one of several instances may do at a time.

CREATE TABLE lease (
    name   TEXT COLLATE "C" PRIMARY KEY, -- the job, or the instance itself
    holder TEXT COLLATE "C" NOT NULL,    -- the instance; its name is new at every start
    epoch  BIGINT NOT NULL CHECK (epoch > 0), -- grows whenever the job is taken anew
    until  BIGINT NOT NULL               -- by the server's clock
);

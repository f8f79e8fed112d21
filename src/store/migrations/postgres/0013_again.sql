-- Duties that come again: the next period opens some days after this one was due.

-- From when on the next period may open; NULL where it does not come again, or has been dealt with.
ALTER TABLE duty ADD COLUMN again BIGINT;

CREATE INDEX duty_again ON duty (again) WHERE again IS NOT NULL;

-- Digests and calendars ask for the rows of one cell, each for itself.

CREATE INDEX obligation_cell ON obligation (cell, state);

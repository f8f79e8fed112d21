-- Holds of what sources other than iOffice bring: doubtful identity, floods, operations without their
-- original, recalls, statuses.
ALTER TABLE hold DROP CONSTRAINT hold_kind_check, ADD CONSTRAINT hold_kind_check CHECK (kind IN
    ('unmatched', 'secret', 'broken', 'no-contact', 'undeliverable', 'declined', 'more-time', 'no-heir',
     'ambiguous', 'brake', 'operation', 'recall', 'upstream'));

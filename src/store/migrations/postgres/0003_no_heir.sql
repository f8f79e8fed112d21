-- A hold of its own for the work of a unit that has ended without an heir.
ALTER TABLE hold DROP CONSTRAINT hold_kind_check, ADD CONSTRAINT hold_kind_check CHECK (kind IN
    ('unmatched', 'secret', 'broken', 'no-contact', 'undeliverable', 'declined', 'more-time', 'no-heir'));

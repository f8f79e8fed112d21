-- What a person decided about a hold; NULL while it is open, and where it closed by itself. What was dismissed
-- is not put before people again because its source delivers it once more.
ALTER TABLE hold ADD COLUMN decided TEXT COLLATE "C" CHECK (decided IN ('assign', 'release', 'dismiss'));

CREATE INDEX hold_of ON hold (source, external_id);

-- Operations name a document by (organ, key), statuses by the key alone too: one index serves both.
DROP INDEX origin_key;
DROP INDEX origin_own;
CREATE INDEX origin_key ON origin (key, organ) WHERE key IS NOT NULL;
CREATE INDEX origin_own ON origin (own, organ) WHERE own IS NOT NULL;

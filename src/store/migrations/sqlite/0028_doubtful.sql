-- Since when a mail may have been accepted without our knowing: before it is sent again it is looked for. NULL where
-- nothing speaks for it.
ALTER TABLE notice ADD COLUMN doubtful INTEGER;
UPDATE notice SET doubtful = send_at WHERE delivery IN ('ambiguous', 'sending');

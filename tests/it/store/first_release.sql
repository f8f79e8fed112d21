-- Rows as the first release wrote them; next_action is minute 30 of the fixture.
INSERT INTO meta (id, secret, program) VALUES (1, zeroblob(32), '0.1.0');
INSERT INTO document (id, source, external_id, registered) VALUES (1, 'ioffice', '7', 1768435200000);
INSERT INTO revision (id, document, number, fingerprint, symbol, content, registered)
VALUES (1, 1, 1, 'ab', '12-KH/ĐUK', '{}', 1768435200000);
INSERT INTO duty (id, revision, content) VALUES (1, 1,
    '{"role":"lead","owes":["acknowledge","report"],"rules":["chuyen-de-quy"],"rule_names":["Chuyên đề"],
      "acknowledge_due":null,"due":null,"due_why":null,"ladder":{"name":"standard","steps":[]},
      "grade":"clicked","ruleset":"0123456789ab"}');
INSERT INTO obligation (id, document, revision, duty, cell, state, opened, since, grade, promised, step, next_action)
VALUES (11, 1, 1, 1, 'cb-1', 'acknowledged', 0, 0, 'verified', '2026-01-20', 4, NULL),
       (12, 1, 1, 1, 'cb-2', 'open', 0, 0, NULL, NULL, 4, 1768440600000);
INSERT INTO answer (obligation, revision, content, grade, channel, at)
VALUES (11, 1, '{"answer":"received","promised":"2026-01-20"}', 'verified', 'link', 0);
INSERT INTO notice (document, revision, unit, kind, step, mailbox, message_id, priority, enqueued, delivery, send_at,
    tries, epoch)
VALUES (1, 1, 'cb-1', 'notice', '00', 'cb-1@example.vn', 'm1', 5, 0, 'queued', 0, 0, 0),
       (1, 1, 'cb-2', 'reminder', '04@2026-01-16', 'cb-2@example.vn', 'm2', 5, 0, 'queued', 1, 0, 0);
INSERT INTO hold (kind, source, external_id, document, unit, reason, opened)
VALUES ('declined', 'ioffice', '7', 1, 'cb-1', 'của chi bộ khác', 0);

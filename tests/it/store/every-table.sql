-- A row in every table but `meta` and `journal`, which the test fills through the store: absent values, empty texts,
-- the greatest and smallest numbers, texts whose order depends on who sorts, and bytes that are no text.
INSERT INTO document (id, source, external_id, registered, standing) VALUES
    (3, 'ioffice', '7', 1768438800000, 'in-force'), (9, 'ioffice', 'Ă-9', -1, 'replaced'), (10, 'vxp', 'a', 0, 'revoked'),
    (11, 'vxp', 'B', 0, 'removed'), (12, 'vxp', 'đ', 0, 'in-force'), (4294967299, 'vxp', '', 0, 'in-force');
INSERT INTO revision (id, document, number, fingerprint, symbol, content, registered, asked) VALUES
    (5, 3, 1, 'f', '', '{"subject":"V/v \"họp\"\n\\u0000"}', 0, NULL), (6, 3, 2, 'g', '16-KH/ĐUK', '{}', 1, 9223372036854775807),
    (7, 9, 1, 'h', 'x', '{}', 1, -9223372036854775808);
INSERT INTO raw (revision, content) VALUES (5, x'00ff0a27225c'), (6, x''), (7, zeroblob(300000));
INSERT INTO trace (revision, content) VALUES (5, '{"why":"😀"}');
INSERT INTO difference (revision, content) VALUES (6, '[]');
INSERT INTO duty (id, revision, content, again) VALUES (2, 5, '{}', NULL), (4, 6, '{}', 1);
INSERT INTO obligation (id, document, revision, duty, cell, task, state, opened, since, acknowledge_due, due, grade,
    promised, extension_asked, step, next_action, told, sequence) VALUES
    (21, 3, 5, 2, 'cb-1', '', 'withdrawn', 0, 1, NULL, NULL, NULL, NULL, NULL, 0, NULL, 0, 0),
    (22, 3, 6, 4, 'cb-1', 'ke-hoach/a', 'open', 0, 1, 2, 3, 'clicked', '2026-02-01', '2026-03-01', 65535, 4, 5, 6);
INSERT INTO notice (id, document, revision, unit, kind, step, mailbox, message_id, priority, enqueued, delivery, send_at,
    tries, epoch, instance, lease_until, sent_at, reply, about) VALUES
    (31, 3, 5, 'cb-1', 'notice', '00', 'a@example.vn', 'm1@v', 0, 0, 'sent', 1, 1, 1, 'i', NULL, 2, '250 Ok', NULL),
    (32, 3, 6, 'cb-1', 'digest', '2026-01-15', 'a@example.vn', 'm2@v', 255, 0, 'sending', 1, 1, 2, 'i', 3, NULL, NULL, '[[22,1]]'),
    (33, 3, 6, 'cb-1', 'chase', '01', 'a@example.vn', 'm3@v', 5, 0, 'held', 1, 0, 0, NULL, NULL, NULL, '', NULL);
INSERT INTO answer (id, obligation, revision, content, grade, channel, actor, reason, evidence, at) VALUES
    (41, 22, 6, '{}', 'staff', 'board', 'văn thư', NULL, '{}', 5);
INSERT INTO hold (id, kind, source, external_id, document, unit, task, reason, raw, opened, closed, decided) VALUES
    (51, 'reply', 'ioffice', '7', 3, 'cb-1', 'ke-hoach/a', 'lý do', x'0001', 0, NULL, NULL),
    (52, 'secret', 'vxp', 'x', NULL, NULL, NULL, '', NULL, 0, 1, 'dismiss');
INSERT INTO request (id, obligation, hold, kind, until, suggested, reason, asked, due, verdict, given, moved, actor, why,
    decided, told) VALUES (61, 22, 51, 'more-time', '2026-02-02', NULL, 'bận', 1, NULL, 'granted', '2026-02-02', 1, 'a', NULL, 2, 3);
INSERT INTO doubted (obligation, why, answer, evidence, first, last, presses, asked, ended) VALUES (22, 'w', '{}', '{}', 1, 2, 3, NULL, 4);
INSERT INTO respite (id, obligation, kind, author, reason, since, until, floor, ended) VALUES (71, 22, 'mute', 'a', 'r', 1, 2, 3, NULL);
INSERT INTO stepped (obligation, at, step, kind, recipient, unit) VALUES (22, 1, 2, 'remind', 'cell', 'cb-1'), (22, 1, 10, 'chase', 'parent', 'db-1');
INSERT INTO braked (document, hold, why, state) VALUES (3, 51, 'flood', 'released');
INSERT INTO passed (id, document, at, mails) VALUES (1, 3, 0, 221);
INSERT INTO bounced (notice, status, reason, at) VALUES (31, '5.1.1', 'không có', 9);
INSERT INTO outside (notice, mailbox) VALUES (33, 'a@example.vn');
INSERT INTO thread (document, unit, mailbox, topic, started, first) VALUES (3, 'cb-1', 'a@example.vn', 't', 1, 'm1@v');
INSERT INTO mailbox (address, health, since, days, reason, reported) VALUES ('a@example.vn', 'failing', 1, '["2026-01-15"]', '', 0);
INSERT INTO inbox (inbox, validity, uid, good, failing_since, error) VALUES ('thu', 4294967295, 1, NULL, 5, 'đứt');
INSERT INTO inbound (id, identity, inbox, validity, uid, away, kind, because, document, unit, notice, sender, text, raw, at) VALUES
    (81, '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'thu', 1, 2, 1, 'message', 'b', NULL, NULL, NULL, NULL, NULL, x'ff', 1);
INSERT INTO origin (id, document, source, external_id, organ, key, own, content, raw, seen) VALUES (91, 3, 'vxp', 'y', '', NULL, NULL, '{}', NULL, 0);
INSERT INTO waiting (id, source, external_id, organ, key, document, content, raw, arrived, ended) VALUES (92, 'vxp', 'z', '', NULL, NULL, '{}', x'00', 1, NULL);
INSERT INTO replacement (old, new) VALUES (9, 3);
INSERT INTO receipt (document, cell, source, received, seen) VALUES (3, 'cb-1', 'ioffice', 1, NULL);
INSERT INTO receipt_look (document, source, receivers, unmatched, at) VALUES (3, 'ioffice', 2, 1, 5);
INSERT INTO compared (source, external_id, found, overdue, overdue_since, missing) VALUES ('ioffice', '7', NULL, 1, 2, NULL);
INSERT INTO heard (source, external_id, document, content, heard) VALUES ('vxp', 'h', NULL, '{}', 1);
INSERT INTO status (id, document, source, external_id, code, occasion, key, description, author, reason, at, delivery, send_at,
    tries, epoch, instance, lease_until, sent_at, reply) VALUES
    (95, 3, 'ioffice', '7', '15', 'o', 'k', 'd', NULL, NULL, 1, 'sending', 1, 1, 1, 'i', 2, NULL, NULL);
INSERT INTO poll (source, watermark, started, good, failing_since, error, failures, not_before, rows_seen, newest, credentials,
    watch) VALUES ('ioffice', 1, 2, NULL, 3, 'lỗi', 4, NULL, 5, 6, 'c', NULL);
INSERT INTO reading (source, external_id, fingerprint, read_at, tries) VALUES ('ioffice', '7', NULL, 1, 2);
INSERT INTO acceptance (number, at, kind, edition, author, impact, detail) VALUES
    (1, 2, 'accepted', 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'a', NULL, '{}');
INSERT INTO edition_text (hash, content) VALUES ('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 'tệp');
INSERT INTO edition_file (edition, path, text) VALUES
    ('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'rules.d/10.toml', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc');
INSERT INTO bulletin (id, acceptance, news, at, state, force, mailbox, message_id, delivery, send_at, tries, sent_at, reply) VALUES
    (96, NULL, '{}', 1, 's', '', 'a@example.vn', 'b@v', 'queued', 1, 0, NULL, NULL), (97, 1, NULL, NULL, 't', 'f', 'a', 'c', 'sent', 1, 1, 2, 'r');
INSERT INTO round (name, day, made) VALUES ('weekly', '2026-01-15', 1);
INSERT INTO feed (cell, generation, renewed) VALUES ('cb-1', 2, 3);
INSERT INTO restoration (id, origin, taken, restored, author, position, last_obligation, floor_obligation, floor_document,
    floor_revision, floor_hold, released, releaser, reason) VALUES
    (1, 'vanthu-2026-01-15.db', NULL, 2, 'văn thư', 3, 22, 1000022, 10012, 10007, 10052, 4, 'văn thư', 'đã đối chiếu');
INSERT INTO recalled (id, line, place, kind, source, external_id, unit, content, at, applied) VALUES
    (1, 'aaaa', 0, 'answered', 'ioffice', '7', 'cb-1', '{}', 5, NULL), (2, 'aaaa', 1, 'other', '', '', '', '{"x":"đ"}', 5, 6);
INSERT INTO former (obligation, source, external_id, cell, task) VALUES (77, 'ioffice', '7', 'cb-1', '');
INSERT INTO lease (name, holder, epoch, until) VALUES ('chase', 'i', 9223372036854775807, 1);

-- How mails leave: what a conversation is known by, mails kept back because of where they would go, and the
-- times of those that left, from which rates are counted after a restart.

CREATE TABLE thread (
    document BIGINT NOT NULL REFERENCES document (id),
    unit     TEXT COLLATE "C" NOT NULL,
    mailbox  TEXT COLLATE "C" NOT NULL,
    topic    TEXT COLLATE "C" NOT NULL,    -- the subject line without "Re: ", as the first mail bore it
    started  BIGINT NOT NULL, -- the instant in the head of Thread-Index
    first    TEXT COLLATE "C" NOT NULL,    -- Message-ID of the first mail
    PRIMARY KEY (document, unit, mailbox)
);

-- A held notice whose domain is not on the office's list; one that is held for another reason has no row.
CREATE TABLE outside (
    notice  BIGINT PRIMARY KEY,
    mailbox TEXT COLLATE "C" NOT NULL
);

CREATE INDEX notice_sent ON notice (sent_at) WHERE delivery = 'sent';

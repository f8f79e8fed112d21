-- What sources show of the documents they delivered: who has looked at them, what they no longer have, what
-- they call overdue.

-- When a directive arrived at a cell in its source, and when it was first looked at there. No person, no
-- address: receivers that are no cell of ours are a number.
CREATE TABLE receipt (
    document BIGINT NOT NULL REFERENCES document (id),
    cell     TEXT COLLATE "C" NOT NULL,
    source   TEXT COLLATE "C" NOT NULL,
    received BIGINT,
    seen     BIGINT,
    PRIMARY KEY (document, cell, source)
);

CREATE TABLE receipt_look (
    document  BIGINT NOT NULL REFERENCES document (id),
    source    TEXT COLLATE "C" NOT NULL,
    receivers BIGINT NOT NULL CHECK (receivers >= 0),
    unmatched BIGINT NOT NULL CHECK (unmatched BETWEEN 0 AND receivers),
    at        BIGINT NOT NULL,
    PRIMARY KEY (document, source)
);

-- What the nightly comparison found; each instant is the beginning of a comparison.
CREATE TABLE compared (
    source        TEXT COLLATE "C" NOT NULL,
    external_id   TEXT COLLATE "C" NOT NULL,
    found         BIGINT, -- the last that found it; NULL: none did
    overdue       BIGINT, -- the last that found it among what is due or overdue
    overdue_since BIGINT, -- since when it has been among them; NULL: it is not
    missing       BIGINT, -- since when it has not been found; NULL: it is there
    PRIMARY KEY (source, external_id)
);

CREATE INDEX compared_differs ON compared (source, external_id)
WHERE missing IS NOT NULL OR overdue_since IS NOT NULL;

-- The journal tells of looks too.
ALTER TABLE journal DROP CONSTRAINT journal_kind_check, ADD CONSTRAINT journal_kind_check CHECK (kind IN
    ('registered', 'routed', 'enqueued', 'settled', 'answered', 'stepped', 'closed', 'held', 'released', 'seen'));

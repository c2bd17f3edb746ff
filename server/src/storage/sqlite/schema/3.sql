-- Version 3. Webhooks: who is told of a channel, and what is to be delivered.

CREATE TABLE webhooks (
    n           INTEGER PRIMARY KEY,
    sid         TEXT NOT NULL UNIQUE,
    channel     INTEGER NOT NULL REFERENCES channels (stream),
    type        TEXT NOT NULL,
    url         TEXT,
    method      TEXT NOT NULL,
    filters     TEXT NOT NULL,
    triggers    TEXT NOT NULL,
    flow_sid    TEXT,
    retry_count INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL
);
CREATE INDEX webhooks_channel ON webhooks (channel, n);

-- Deliveries of one target that go out one after the other, as long as there are any. Whoever knows
-- a number here or below must not meet another thing under it.
CREATE TABLE lanes (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    target  TEXT NOT NULL,
    name    TEXT NOT NULL,
    -- When its first is tried next.
    due     INTEGER NOT NULL,
    UNIQUE (target, name)
);
CREATE INDEX lanes_due ON lanes (target, due);

CREATE TABLE deliveries (
    n        INTEGER PRIMARY KEY AUTOINCREMENT,
    id       BLOB NOT NULL UNIQUE,
    -- A dead one is in none.
    lane     INTEGER REFERENCES lanes (id),
    account  TEXT NOT NULL,
    target   TEXT NOT NULL,
    name     TEXT NOT NULL,
    url      TEXT NOT NULL,
    method   TEXT NOT NULL,
    event    TEXT NOT NULL,
    fields   TEXT NOT NULL,
    -- What people wrote. It goes when what they wrote goes.
    text     TEXT NOT NULL,
    stamps   TEXT NOT NULL,
    message  TEXT,
    idx      INTEGER,
    ts       INTEGER NOT NULL,
    enqueued INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    died     INTEGER,
    error    TEXT
);
CREATE INDEX deliveries_lane ON deliveries (lane, n);
CREATE INDEX deliveries_name ON deliveries (name);
CREATE INDEX deliveries_message ON deliveries (message) WHERE message IS NOT NULL;

-- Version 1. Times are Unix milliseconds; JSON is text; ids are SIDs as text.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Every log: channels, users and queues alike. `head` is never lowered, so no position comes twice.
CREATE TABLE streams (
    id     INTEGER PRIMARY KEY,
    sid    TEXT NOT NULL UNIQUE,
    head   INTEGER NOT NULL,
    oldest INTEGER NOT NULL,
    ts     INTEGER NOT NULL,
    -- The number of the next message; channels alone have messages.
    next_index INTEGER NOT NULL
);

-- Here and in `messages` rows lie in the order they came in, whatever their stream: a commit that
-- says something in a hundred channels fills a few pages. Sorted by stream, it would write to a
-- page of each.
CREATE TABLE events (
    stream  INTEGER NOT NULL REFERENCES streams (id),
    seq     INTEGER NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (stream, seq)
);

-- What the streams fold into.

CREATE TABLE channels (
    stream      INTEGER PRIMARY KEY REFERENCES streams (id),
    account     TEXT NOT NULL,
    service     TEXT NOT NULL,
    unique_name TEXT,
    name        TEXT NOT NULL,
    type        TEXT NOT NULL,
    status      TEXT NOT NULL,
    created     INTEGER NOT NULL,
    created_by  TEXT NOT NULL,
    updated     INTEGER NOT NULL,
    attributes  TEXT NOT NULL,
    key         BLOB NOT NULL,
    UNIQUE (service, unique_name)
);
CREATE INDEX channels_service ON channels (service, stream);

CREATE TABLE members (
    channel    INTEGER NOT NULL REFERENCES channels (stream),
    identity   TEXT NOT NULL,
    sid        TEXT NOT NULL UNIQUE,
    joined     INTEGER NOT NULL,
    role       TEXT NOT NULL,
    -- What the account gave them in place of the service's default.
    role_sid   TEXT,
    name       TEXT NOT NULL,
    seen       INTEGER NOT NULL,
    read       INTEGER NOT NULL,
    read_at    INTEGER,
    muted      INTEGER NOT NULL,
    gone       INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    PRIMARY KEY (channel, identity)
) WITHOUT ROWID;
CREATE INDEX members_identity ON members (identity, channel) WHERE NOT gone;

CREATE TABLE invites (
    n          INTEGER PRIMARY KEY,
    sid        TEXT NOT NULL UNIQUE,
    channel    INTEGER NOT NULL REFERENCES channels (stream),
    identity   TEXT NOT NULL,
    role_sid   TEXT,
    created_by TEXT NOT NULL,
    created    INTEGER NOT NULL,
    UNIQUE (channel, identity)
);

CREATE TABLE messages (
    channel    INTEGER NOT NULL REFERENCES channels (stream),
    seq        INTEGER NOT NULL,
    idx        INTEGER NOT NULL,
    sid        TEXT NOT NULL,
    cid        BLOB,
    author     TEXT NOT NULL,
    body       TEXT NOT NULL,
    attributes TEXT NOT NULL,
    ts         INTEGER NOT NULL,
    edited     INTEGER,
    edited_by  TEXT,
    redacted   INTEGER NOT NULL,
    mac        BLOB,
    PRIMARY KEY (channel, seq)
);
CREATE INDEX messages_sid ON messages (channel, sid);
CREATE INDEX messages_redacted ON messages (channel) WHERE redacted;
CREATE UNIQUE INDEX messages_cid ON messages (channel, author, cid) WHERE cid IS NOT NULL;

CREATE TABLE tasks (
    sid        TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    queue      TEXT NOT NULL,
    channel    TEXT NOT NULL,
    opened     INTEGER NOT NULL,
    status     TEXT NOT NULL,
    name       TEXT NOT NULL,
    created    INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    agent      TEXT,
    attributes TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX tasks_queue ON tasks (queue, status, opened);
CREATE INDEX tasks_channel ON tasks (channel, opened);

-- How a chat was opened, for programs.
CREATE TABLE engagements (
    n        INTEGER PRIMARY KEY,
    channel  TEXT NOT NULL UNIQUE,
    account  TEXT NOT NULL,
    flow     TEXT NOT NULL,
    identity TEXT NOT NULL,
    task     TEXT NOT NULL
);
CREATE INDEX engagements_account ON engagements (account, n);

CREATE TABLE memberships (
    user    TEXT NOT NULL,
    channel TEXT NOT NULL,
    since   INTEGER NOT NULL,
    PRIMARY KEY (user, channel)
) WITHOUT ROWID;

-- The directory.

CREATE TABLE accounts (
    sid        TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    auth_token TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE api_keys (
    sid     TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (sid),
    name    TEXT NOT NULL,
    secret  TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE services (
    n        INTEGER PRIMARY KEY,
    sid      TEXT NOT NULL UNIQUE,
    account  TEXT NOT NULL REFERENCES accounts (sid),
    name     TEXT NOT NULL,
    settings TEXT NOT NULL,
    created  INTEGER NOT NULL,
    updated  INTEGER NOT NULL
);
CREATE INDEX services_account ON services (account, n);

CREATE TABLE roles (
    n           INTEGER PRIMARY KEY,
    sid         TEXT NOT NULL UNIQUE,
    service     TEXT NOT NULL REFERENCES services (sid),
    name        TEXT NOT NULL,
    type        TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL
);
CREATE INDEX roles_service ON roles (service, n);

CREATE TABLE queues (
    sid     TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (sid),
    name    TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE flows (
    n           INTEGER PRIMARY KEY,
    sid         TEXT NOT NULL UNIQUE,
    account     TEXT NOT NULL REFERENCES accounts (sid),
    service     TEXT NOT NULL REFERENCES services (sid),
    name        TEXT NOT NULL,
    enabled     INTEGER NOT NULL,
    integration TEXT NOT NULL,
    settings    TEXT NOT NULL,
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL
);
CREATE INDEX flows_account ON flows (account, n);

CREATE TABLE sites (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (sid),
    flow    TEXT NOT NULL REFERENCES flows (sid),
    origins TEXT NOT NULL,
    profile TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE users (
    n          INTEGER PRIMARY KEY,
    sid        TEXT NOT NULL UNIQUE,
    account    TEXT NOT NULL REFERENCES accounts (sid),
    identity   TEXT NOT NULL,
    name       TEXT NOT NULL,
    role_sid   TEXT,
    created    INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    UNIQUE (account, identity)
);
CREATE INDEX users_account ON users (account, n);

CREATE TABLE agents (
    account       TEXT NOT NULL REFERENCES accounts (sid),
    identity      TEXT NOT NULL,
    name          TEXT NOT NULL,
    user          TEXT NOT NULL REFERENCES users (sid),
    queue         TEXT NOT NULL REFERENCES queues (sid),
    password_hash TEXT NOT NULL,
    enabled       INTEGER NOT NULL,
    PRIMARY KEY (account, identity)
) WITHOUT ROWID;
CREATE INDEX agents_identity ON agents (identity);

CREATE TABLE sessions (
    id_hash  BLOB PRIMARY KEY,
    account  TEXT NOT NULL,
    identity TEXT NOT NULL,
    expires  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE idempotency (
    account      TEXT NOT NULL,
    identity     TEXT NOT NULL,
    key          TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    channel      TEXT NOT NULL,
    PRIMARY KEY (account, identity, key)
) WITHOUT ROWID;

CREATE TABLE families (
    id         BLOB PRIMARY KEY,
    account    TEXT NOT NULL,
    identity   TEXT NOT NULL,
    generation INTEGER NOT NULL,
    advanced   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE family_secrets (
    hash       BLOB PRIMARY KEY,
    family     BLOB NOT NULL REFERENCES families (id),
    generation INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX family_secrets_family ON family_secrets (family, generation);

-- Any family may be revoked, one that is not kept (an agent's sign-in) too.
CREATE TABLE revocations (
    family BLOB PRIMARY KEY,
    at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX revocations_at ON revocations (at);

CREATE TABLE signing_keys (
    kid     TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    secret  BLOB NOT NULL,
    created INTEGER NOT NULL
) WITHOUT ROWID;

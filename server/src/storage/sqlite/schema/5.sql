-- Files beside messages. The file itself is not here: it lies beside the database, under its SID.

CREATE TABLE media (
    sid          TEXT PRIMARY KEY,
    account      TEXT NOT NULL,
    service      TEXT NOT NULL,
    -- Who brought it; nobody is the account itself.
    owner        TEXT,
    content_type TEXT NOT NULL,
    filename     TEXT,
    size_bytes   INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    -- The message it stands beside, once it is said.
    channel      INTEGER REFERENCES channels (stream),
    seq          INTEGER
) WITHOUT ROWID;
CREATE INDEX media_account ON media (account, owner, created);
CREATE INDEX media_channel ON media (channel, seq) WHERE channel IS NOT NULL;
CREATE INDEX media_unsaid ON media (created) WHERE channel IS NULL;

-- Files that nobody may have any more, until they are off the disk.
CREATE TABLE erased_media (
    sid TEXT PRIMARY KEY
) WITHOUT ROWID;

-- What a reader of the message is told of its file, as JSON: most messages have none, and none is
-- read twice for it.
ALTER TABLE messages ADD COLUMN media TEXT;

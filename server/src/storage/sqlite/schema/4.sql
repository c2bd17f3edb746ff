-- Version 4. API keys are listed in the order they were made, with when that was. Of those that are
-- there already nobody knows it: now.

ALTER TABLE api_keys RENAME TO old_api_keys;
CREATE TABLE api_keys (
    n       INTEGER PRIMARY KEY,
    sid     TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (sid),
    name    TEXT NOT NULL,
    secret  TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);
CREATE INDEX api_keys_account ON api_keys (account, n);
INSERT INTO api_keys (sid, account, name, secret, created, updated)
    SELECT sid, account, name, secret, unixepoch() * 1000, unixepoch() * 1000
    FROM old_api_keys ORDER BY sid;
DROP TABLE old_api_keys;

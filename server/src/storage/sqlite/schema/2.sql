-- Version 2. A message is looked up by its SID by programs alone, and mostly one that a program
-- said. Those have no `cid`. An index of all of them cost every message a page of its own: random
-- keys never share one. A visitor's message is found by reading its channel.

DROP INDEX messages_sid;
CREATE INDEX messages_sid ON messages (channel, sid) WHERE cid IS NULL;

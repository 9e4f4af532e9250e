-- The log. It only grows: rows are never changed or removed.
CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,            -- microseconds since 1970, UTC
    kind TEXT NOT NULL,
    body TEXT NOT NULL,             -- the whole event as JSON
    once_key TEXT UNIQUE,           -- the sender's idempotency key
    once_request TEXT               -- hash of the request that came with it
) STRICT;

CREATE INDEX events_at ON events (at);

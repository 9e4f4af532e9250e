-- What events are looked up by stands in columns, and in no path into the JSON: who, about what, and
-- which words. Damaged events have none of it.
ALTER TABLE events ADD COLUMN actor TEXT;
ALTER TABLE events ADD COLUMN receipt TEXT;
ALTER TABLE events ADD COLUMN text_hash TEXT;
UPDATE events SET
    actor = json_extract(body, '$.actor'),
    receipt = json_extract(body, '$.receipt'),
    text_hash = CASE WHEN kind = 'asked' THEN json_extract(body, '$.text_hash') END
WHERE json_valid(body);
DROP INDEX events_at;
DROP INDEX events_conversation;
DROP INDEX events_calls;
DROP INDEX events_approvals;
DROP INDEX events_recent;
DROP INDEX events_wishes;
DROP INDEX events_wished;
DROP INDEX events_words;
CREATE INDEX events_actor ON events (actor, kind, number) WHERE actor IS NOT NULL;
CREATE INDEX events_conversation ON events (conversation, kind, number)
    WHERE conversation IS NOT NULL;
CREATE INDEX events_receipt ON events (receipt, kind, number) WHERE receipt IS NOT NULL;
CREATE INDEX events_text ON events (text_hash, actor, kind, number) WHERE text_hash IS NOT NULL;
CREATE INDEX events_kind ON events (kind, at);

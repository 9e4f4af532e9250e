-- Which conversation an event belongs to, to find what was shown in it.
ALTER TABLE events ADD COLUMN conversation TEXT;
CREATE INDEX events_conversation ON events (conversation) WHERE conversation IS NOT NULL;

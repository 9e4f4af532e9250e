-- What a rep asked last stands on each of their pages.
CREATE INDEX events_recent ON events (json_extract(body, '$.actor'), number)
    WHERE kind IN ('asked', 'answered', 'price_shown');

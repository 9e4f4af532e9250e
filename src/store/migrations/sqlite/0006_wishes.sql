-- What a rep waits for is looked up for each of their pages, whatever the length of the log.
CREATE INDEX events_wishes ON events (json_extract(body, '$.actor'), number)
    WHERE kind = 'wished';
CREATE INDEX events_wished ON events (json_extract(body, '$.receipt')) WHERE kind = 'wished';
CREATE INDEX events_words ON events (json_extract(body, '$.text_hash'), number)
    WHERE kind = 'asked';

-- A part of the log is listed by time, and by what it is filtered for; figures are kept by day.
ALTER TABLE events ADD COLUMN platform TEXT;
ALTER TABLE events ADD COLUMN mark TEXT;
ALTER TABLE events ADD COLUMN channel TEXT;
ALTER TABLE events ADD COLUMN benefit TEXT;
UPDATE events SET
    platform = json_extract(body, '$.platform'),
    mark = CASE WHEN kind = 'marked' THEN json_extract(body, '$.mark') END,
    channel = CASE WHEN kind = 'recommended' THEN json_extract(body, '$.channel') END,
    benefit = CASE WHEN kind = 'recommended' THEN json_extract(body, '$.benefit') END
WHERE json_valid(body);
CREATE INDEX events_at ON events (at, number, platform);
CREATE INDEX events_mark ON events (mark, at) WHERE mark IS NOT NULL;
CREATE INDEX events_channel ON events (channel, at) WHERE channel IS NOT NULL;
CREATE INDEX events_benefit ON events (benefit, at) WHERE benefit IS NOT NULL;

-- The cards that an event is about. A question is about what answered it first, a recommendation
-- about the cards of its answer.
CREATE TABLE event_cards (
    card_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (card_id, at, number)
) WITHOUT ROWID, STRICT;
INSERT OR IGNORE INTO event_cards
    SELECT card.value, answer.at, answer.number
    FROM events AS answer, json_each(answer.body, '$.card_ids') AS card
    WHERE answer.kind = 'answered' AND json_valid(answer.body);
INSERT OR IGNORE INTO event_cards
    SELECT card.value, question.at, question.number
    FROM events AS answer
    JOIN events AS question ON question.number = answer.number - 1,
        json_each(answer.body, '$.card_ids') AS card
    WHERE answer.kind = 'answered' AND json_valid(answer.body) AND question.kind = 'asked'
        AND question.id = json_extract(answer.body, '$.question');
INSERT OR IGNORE INTO event_cards
    SELECT json_extract(body, '$.card_id'), at, number FROM events
    WHERE kind = 'marked' AND json_valid(body);
INSERT OR IGNORE INTO event_cards
    SELECT card.value, about.at, about.number
    FROM events AS about
    JOIN events AS answer ON answer.id = about.receipt,
        json_each(answer.body, '$.card_ids') AS card
    WHERE about.kind IN ('recommended', 'wished') AND answer.kind = 'answered'
        AND json_valid(answer.body);

-- What is counted of the log, by day, up to some event. It can be made anew at any time.
CREATE TABLE rollups (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE rollups_up_to (
    version INTEGER NOT NULL,
    last INTEGER NOT NULL
) STRICT;

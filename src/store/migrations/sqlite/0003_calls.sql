-- Whether somebody is in a call is asked before each of their questions.
CREATE INDEX events_calls ON events (json_extract(body, '$.actor'), number)
    WHERE kind IN ('call_started', 'call_ended');

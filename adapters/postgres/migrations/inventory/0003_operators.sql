-- What operators look for: dead letters, which are few among many rows, by the order in which they came.

CREATE INDEX outbox_events_letters ON outbox_events (seq) WHERE type = 'DeadLetter';

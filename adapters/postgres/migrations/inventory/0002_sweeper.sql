-- What the sweeper looks for: sent rows and dedupe rows by their age.

-- Rows that were sent before this column was there have none; the service takes created_at in its place.
ALTER TABLE outbox_events ADD COLUMN sent_at timestamptz;
COMMENT ON COLUMN outbox_events.sent_at IS 'when the row was marked as sent: its retention counts from then';
CREATE INDEX outbox_events_sent ON outbox_events (coalesce(sent_at, created_at)) WHERE sent_offset IS NOT NULL;
CREATE INDEX processed_events_age ON processed_events (at);

-- One row once something was deleted: what is older than this may be missing, and whoever checks must not count on it.
CREATE TABLE swept (
  id     integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  before timestamptz NOT NULL
);

-- What is append-only, and whatever else an order or a reservation has, stays out of its reach.
GRANT DELETE ON processed_events, outbox_events TO quickbite_inventory;
GRANT UPDATE (sent_at) ON outbox_events TO quickbite_inventory;
GRANT SELECT, INSERT, UPDATE ON swept TO quickbite_inventory;

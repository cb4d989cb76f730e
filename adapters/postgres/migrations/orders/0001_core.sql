-- Orders' own tables. Run as the database's owner; the service's role quickbite_orders has no DDL rights.
-- Text that is compared is COLLATE "C", so that PostgreSQL sorts it as the services do: by bytes.

CREATE TABLE orders (
  id           uuid PRIMARY KEY,
  user_id      text COLLATE "C" NOT NULL,
  skus         text[] COLLATE "C" NOT NULL,
  quantities   bigint[] NOT NULL,
  status       text NOT NULL CHECK (status IN ('PENDING', 'CONFIRMED', 'CANCELLED')),
  reason       text CHECK (reason IN ('CUSTOMER', 'EXPIRED', 'OUT_OF_STOCK', 'UNKNOWN_SKU', 'UNKNOWN_ORDER')),
  version      bigint NOT NULL CHECK (version >= 1),
  created_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  deadline     timestamptz NOT NULL,
  request_hash uuid NOT NULL,
  CONSTRAINT orders_user_id_length CHECK (octet_length(user_id) BETWEEN 1 AND 64),
  CONSTRAINT orders_lines CHECK (cardinality(skus) >= 1 AND cardinality(skus) = cardinality(quantities)),
  CONSTRAINT orders_reason_when_cancelled CHECK ((status = 'CANCELLED') = (reason IS NOT NULL))
) WITH (fillfactor = 80);  -- an order is updated about once: the new row version finds room beside the old one
COMMENT ON COLUMN orders.skus IS 'the lines: quantities[i] of skus[i]';

-- The list of a user's orders, newest first.
CREATE INDEX orders_by_user ON orders (user_id, created_at DESC, id DESC);

-- Every transition of every order; append-only.
CREATE TABLE order_history (
  order_id      uuid NOT NULL,
  version       bigint NOT NULL CHECK (version >= 1),
  status_before text CHECK (status_before IN ('PENDING', 'CONFIRMED', 'CANCELLED')),
  status_after  text NOT NULL CHECK (status_after IN ('PENDING', 'CONFIRMED', 'CANCELLED')),
  reason        text CHECK (reason IN ('CUSTOMER', 'EXPIRED', 'OUT_OF_STOCK', 'UNKNOWN_SKU', 'UNKNOWN_ORDER')),
  cause         uuid NOT NULL,
  at            timestamptz NOT NULL,
  PRIMARY KEY (order_id, version)
);
COMMENT ON COLUMN order_history.cause IS 'the event that was applied, or that announces what a customer asked';

-- One row for each handled record, under its event id or its dead letter's id.
CREATE TABLE processed_events (
  event_id        uuid PRIMARY KEY,
  topic           text NOT NULL,
  kafka_partition integer NOT NULL,
  kafka_offset    bigint NOT NULL,
  handled         text NOT NULL CHECK (handled IN ('APPLIED', 'IGNORED', 'DEAD_LETTERED')),
  at              timestamptz NOT NULL
);

-- What is to be published. seq grows, has gaps, and becomes visible out of order; nobody may poll for "seq > last".
-- A dead letter keeps the key and headers of the record that it was, whatever their bytes: hence bytea.
CREATE TABLE outbox_events (
  event_id       uuid PRIMARY KEY,
  seq            bigint GENERATED ALWAYS AS IDENTITY,
  shard          integer NOT NULL,
  topic          text NOT NULL,
  key            bytea,
  type           text NOT NULL,
  payload        bytea NOT NULL,
  header_names   bytea[] NOT NULL,
  header_values  bytea[] NOT NULL,
  created_at     timestamptz NOT NULL,
  sent_partition integer,
  sent_offset    bigint,
  parked         boolean NOT NULL DEFAULT false,
  CONSTRAINT outbox_headers CHECK (cardinality(header_names) = cardinality(header_values)),
  CONSTRAINT outbox_sent_whole CHECK ((sent_partition IS NULL) = (sent_offset IS NULL))
);
COMMENT ON COLUMN outbox_events.parked IS 'undeliverable: waits, with its key, for an operator';

-- What the relay reads, and by which it marks; a row leaves it when it is sent.
CREATE UNIQUE INDEX outbox_events_unsent ON outbox_events (seq) WHERE sent_offset IS NULL;
CREATE INDEX outbox_events_parked ON outbox_events (key, seq) WHERE parked AND sent_offset IS NULL;

-- The service reads and adds; it changes only what may change, and nothing of what is append-only.
GRANT USAGE ON SCHEMA public TO quickbite_orders;
GRANT SELECT ON schema_migrations TO quickbite_orders;
GRANT SELECT, INSERT ON orders, order_history, processed_events, outbox_events TO quickbite_orders;
GRANT UPDATE (status, reason, version, updated_at) ON orders TO quickbite_orders;
GRANT UPDATE (sent_partition, sent_offset, parked) ON outbox_events TO quickbite_orders;

-- Inventory's own tables. Run as the database's owner; the service's role quickbite_inventory has no DDL rights.
-- Text that is compared is COLLATE "C", so that PostgreSQL sorts it as the services do: by bytes.

CREATE TABLE stock (
  sku       text COLLATE "C" PRIMARY KEY,
  available bigint NOT NULL CONSTRAINT stock_available_not_negative CHECK (available >= 0),
  reserved  bigint NOT NULL CONSTRAINT stock_reserved_not_negative CHECK (reserved >= 0),
  CONSTRAINT stock_sku_length CHECK (octet_length(sku) BETWEEN 1 AND 64)
) WITH (fillfactor = 20);  -- few rows, updated all the time: leave each page room for many row versions

-- At most one an order, never swept; a TOMBSTONE, of an order cancelled before it was seen, has no lines.
CREATE TABLE reservations (
  order_id   uuid PRIMARY KEY,
  skus       text[] COLLATE "C" NOT NULL,
  quantities bigint[] NOT NULL,
  state      text NOT NULL CHECK (state IN ('RESERVED', 'REJECTED', 'RELEASED', 'TOMBSTONE')),
  updated_at timestamptz NOT NULL,
  CONSTRAINT reservations_lines CHECK (cardinality(skus) = cardinality(quantities)),
  CONSTRAINT reservations_tombstone_has_no_lines CHECK (state <> 'TOMBSTONE' OR cardinality(skus) = 0)
);
COMMENT ON COLUMN reservations.skus IS 'the lines: quantities[i] of skus[i]';

-- Every change of every SKU's stock; append-only. The kind says whither the quantity went.
CREATE TABLE stock_movements (
  cause    uuid NOT NULL,
  sku      text COLLATE "C" NOT NULL,
  kind     text NOT NULL CHECK (kind IN ('SEED', 'RESTOCK', 'RESERVE', 'RELEASE')),
  quantity bigint NOT NULL,
  order_id uuid,
  at       timestamptz NOT NULL,
  PRIMARY KEY (cause, sku),
  CONSTRAINT stock_movements_quantity CHECK (quantity > 0 OR (kind = 'SEED' AND quantity = 0)),
  CONSTRAINT stock_movements_order CHECK ((kind IN ('RESERVE', 'RELEASE')) = (order_id IS NOT NULL))
);
COMMENT ON COLUMN stock_movements.cause IS 'the event that was applied; of a SEED or RESTOCK the unique id of the act';

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
GRANT USAGE ON SCHEMA public TO quickbite_inventory;
GRANT SELECT ON schema_migrations TO quickbite_inventory;
GRANT SELECT, INSERT ON stock, reservations, stock_movements, processed_events, outbox_events TO quickbite_inventory;
GRANT UPDATE (available, reserved) ON stock TO quickbite_inventory;
GRANT UPDATE (state, updated_at) ON reservations TO quickbite_inventory;
GRANT UPDATE (sent_partition, sent_offset, parked) ON outbox_events TO quickbite_inventory;

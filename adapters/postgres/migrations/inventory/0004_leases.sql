-- Which relay sends the rows of which shard of the outbox: a shard is claimed by an epoch, and an epoch is a relay's lease, under
-- the name of its replica, until an instant by this server's clock.

CREATE TABLE outbox_leases (
  epoch bigint PRIMARY KEY CHECK (epoch >= 1),
  owner text COLLATE "C" NOT NULL,
  until timestamptz NOT NULL
);

CREATE TABLE outbox_claims (
  shard integer PRIMARY KEY,
  epoch bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON COLUMN outbox_claims.epoch IS '0, or an epoch without a lease, or one whose lease has ended: free';

-- 16 shards of orders' keys, and the dead letters'.
INSERT INTO outbox_claims (shard) SELECT generate_series(0, 16);

GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_leases TO quickbite_inventory;
GRANT SELECT, UPDATE (epoch) ON outbox_claims TO quickbite_inventory;

#include "adapters/postgres/leases.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/binary.h"
#include "adapters/postgres/reading.h"

namespace quickbite::postgres {
namespace {

// Whoever renews holds all of these rows: one at a time.
const Statement& claims_statement() {
  static const Statement statement{"claims", "SELECT shard, epoch FROM outbox_claims ORDER BY shard FOR UPDATE"};
  return statement;
}

// Statements of their own, after the wait for the locks: they see what the one before has written, and what time it is by then.
const Statement& leases_statement() {
  static const Statement statement{
      "leases", absl::StrCat("SELECT epoch, owner, ", microseconds_of("until"), " FROM outbox_leases ORDER BY epoch")};
  return statement;
}
const Statement& clock_statement() {
  static const Statement statement{"clock", absl::StrCat("SELECT ", microseconds_of("clock_timestamp()"))};
  return statement;
}

const Statement& write_statement() {
  static const Statement statement{
      "renew",
      "WITH gone AS (DELETE FROM outbox_leases WHERE epoch = ANY ($1::bigint[])),"
      " mine AS (INSERT INTO outbox_leases (epoch, owner, until)"
      "  SELECT * FROM unnest($2::bigint[], $3::text[], $4::timestamptz[])"
      "  ON CONFLICT (epoch) DO UPDATE SET until = excluded.until)"
      " UPDATE outbox_claims c SET epoch = n.epoch"
      " FROM unnest($5::int[], $6::bigint[]) AS n (shard, epoch)"
      " WHERE c.shard = n.shard AND c.epoch <> n.epoch"};
  return statement;
}

LeaseTables read_tables(Connection& connection) {
  LeaseTables tables;
  for (const pqxx::row& row : connection.run(claims_statement(), {})) {
    RowReader read(row);
    const std::int64_t shard = read.integer();
    if (shard < 0 || shard >= kAllShards) throw UnreadableRow(absl::StrCat("outbox_claims has a shard ", shard));
    tables.claims[static_cast<std::size_t>(shard)] = Epoch(read.integer());
  }
  for (const pqxx::row& row : connection.run(leases_statement(), {})) {
    RowReader read(row);
    const Epoch epoch(read.integer());
    const std::string owner(read.text());
    tables.leases.insert(epoch, {owner, read.instant()});
  }
  return tables;
}

Instant read_clock(Connection& connection) {
  const pqxx::result result = connection.run(clock_statement(), {});
  const pqxx::row row = result.at(0);
  return RowReader(row).instant();
}

void write_tables(Connection& connection, const LeaseTables& before, const LeaseTables& tables, Epoch mine) {
  std::vector<Epoch> gone;
  for (const auto& [epoch, row] : before.leases) {
    if (!tables.leases.contains(epoch)) gone.push_back(epoch);
  }
  std::vector<std::int32_t> shards;
  for (std::int32_t shard = 0; shard < kAllShards; ++shard) shards.push_back(shard);
  const LeaseRow& row = *tables.leases.find(mine);
  const std::array<const LeaseRow*, 1> one{&row};
  connection.run(write_statement(),
                 {array_of(gone, [](Epoch epoch) { return epoch.value; }),
                  array_of(one, [&](const LeaseRow*) { return mine.value; }),
                  array_of(one, [](const LeaseRow* lease) { return std::string_view(lease->owner); }),
                  array_of(one, [](const LeaseRow* lease) { return lease->until; }),
                  array_of(shards, [](std::int32_t shard) { return shard; }),
                  array_of(tables.claims, [](Epoch epoch) { return epoch.value; })});
}

}  // namespace

Lease renew_lease(Connection& connection, const Renewal& renewal) {
  connection.run("SET LOCAL synchronous_commit = on");
  const LeaseTables before = read_tables(connection);
  LeaseTables tables = before;
  const Lease lease = renew(tables, renewal, read_clock(connection));
  write_tables(connection, before, tables, lease.epoch);
  return lease;
}

void end_leases(Connection& connection) {
  connection.run("SET LOCAL synchronous_commit = on");
  const LeaseTables before = read_tables(connection);
  LeaseTables tables = before;
  const Epoch last = end_all(tables, read_clock(connection));
  write_tables(connection, before, tables, last);
}

}  // namespace quickbite::postgres

#include "domain/port/lease.h"

#include <algorithm>
#include <optional>

namespace quickbite {
namespace {

bool lives(const LeaseTables& tables, Epoch epoch, Instant now) {
  const LeaseRow* row = tables.leases.find(epoch);
  return row != nullptr && row->until > now;
}

Epoch newest(const LeaseTables& tables) {
  return tables.leases.empty() ? Epoch{} : (tables.leases.end() - 1)->first;
}

std::int32_t count(const LeaseTables& tables, Epoch epoch) {
  return static_cast<std::int32_t>(std::count(tables.claims.begin(), tables.claims.end(), epoch));
}

// Afterwards the renewer's lease is there, and its only one; of those that have ended only the newest is left.
Epoch begin_or_go_on(LeaseTables& tables, const Renewal& renewal, Instant now) {
  Epoch mine = renewal.epoch;
  const LeaseRow* known = tables.leases.find(mine);
  if (known == nullptr || known->owner != renewal.owner) {
    mine = Epoch{newest(tables).value + 1};
    tables.leases.insert(mine, {renewal.owner, now});
  }
  std::vector<Epoch> gone;
  for (const auto& [epoch, row] : tables.leases) {
    const bool ended = row.until <= now || row.owner == renewal.owner;
    if (!ended || epoch == mine || epoch == newest(tables)) continue;
    gone.push_back(epoch);
    if (row.owner == renewal.owner) std::replace(tables.claims.begin(), tables.claims.end(), epoch, Epoch{});
  }
  for (const Epoch epoch : gone) tables.leases.erase(epoch);
  return mine;
}

// The lease that lives with the fewest shards, if they are fewer than `share`; the oldest of several.
std::optional<Epoch> poorest(const LeaseTables& tables, std::int32_t share, Instant now) {
  std::optional<Epoch> found;
  std::int32_t least = share;
  for (const auto& [epoch, row] : tables.leases) {
    if (!lives(tables, epoch, now) || count(tables, epoch) >= least) continue;
    least = count(tables, epoch);
    found = epoch;
  }
  return found;
}

}  // namespace

Lease renew(LeaseTables& tables, const Renewal& renewal, Instant now) {
  Lease lease;
  lease.epoch = begin_or_go_on(tables, renewal, now);
  const Epoch mine = lease.epoch;
  LeaseRow& row = *tables.leases.find(mine);
  row = {renewal.owner, now + renewal.duration};
  if (row.until <= now) return lease;

  std::int32_t alive = 0;
  lease.again = microseconds(renewal.duration.us / 3);
  for (const auto& [epoch, other] : tables.leases) {
    if (!lives(tables, epoch, now)) continue;
    ++alive;
    if (epoch != mine) lease.again = std::min(lease.again, other.until - now);
  }
  const std::int32_t share = (kAllShards + alive - 1) / alive;
  lease.shards = count(tables, mine);
  for (Epoch& claim : tables.claims) {
    if (lease.shards >= share) break;
    if (lives(tables, claim, now)) continue;
    if (claim != Epoch{}) ++lease.taken;
    claim = mine;
    ++lease.shards;
  }
  for (Epoch& claim : tables.claims) {
    if (lease.shards <= share) break;
    if (claim != mine) continue;
    const auto other = poorest(tables, share, now);
    if (!other) break;
    claim = *other;
    --lease.shards;
    ++lease.given;
  }
  return lease;
}

Epoch end_all(LeaseTables& tables, Instant now) {
  const Epoch last{newest(tables).value + 1};
  tables.leases = {};
  tables.leases.insert(last, {"", now});
  std::fill(tables.claims.begin(), tables.claims.end(), Epoch{});
  return last;
}

}  // namespace quickbite

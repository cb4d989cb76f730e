// Leases: which relay sends the rows of which shard of the outbox.
//
// A relay holds a lease: an epoch, under its name, until an instant by the database's clock. A shard is claimed by one epoch. Who
// renews takes its fair share of what nobody who lives claims, and hands over what it has too much of, so that nothing lies
// idle in between. What is marked under an epoch that does not claim the shard any more is not marked (`MarkOutbox`): a relay
// that wakes up late changes nothing.
//
// The rules are one function, which the simulated ledger and PostgreSQL's adapter both call, each while nobody else renews.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/strong.h"
#include "domain/base/time.h"
#include "domain/port/rows.h"

namespace quickbite {

// Of a lease: from 1, never given twice; 0 is nobody's.
using Epoch = Strong<struct EpochTag, std::int64_t>;

struct LeaseRow {
  std::string owner;  // a replica's own name: it may come back under it and find what it held
  Instant until;

  auto fields() const { return std::tie(owner, until); }
  friend bool operator==(const LeaseRow& a, const LeaseRow& b) { return a.fields() == b.fields(); }
};

struct LeaseTables {
  FlatMap<Epoch, LeaseRow> leases;  // those that live, some that have ended, and always the newest, whose epoch is the last
  std::vector<Epoch> claims = std::vector<Epoch>(static_cast<std::size_t>(kAllShards));  // by shard

  auto fields() const { return std::tie(leases, claims); }
  friend bool operator==(const LeaseTables& a, const LeaseTables& b) { return a.fields() == b.fields(); }
  Epoch claim_of(Shard shard) const { return claims[static_cast<std::size_t>(shard.value)]; }
};

struct Renewal {
  std::string owner;
  Epoch epoch;        // of the owner's lease; 0, or one that is gone: it begins a new one, and its former ones end
  Duration duration;  // from now on; 0: it ends, and whatever it claims is free
  auto fields() const { return std::tie(owner, epoch, duration); }
};

struct Lease {
  Epoch epoch;
  std::int32_t shards = 0;  // that it claims
  std::int32_t taken = 0;   // of those, the ones that another's lease left behind when it ended
  std::int32_t given = 0;   // that it handed over to others
  Duration again;           // renew after so long: a third of the lease, or as soon as another's ends if that is not renewed
  auto fields() const { return std::tie(epoch, shards, taken, given, again); }
};

// A fair share is the number of shards by that of the leases that live, rounded up.
Lease renew(LeaseTables& tables, const Renewal& renewal, Instant now);

// Every lease is gone and every shard free, so that no mark counts of what was read before now; who renews begins a new lease.
// The newest epoch afterwards, of a lease that has ended: the only one that is there.
Epoch end_all(LeaseTables& tables, Instant now);

}  // namespace quickbite

#include "domain/port/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace quickbite {
namespace {

using testing::Each;

constexpr Duration kLease = seconds(9);
constexpr Instant kNow{seconds(1000).us};

// A relay's side of it: it knows its epoch.
struct Holder {
  std::string owner;
  Epoch epoch;

  Lease renew(LeaseTables& tables, Instant now, Duration duration = kLease) {
    const Lease lease = quickbite::renew(tables, {owner, epoch, duration}, now);
    epoch = lease.epoch;
    return lease;
  }
};

std::int64_t claimed(const LeaseTables& tables, const Holder& holder) {
  return std::count(tables.claims.begin(), tables.claims.end(), holder.epoch);
}

TEST(Lease, TheOnlyRelayClaimsEverything) {
  LeaseTables tables;
  Holder a{"a", {}};
  const Lease lease = a.renew(tables, kNow);
  EXPECT_EQ(lease.epoch, Epoch(1));
  EXPECT_EQ(lease.shards, kAllShards);
  EXPECT_EQ(lease.taken, 0);
  EXPECT_EQ(lease.again, seconds(3));
  EXPECT_THAT(tables.claims, Each(Epoch(1)));
  EXPECT_EQ(tables.leases.find(Epoch(1))->until, kNow + kLease);
}

TEST(Lease, RenewingItChangesNothingButItsEnd) {
  LeaseTables tables;
  Holder a{"a", {}};
  a.renew(tables, kNow);
  const auto claims = tables.claims;
  EXPECT_EQ(a.renew(tables, kNow + seconds(3)).epoch, Epoch(1));
  EXPECT_EQ(tables.claims, claims);
  EXPECT_EQ(tables.leases.find(Epoch(1))->until, kNow + seconds(3) + kLease);
}

TEST(Lease, WhereAllAreEndedWhoeverRenewsIsUnderANewEpoch) {
  LeaseTables tables;
  Holder a{"a", {}};
  Holder b{"b", {}};
  a.renew(tables, kNow);
  b.renew(tables, kNow);
  const Epoch before = b.epoch;
  EXPECT_EQ(end_all(tables, kNow), Epoch(before.value + 1));
  EXPECT_THAT(tables.claims, Each(Epoch{}));
  EXPECT_EQ(a.renew(tables, kNow).epoch, Epoch(before.value + 2)) << "though it was to renew the one that it had";
  EXPECT_EQ(claimed(tables, a), kAllShards);
  EXPECT_EQ(b.renew(tables, kNow).epoch, Epoch(before.value + 3));
}

TEST(Lease, ASecondRelayIsHandedItsShareWhenTheFirstRenews) {
  LeaseTables tables;
  Holder a{"a", {}};
  Holder b{"b", {}};
  a.renew(tables, kNow);
  EXPECT_EQ(b.renew(tables, kNow).shards, 0) << "nothing is free";
  const Lease renewed = a.renew(tables, kNow + seconds(3));
  EXPECT_EQ(renewed.shards, 9);
  EXPECT_EQ(renewed.given, 8);
  EXPECT_EQ(claimed(tables, b), 8);
  EXPECT_EQ(b.renew(tables, kNow + seconds(3)).shards, 8);
}

TEST(Lease, WhatALeaseThatEndedLeavesBehindIsTakenOver) {
  LeaseTables tables;
  Holder a{"a", {}};
  Holder b{"b", {}};
  a.renew(tables, kNow);
  b.renew(tables, kNow + seconds(1));
  a.renew(tables, kNow + seconds(2));
  // a is gone. b, which renews when that is due or when a's lease ends, does not wait for longer than that.
  const Lease still = b.renew(tables, kNow + seconds(9));
  EXPECT_EQ(still.shards, 8);
  EXPECT_EQ(still.again, seconds(2));
  const Lease all = b.renew(tables, kNow + seconds(11));
  EXPECT_EQ(all.shards, kAllShards);
  EXPECT_EQ(all.taken, 9);
  EXPECT_THAT(tables.claims, Each(b.epoch));
  EXPECT_EQ(tables.leases.size(), 1u) << "a's is forgotten";
}

TEST(Lease, WhoWakesUpAfterItsEndBeginsANewOne) {
  LeaseTables tables;
  Holder a{"a", {}};
  Holder b{"b", {}};
  a.renew(tables, kNow);
  b.renew(tables, kNow + kLease);
  const Epoch before = a.epoch;
  EXPECT_EQ(a.renew(tables, kNow + kLease + seconds(1)).shards, 0);
  EXPECT_GT(a.epoch, b.epoch) << "not the one that it marked under before";
  EXPECT_EQ(tables.leases.find(before), nullptr);
}

TEST(Lease, WhoWakesUpWhenNobodyHasTakenAnythingGoesOn) {
  LeaseTables tables;
  Holder a{"a", {}};
  a.renew(tables, kNow);
  const Lease lease = a.renew(tables, kNow + kLease * 5);
  EXPECT_EQ(lease.epoch, Epoch(1));
  EXPECT_EQ(lease.shards, kAllShards);
}

TEST(Lease, AReplicaThatComesBackUnderItsNameNeedNotWait) {
  LeaseTables tables;
  Holder old{"a", {}};
  Holder b{"b", {}};
  old.renew(tables, kNow);
  b.renew(tables, kNow);
  old.renew(tables, kNow);
  Holder fresh{"a", {}};
  const Lease lease = fresh.renew(tables, kNow + milliseconds(1));
  EXPECT_EQ(lease.shards, 9);
  EXPECT_EQ(lease.taken, 0) << "it was its own";
  EXPECT_NE(lease.epoch, old.epoch) << "what its former self still does is known by that";
  EXPECT_EQ(claimed(tables, old), 0);
  EXPECT_EQ(claimed(tables, b), 8);
}

TEST(Lease, OneOfNoTimeGivesEverythingUp) {
  LeaseTables tables;
  Holder a{"a", {}};
  Holder b{"b", {}};
  a.renew(tables, kNow);
  b.renew(tables, kNow);
  EXPECT_EQ(a.renew(tables, kNow + seconds(1), {}).shards, 0);
  const Lease all = b.renew(tables, kNow + seconds(1));
  EXPECT_EQ(all.shards, kAllShards);
}

TEST(Lease, AnEpochIsNeverGivenTwiceThoughItsLeaseIsLongGone) {
  LeaseTables tables;
  std::set<Epoch> given;
  Instant now = kNow;
  for (int i = 0; i < 20; ++i, now = now + kLease * 2) {
    Holder one{"owner " + std::to_string(i % 3), {}};
    EXPECT_TRUE(given.insert(one.renew(tables, now).epoch).second);
    if (i % 2 == 0) one.renew(tables, now, {});
  }
}

// An epoch that another server has forgotten, or that is somebody else's by now, is not gone on with.
TEST(Lease, AnEpochOfAnotherOwnerIsNotOnesOwn) {
  LeaseTables tables;
  Holder a{"a", {}};
  a.renew(tables, kNow);
  const Lease lease = renew(tables, {"b", a.epoch, kLease}, kNow);
  EXPECT_NE(lease.epoch, a.epoch);
  EXPECT_EQ(tables.leases.find(a.epoch)->owner, "a");
}

TEST(Lease, MoreRelaysThanShardsHaveOneOrNone) {
  LeaseTables tables;
  std::vector<Holder> all(static_cast<std::size_t>(kAllShards) + 3);
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].owner = std::to_string(i);
      all[i].renew(tables, kNow + seconds(round));
    }
  }
  std::int64_t with_one = 0;
  for (const Holder& holder : all) with_one += claimed(tables, holder);
  EXPECT_EQ(with_one, kAllShards);
  for (const Holder& holder : all) EXPECT_LE(claimed(tables, holder), 1);
}

// Relays come, stall, go in peace and die. Whatever they did: once those that are left have each renewed a few times, every shard
// is claimed by one of them, and no two differ by more than the rounding.
RC_GTEST_PROP(Lease, ThoseThatAreLeftShareEverythingFairly, ()) {
  LeaseTables tables;
  std::vector<Holder> holders;
  for (int i = 0; i < 5; ++i) holders.push_back({std::to_string(i), {}});
  Instant now = kNow;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000));
  for (const int step : steps) {
    Holder& holder = holders[static_cast<std::size_t>(step % 5)];
    now = now + milliseconds(step * 7);
    if (step % 11 == 0) {
      holder.renew(tables, now, {});
    } else if (step % 13 == 0) {
      holder.epoch = {};  // it died, and another has its name
    } else {
      holder.renew(tables, now);
    }
  }
  now = now + kLease;
  const auto left = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
  for (int round = 0; round < 4; ++round) {
    now = now + seconds(1);
    for (std::size_t i = 0; i < left; ++i) holders[i].renew(tables, now);
  }
  std::vector<std::int64_t> shares;
  for (std::size_t i = 0; i < left; ++i) shares.push_back(claimed(tables, holders[i]));
  const auto share = (kAllShards + static_cast<std::int64_t>(left) - 1) / static_cast<std::int64_t>(left);
  RC_ASSERT(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}) == kAllShards);
  RC_ASSERT(*std::max_element(shares.begin(), shares.end()) <= share);
}

}  // namespace
}  // namespace quickbite

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// An order's row is marked under `epoch`, while `claimed` claims all shards.
Scene marked_under(std::int64_t epoch, std::int64_t claimed, Service service = Service::kOrders) {
  Scene scene;
  scene.restock("burger", 5);
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  if (service == Service::kInventory) {
    scene.deliver(Service::kInventory);
    scene.relay(Service::kInventory);
  }
  LeaseTables& relays = service == Service::kOrders ? scene.orders.relays : scene.inventory.relays;
  std::fill(relays.claims.begin(), relays.claims.end(), Epoch{claimed});
  for (Fact& fact : scene.delta.facts) {
    if (auto* marked = std::get_if<OutboxMarked>(&fact)) marked->epoch = Epoch{epoch};
  }
  return scene;
}

TEST(S19, HoldsWhereTheShardIsClaimedUnderTheEpoch) {
  Scene scene = marked_under(3, 3);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S19, TripsWhereALaterEpochClaimsTheShard) {
  Scene scene = marked_under(3, 4);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S19"));
}

TEST(S19, TripsForInventoryAsWell) {
  Scene held = marked_under(2, 2, Service::kInventory);
  EXPECT_THAT(tripped_step(held), IsEmpty());
  Scene lost = marked_under(2, 1, Service::kInventory);
  EXPECT_THAT(tripped_step(lost), ElementsAre("S19"));
}

}  // namespace
}  // namespace quickbite::property

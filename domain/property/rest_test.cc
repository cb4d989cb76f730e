#include "domain/property/rest.h"

#include <gtest/gtest.h>

#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

TEST(Rest, TheTablesAreAtRestOnceEverythingIsSentAndConsumed) {
  Scene scene;
  scene.restock("burger", 1);
  EXPECT_TRUE(tables_at_rest(scene.view()));
  scene.place(1, {line("burger", 1)});
  EXPECT_FALSE(outboxes_empty(scene.view()));
  scene.relay(Service::kOrders);
  EXPECT_TRUE(outboxes_empty(scene.view()));
  EXPECT_FALSE(lag_zero(scene.view()));
  scene.settle();
  EXPECT_TRUE(tables_at_rest(scene.view()));
}

TEST(Rest, AParkedRowAndADeadLetterAreNoRest) {
  Scene scene;
  scene.produce(Topic::kOrders, "k", Bytes("{"));
  scene.settle();
  EXPECT_TRUE(outboxes_empty(scene.view()));
  EXPECT_FALSE(dead_letters_absent(scene.view()));
  EXPECT_FALSE(tables_at_rest(scene.view()));
  scene.inventory.outbox.begin()->second.parked = true;
  EXPECT_FALSE(outboxes_empty(scene.view()));
}

}  // namespace
}  // namespace quickbite::property

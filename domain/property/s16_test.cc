#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scene shown(std::int64_t version, std::int64_t seen) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.delta.clear();
  scene.delta.add(OrderShown{order_id(1), Version(version), Version(seen), UserId("u1")});
  return scene;
}

TEST(S16, HoldsWhereAnAnswerIsAsNewAsWhatItsCallerHadSeen) {
  for (const auto& [version, seen] : {std::pair{1, 0}, {1, 1}, {3, 2}}) {
    Scene scene = shown(version, seen);
    EXPECT_THAT(tripped_step(scene), IsEmpty()) << version << " after " << seen;
  }
}

TEST(S16, TripsWhereAnOrderMovesBackwards) {
  Scene scene = shown(1, 2);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S16"));
}

TEST(S16, TripsOnOneOfSeveralOrders) {
  Scene scene = shown(2, 2);
  scene.delta.add(OrderShown{order_id(1), Version(2), Version(3), UserId("u1")});
  EXPECT_THAT(tripped_step(scene), ElementsAre("S16"));
}

}  // namespace
}  // namespace quickbite::property

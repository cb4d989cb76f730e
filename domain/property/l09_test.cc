#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Order 1 came to version 2 at 1 µs, which is when everything in a scene happens.
Scene answered(std::int64_t known, Instant at, Instant asked = {}) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.cancel(1);
  scene.delta.clear();
  scene.delta.add(LongPollAnswered{order_id(1), Version(known), asked, at});
  return scene;
}

TEST(L9, HoldsWhereALongPollIsAnsweredSoonAfterTheChange) {
  Scene scene = answered(1, Instant{1} + seconds(2));
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(L9, HoldsWhereNothingHasChanged) {
  Scene scene = answered(2, Instant{1} + seconds(30));
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(L9, HoldsWhereItWasAskedForLongAfterTheChange) {
  Scene scene = answered(1, Instant{1} + seconds(30), Instant{1} + seconds(28));
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(L9, TripsWhereALongPollSleptThroughItsNews) {
  Scene scene = answered(1, Instant{2} + seconds(2));
  EXPECT_THAT(tripped_step(scene), ElementsAre("L9"));
}

}  // namespace
}  // namespace quickbite::property

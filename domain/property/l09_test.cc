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

// A replica said at 10 µs that it was ready.
Scene failed(int status, std::optional<Instant> found) {
  Scene scene;
  scene.delta.add(RequestFailed{order_id(1), status, Instant{10}, found});
  return scene;
}

TEST(L9, HoldsWhereARequestFailsOnAReplicaThatHadFoundItsDatabase) {
  Scene at_once = failed(503, Instant{10});
  EXPECT_THAT(tripped_step(at_once), IsEmpty());
  Scene before = failed(504, Instant{3});
  EXPECT_THAT(tripped_step(before), IsEmpty());
}

TEST(L9, TripsWhereARequestFailsOnAReplicaThatHasNotFoundItsDatabase) {
  Scene scene = failed(503, std::nullopt);
  EXPECT_THAT(tripped_step(scene), ElementsAre("L9"));
}

TEST(L9, TripsWhereTheDatabaseWasFoundOnlyAfterwards) {
  Scene scene = failed(504, Instant{11});
  EXPECT_THAT(tripped_step(scene), ElementsAre("L9"));
}

}  // namespace
}  // namespace quickbite::property

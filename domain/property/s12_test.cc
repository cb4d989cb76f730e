#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(S12, HoldsWhereARefusedPostLeavesNothing) {
  Scene scene;
  scene.ghosts.posts[order_id(1)].asked = 1;
  scene.answer(1, 503);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S12, HoldsWhereTheAnswerWasUnknown) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.answer(1, 504);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S12, HoldsWhereAnotherAttemptMayHaveMadeTheOrder) {
  Scene scene;
  scene.ghosts.posts[order_id(1)] = {1, 1, 0};
  scene.place(1, {line("burger", 2)});
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
  scene.answer(1, 201);
  ++scene.ghosts.posts[order_id(1)].asked;
  scene.answer(1, 422);
  EXPECT_THAT(tripped_step(scene), IsEmpty()) << "its key was used again for another body";
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S12, TripsWhereTheClientIsToldThatThereIsNoOrderAndThereIs) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.answer(1, 503);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S12"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S12"));
}

TEST(S12, TripsWhereTheOrderAppearsAfterTheRefusal) {
  Scene scene;
  scene.ghosts.posts[order_id(1)] = {0, 1, 0};
  scene.place(1, {line("burger", 2)});
  EXPECT_THAT(tripped_step(scene), ElementsAre("S12"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S12"));
}

TEST(S12, SeesNothingWhereAnOrderHasNoAttempts) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.ghosts.posts[order_id(1)] = {};
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
  scene.ghosts.posts.clear();
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S12, SeesNothingWhereNobodyCountedTheAttempts) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.answer(1, 503);
  View live = scene.view();
  live.ghosts = nullptr;
  EXPECT_FALSE(s12_step(live, scene.delta));
  EXPECT_FALSE(s12_full(live));
}

}  // namespace
}  // namespace quickbite::property

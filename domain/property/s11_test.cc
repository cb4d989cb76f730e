#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(S11, HoldsWhereTheOrderIsDurableWhenItsPostIsAnswered) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.answer(1, 201);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S11, HoldsWhereALostOrderIsNotAcknowledged) {
  for (const int status : {422, 500, 503, 504}) {
    Scene scene;
    scene.answer(1, status);
    EXPECT_THAT(tripped_step(scene), IsEmpty()) << status;
  }
}

TEST(S11, TripsWhereALostOrderIsAcknowledged) {
  Scene scene;
  scene.place(2, {line("burger", 2)});
  scene.answer(1, 201);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S11"));
}

}  // namespace
}  // namespace quickbite::property

#include "services/live/patience.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"

namespace quickbite::live {
namespace {

TEST(Patience, AsksUntilTheAnswerIsYes) {
  int asked = 0;
  const absl::Status answer = await(Interrupt(), absl::Seconds(10), [&] {
    return ++asked == 4 ? absl::OkStatus() : absl::NotFoundError("not yet");
  });
  EXPECT_TRUE(answer.ok());
  EXPECT_EQ(asked, 4);
}

TEST(Patience, EndsWithTheLastAnswer) {
  int asked = 0;
  const absl::Status answer = await(Interrupt(), absl::Milliseconds(30), [&] {
    return absl::NotFoundError(std::to_string(++asked));
  });
  EXPECT_TRUE(absl::IsNotFound(answer));
  EXPECT_EQ(answer.message(), std::to_string(asked));
  EXPECT_GT(asked, 1);
}

TEST(Patience, AsksOnceWithoutAnyTime) {
  EXPECT_TRUE(await(Interrupt(), absl::ZeroDuration(), [] { return absl::OkStatus(); }).ok());
}

TEST(Patience, EndsAtOnceWhenTheUserWantsNoMore) {
  Interrupt interrupt;
  std::thread user([&] {
    absl::SleepFor(absl::Milliseconds(20));
    interrupt.raise();
  });
  const absl::Time begin = absl::Now();
  EXPECT_TRUE(absl::IsCancelled(await(interrupt, absl::Minutes(1), [] { return absl::NotFoundError(""); })));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  user.join();
  EXPECT_TRUE(interrupt.raised());
  EXPECT_TRUE(interrupt.wait(absl::Minutes(1)));
}

}  // namespace
}  // namespace quickbite::live

#include "sim/kernel/agenda.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quickbite::sim {
namespace {

struct Pushed {
  std::int64_t at;
  std::uint32_t number;
};

RC_GTEST_PROP(Agenda, PopsWhatASortedListWouldGive, (const std::vector<std::uint8_t>& moves)) {
  Agenda<std::uint32_t> agenda;
  std::vector<Pushed> sorted;
  std::uint32_t number = 0;
  const auto pop_both = [&] {
    RC_ASSERT(agenda.next_at() == Instant{sorted.front().at});
    RC_ASSERT(agenda.pop() == sorted.front().number);
    sorted.erase(sorted.begin());
  };
  for (const std::uint8_t move : moves) {
    if (move % 3 == 0 && !sorted.empty()) {
      pop_both();
    } else {
      const Pushed pushed{move % 16, number++};
      agenda.push(Instant{pushed.at}, std::uint32_t{pushed.number});
      // After all that is due no later.
      sorted.insert(std::ranges::upper_bound(sorted, pushed.at, {}, &Pushed::at), pushed);
    }
    RC_ASSERT(agenda.size() == sorted.size());
  }
  while (!sorted.empty()) pop_both();
  RC_ASSERT(agenda.empty());
}

TEST(Agenda, KeepsTheOrderOfAThousandEventsOfOneInstant) {
  Agenda<std::uint32_t> agenda;
  for (std::uint32_t i = 0; i < 1000; ++i) agenda.push(Instant{7}, std::uint32_t{i});
  for (std::uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(agenda.pop(), i);
}

TEST(Agenda, ForgetsAllWhenCleared) {
  Agenda<std::uint32_t> agenda;
  agenda.push(Instant{1}, 1);
  agenda.clear();
  EXPECT_TRUE(agenda.empty());
  agenda.push(Instant{2}, 2);
  EXPECT_EQ(agenda.next_at(), Instant{2});
  EXPECT_EQ(agenda.pop(), 2U);
}

}  // namespace
}  // namespace quickbite::sim

// A producer that has failed for good is made anew, and what it had not sent is sent again, out of the outbox.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proptests/e2e/customers.h"
#include "proptests/kafka/own_system.h"

namespace quickbite {
namespace {

constexpr int kCustomers = 4;
constexpr absl::Duration kThought = absl::Milliseconds(40);

int count(const std::string& text, const std::string& what) {
  int found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(FatalError, EveryThirdBatchEndsItsProducerAndNoOrderIsLost) {
  live::StackOptions options;
  options.service_environment = {absl::StrCat("LD_PRELOAD=", QUICKBITE_FATAL_PRODUCER)};
  OwnSystem own(options);
  const std::string sku = own.stocked();
  Customers customers(own.stack().orders_port(), kCustomers, sku, kThought);
  absl::SleepFor(absl::Seconds(4));
  customers.stop();
  EXPECT_GT(customers.orders().size(), 50U);
  own.expect_all_done_once(customers.orders(), sku);
  for (live::Child* service : {&own.stack().orders(), &own.stack().inventory()}) {
    EXPECT_TRUE(service->running());
    EXPECT_GE(count(own.log_of(*service), "producer replaced"), 2) << service->log_path();
  }
}

}  // namespace
}  // namespace quickbite

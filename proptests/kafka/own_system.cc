#include "proptests/kafka/own_system.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "proptests/e2e/sanitizer_reports.h"
#include "services/live/evidence.h"
#include "services/live/shop.h"
#include "services/runtime/random_uuid.h"

namespace quickbite {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kPatience = absl::Minutes(1);

}  // namespace

std::string kafka_jars() {
  const char* jars = std::getenv("QUICKBITE_KAFKA_JARS");
  return jars == nullptr ? "" : jars;
}

LogFolder::LogFolder() {
  std::string pattern = (fs::temp_directory_path() / "quickbite-kafka-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
  ::chmod(path_.c_str(), 0755);  // for the user postgres
}

LogFolder::~LogFolder() {
  if (testing::Test::HasFailure()) {
    std::cerr << "The logs are in " << path_ << "\n";
    return;
  }
  std::error_code error;
  fs::remove_all(path_, error);
}

OwnSystem::OwnSystem(live::StackOptions options) {
  options.folder = folder_.path();
  options.fsync = false;
  auto started = live::Stack::start(options, interrupt_, [](const std::string&, absl::Duration) {});
  if (!started.ok()) {
    std::cerr << "The system did not start: " << started.status().message() << "\n";
    std::exit(1);
  }
  stack_ = *std::move(started);
}

OwnSystem::~OwnSystem() {
  stack_.reset();
  EXPECT_EQ(sanitizer_reports(folder_.path()), "");
}

std::string OwnSystem::log_of(live::Child& service) const {
  std::ostringstream text;
  text << std::ifstream(service.log_path(), std::ios::binary).rdbuf();
  return text.str();
}

std::string OwnSystem::stocked() {
  const std::string sku = absl::StrCat("dish-", to_string(runtime::random_uuid()).substr(0, 8));
  const absl::Status stocked = stack_->add_stock(sku, 1'000'000);
  EXPECT_TRUE(stocked.ok()) << stocked;
  return sku;
}

void OwnSystem::expect_all_done_once(const std::vector<OrderId>& orders, const std::string& sku) {
  live::Shop shop(stack_->orders_port());
  const absl::Status confirmed = live::await(interrupt_, kPatience, [&] { return shop.all_are(orders, "CONFIRMED"); });
  EXPECT_TRUE(confirmed.ok()) << confirmed;
  const absl::Status once = live::reserved_once(*stack_, orders, sku, static_cast<std::int64_t>(orders.size()));
  EXPECT_TRUE(once.ok()) << once;
  // A row is marked a moment after its record is in Kafka, and so after the order may be CONFIRMED.
  const absl::Status sent = live::await(interrupt_, kPatience, [&]() -> absl::Status {
    const auto unsent = live::unsent_events(*stack_, orders);
    if (!unsent.ok()) return unsent.status();
    return *unsent == 0 ? absl::OkStatus() : absl::FailedPreconditionError(absl::StrCat(*unsent, " events are not sent"));
  });
  EXPECT_TRUE(sent.ok()) << sent;
  const auto created = live::events_in_topic(*stack_, orders, Topic::kOrders, "OrderCreated");
  EXPECT_TRUE(created.ok()) << created.status();
  const auto reserved = live::events_in_topic(*stack_, orders, Topic::kInventory, "InventoryReserved");
  EXPECT_TRUE(reserved.ok()) << reserved.status();
}

}  // namespace quickbite

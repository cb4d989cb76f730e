#include "proptests/e2e/one_stack.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "proptests/e2e/sanitizer_reports.h"
#include "services/live/sql.h"
#include "services/runtime/random_uuid.h"

namespace quickbite {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kPatience = absl::Seconds(30);

class Running : public testing::Environment {
 public:
  void TearDown() override {
    stack_.reset();
    const std::string reports = folder_.empty() ? "" : sanitizer_reports(folder_);
    EXPECT_EQ(reports, "");
    const bool failed = testing::UnitTest::GetInstance()->Failed() || !reports.empty();
    if (failed) {
      std::cerr << "The logs are in " << folder_ << "\n";
    } else if (!folder_.empty()) {
      std::error_code error;
      fs::remove_all(folder_, error);
    }
  }

  live::Stack& stack() {
    if (stack_ == nullptr) start();
    return *stack_;
  }

 private:
  void start() {
    std::string pattern = (fs::temp_directory_path() / "quickbite-e2e-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    ::chmod(folder_.c_str(), 0755);  // for the user postgres
    live::StackOptions options;
    options.folder = folder_;
    options.fsync = false;
    auto started = live::Stack::start(options, no_interrupt(), [](const std::string&, absl::Duration) {});
    if (!started.ok()) {
      std::cerr << "The system did not start: " << started.status().message() << "\n";
      std::exit(1);  // no test makes sense without it
    }
    stack_ = *std::move(started);
  }

  std::string folder_;
  std::unique_ptr<live::Stack> stack_;
};

Running* const running = static_cast<Running*>(testing::AddGlobalTestEnvironment(new Running));

}  // namespace

live::Stack& one_stack() { return running->stack(); }

const live::Interrupt& no_interrupt() {
  static const live::Interrupt never;
  return never;
}

std::string stocked(std::string_view name, std::int64_t quantity) {
  const std::string sku = absl::StrCat(std::string(name), "-", to_string(runtime::random_uuid()).substr(0, 8));
  const absl::Status stocked = one_stack().add_stock(sku, quantity);
  EXPECT_TRUE(stocked.ok()) << stocked;
  return sku;
}

absl::Status all_become(const std::vector<OrderId>& orders, std::string_view status) {
  live::Shop shop(one_stack().orders_port());
  return live::await(no_interrupt(), kPatience, [&] { return shop.all_are(orders, status); });
}

std::int64_t orders_in_database() {
  const auto count = live::sql_number(one_stack().orders_database(), "SELECT count(*) FROM orders");
  EXPECT_TRUE(count.ok()) << count.status();
  return count.value_or(-1);
}

}  // namespace quickbite

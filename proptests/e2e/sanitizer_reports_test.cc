#include "proptests/e2e/sanitizer_reports.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace quickbite {
namespace {

TEST(SanitizerReports, AreFoundInLogsAndNowhereElse) {
  std::string folder = testing::TempDir() + "/quickbite-reports-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/orders.log") << "{\"msg\":\"listening\"}\n";
  std::ofstream(folder + "/other.txt") << "WARNING: ThreadSanitizer: data race (pid=7)\n";
  EXPECT_EQ(sanitizer_reports(folder), "");
  std::ofstream(folder + "/orders.log") << "{}\nWARNING: ThreadSanitizer: data race (pid=7)\n{}\n";
  std::ofstream(folder + "/inventory.log") << "x.cc:1:2: runtime error: signed integer overflow\n";
  const std::string found = sanitizer_reports(folder);
  EXPECT_NE(found.find("orders.log: WARNING: ThreadSanitizer: data race (pid=7)\n"), found.npos) << found;
  EXPECT_NE(found.find("inventory.log: x.cc:1:2: runtime error"), found.npos) << found;
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace quickbite

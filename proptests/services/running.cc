#include "proptests/services/running.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "proptests/e2e/sanitizer_reports.h"
#include "services/broker/control.h"
#include "services/live/http_client.h"
#include "services/live/postgres_files.h"

namespace quickbite {
namespace {

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::unique_ptr<live::ServerProcess> launch(live::ProcessOptions options) {
  auto started = live::ServerProcess::start(options);
  EXPECT_TRUE(started.ok()) << started.status();
  return *std::move(started);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "quickbite-services-test-XXXXXX").string();
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

// --- The broker -----------------------------------------------------------------------------------

EmbeddedBroker::EmbeddedBroker() : port_(live::free_loopback_port(0)) {}

void EmbeddedBroker::start(const std::vector<std::string>& flags) {
  live::ProcessOptions options;
  options.command = {QUICKBITE_BROKER, absl::StrCat("--port=", port_), absl::StrCat("--control=", folder_ / "control")};
  options.command.insert(options.command.end(), flags.begin(), flags.end());
  options.log_path = folder_ / "log";
  process_ = launch(std::move(options));
  EXPECT_TRUE(eventually(absl::Seconds(10), [&] { return broker::broker_control(folder_ / "control", "status").ok(); }));
}

void EmbeddedBroker::add_topic(const std::string& name_and_partitions) {
  EXPECT_TRUE(broker::broker_control(folder_ / "control", "topic " + name_and_partitions).ok());
}
void EmbeddedBroker::down() { EXPECT_TRUE(broker::broker_control(folder_ / "control", "down").ok()); }
void EmbeddedBroker::up() { EXPECT_TRUE(broker::broker_control(folder_ / "control", "up").ok()); }
std::string EmbeddedBroker::bootstrap() const { return absl::StrCat("127.0.0.1:", port_); }

// --- A service ------------------------------------------------------------------------------------

RunningService::RunningService(const std::string& program, std::vector<std::string> flags) {
  live::ProcessOptions options;
  options.command = {program, "--http-port=0", absl::StrCat("--status-file=", folder_ / "status.json")};
  if (program.ends_with("quickbite-inventory")) options.command.push_back("--grpc-port=0");
  options.command.insert(options.command.end(), flags.begin(), flags.end());
  options.log_path = folder_ / "service.log";
  process_ = launch(std::move(options));
  eventually(absl::Seconds(10), [&] { return std::filesystem::exists(folder_ / "status.json") || !process_->running(); });
  const std::string status = read_file(folder_ / "status.json");
  const std::size_t at = status.find("\"port\":");
  if (at != std::string::npos) port_ = static_cast<std::uint16_t>(std::atoi(status.c_str() + at + 7));
}

RunningService::~RunningService() {
  process_.reset();
  EXPECT_EQ(sanitizer_reports(folder_ / ""), "") << log();
}

std::string RunningService::log() const { return read_file(folder_ / "service.log"); }

HttpAnswer RunningService::get(const std::string& path) const {
  const auto answer = live::HttpClient(port_).get(path);
  return answer.ok() ? *answer : HttpAnswer{0, {}, std::string(answer.status().message())};
}

HttpAnswer RunningService::post_order(const std::string& key) const {
  Headers headers;
  if (!key.empty()) headers.push_back({"Idempotency-Key", key});
  const auto answer = live::HttpClient(port_).post("/v1/orders", R"({"userId":"u1","sku":"burger","quantity":1})", headers);
  return answer.ok() ? *answer : HttpAnswer{0, {}, std::string(answer.status().message())};
}

bool RunningService::becomes_ready(absl::Duration patience) const {
  return eventually(patience, [&] { return get("/readyz").status == 200; });
}

bool RunningService::comes_to_wait_for(const std::string& text, absl::Duration patience) const {
  return eventually(patience, [&] {
    const HttpAnswer answer = get("/readyz");
    return answer.status == 503 && absl::StrContains(answer.body, text);
  });
}

}  // namespace quickbite

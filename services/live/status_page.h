// StatusPage: how the running system is, as one plain HTML page that renews itself.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/http/server.h"
#include "services/live/data_folder.h"
#include "services/live/stack.h"

namespace quickbite::live {

struct StoryResult {
  std::string title;
  std::string outcome;  // "held", "skipped: …", or what was wrong
  bool held = false;
};

class StatusPage {
 public:
  // Serves / and /status.json on loopback. Unavailable: the port is taken.
  static absl::StatusOr<std::unique_ptr<StatusPage>> start(std::uint16_t port);

  std::string url() const;

  // Looks at everything (some milliseconds), and shows that from now on.
  void look(Stack& stack, const Serving& serving, const std::vector<StoryResult>& stories);

 private:
  StatusPage() = default;
  HttpAnswer answer(const HttpRequest& request);

  std::mutex mutex_;
  std::string html_ = "<!doctype html><title>QuickBite</title><p>QuickBite is starting.";
  std::string json_ = "{}\n";
  std::unique_ptr<http::Server> server_;  // ends before what it answers with
};

}  // namespace quickbite::live

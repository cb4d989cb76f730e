// SystemStatus: how the running system is, as JSON for the app's status page (services/app/src/view/status.tsx).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/http/server.h"
#include "domain/api/cors.h"
#include "services/live/data_folder.h"
#include "services/live/lag.h"
#include "services/live/stack.h"

namespace quickbite::live {

struct StoryResult {
  std::string title;
  std::string outcome;  // "held", "skipped: …", or what was wrong
  bool held = false;
};

class SystemStatus {
 public:
  // Serves /status.json on loopback; / leads to the page that shows it. Unavailable: the port is taken.
  static absl::StatusOr<std::unique_ptr<SystemStatus>> start(std::uint16_t port);

  std::string origin() const;  // http://127.0.0.1:8088

  // Looks at everything (some milliseconds, below a second while Kafka is away), and tells that from now on, also to the pages
  // of the API's own origin.
  void look(Stack& stack, const Serving& serving, const std::vector<StoryResult>& stories);

 private:
  SystemStatus() = default;
  HttpAnswer answer(const HttpRequest& request);
  std::int64_t lag(std::unique_ptr<Lag>& lag, Stack& stack, const std::string& group, Topic topic);

  std::unique_ptr<Lag> orders_lag_;     // of Inventory on orders.v1
  std::unique_ptr<Lag> inventory_lag_;  // of Orders on inventory.v1

  std::mutex mutex_;  // of what follows
  std::string json_ = "{\"running\":false}\n";
  std::string page_ = "/status.json";
  api::Cors cors_;

  std::unique_ptr<http::Server> server_;  // ends before what it answers with
};

}  // namespace quickbite::live

// What a service waits for at its start, and goes on watching: its database with its schema, the broker with its topics.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/kafka/cluster.h"
#include "services/runtime/flow_numbers.h"
#include "services/runtime/readiness.h"
#include "services/runtime/settings.h"

namespace quickbite::runtime {

// Asks the database for its schema's version, and for what waits in the outbox, which goes to the metrics; `conditions` may be called by any thread.
class DatabaseWatch {
 public:
  explicit DatabaseWatch(const ServiceSettings& settings);

  // Blocks for a connection and one statement, some seconds at most. True where it is there and the schema is in range.
  bool look();

  // "database", and "schema" with its version and the range [min, max] that this program works with.
  std::vector<Condition> conditions() const;

 private:
  const std::string connection_;
  const postgres::Service schema_;
  const BacklogNumbers backlog_;
  mutable std::mutex mutex_;
  Condition database_{Need::kDatabase, false, "not asked yet"};
  Condition schema_condition_;
};

// Asks the broker which cluster it is and for our topics; `condition` may be called by any thread.
class ClusterWatch {
 public:
  explicit ClusterWatch(const ServiceSettings& settings);

  // Blocks for at most two seconds. Nullopt where no broker answers or a topic of ours is missing.
  std::optional<kafka::Cluster> look();

  // InvalidArgument where librdkafka does not take the settings: no waiting will help.
  absl::Status hopeless() const { return hopeless_; }

  Condition condition() const;

 private:
  const kafka::ConnectionOptions connection_;
  absl::Status hopeless_;
  mutable std::mutex mutex_;
  Condition condition_{Need::kBroker, false, "not asked yet"};
};

}  // namespace quickbite::runtime

// Which cluster this is, and how it has cut our topics: asked once, before the machines are made.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "adapters/kafka/connection.h"
#include "domain/base/flat_map.h"
#include "domain/base/time.h"
#include "domain/base/uuid.h"
#include "domain/message/record.h"

namespace quickbite::kafka {

struct Cluster {
  // Of the log, not of the address: a broker that lost its log is another cluster. It is the
  // embedded broker's incarnation where there is one (a topic quickbite.incarnation.UUID), else
  // derived from Kafka's cluster id.
  Uuid id;
  std::string name;  // for a person: the incarnation or the cluster id as text
  FlatMap<Topic, std::int32_t> partitions;  // of those of our topics that exist
};

// Unavailable: no broker answered in time; the message says what went wrong last. InvalidArgument:
// librdkafka does not take the settings.
absl::StatusOr<Cluster> look_at_cluster(const ConnectionOptions& connection, Duration timeout);

}  // namespace quickbite::kafka

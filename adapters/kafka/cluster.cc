#include "adapters/kafka/cluster.h"

#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/kafka/client_state.h"
#include "adapters/kafka/handles.h"

namespace quickbite::kafka {
namespace {

constexpr std::string_view kIncarnationTopicPrefix = "quickbite.incarnation.";
constexpr Uuid kClusterIds{0x9c1f4f0e6a2b4d57ULL, 0x8e3a5d7c21b0f694ULL};

std::optional<Uuid> incarnation_of(std::string_view topic) {
  if (!topic.starts_with(kIncarnationTopicPrefix)) return std::nullopt;
  return parse_uuid(topic.substr(kIncarnationTopicPrefix.size()));
}

std::string cluster_id(rd_kafka_t* client, int timeout_ms) {
  char* id = rd_kafka_clusterid(client, timeout_ms);
  std::string text = id == nullptr ? "" : id;
  rd_kafka_mem_free(client, id);
  return text;
}

}  // namespace

absl::StatusOr<Cluster> look_at_cluster(const ConnectionOptions& connection, Duration timeout) {
  ClientState state(connection);
  absl::StatusOr<Conf> conf = state.conf({}, {});
  if (!conf.ok()) return conf.status();
  absl::StatusOr<rd_kafka_t*> made = new_client(RD_KAFKA_PRODUCER, *std::move(conf));
  if (!made.ok()) return made.status();
  const Client client(*made);
  const int timeout_ms = static_cast<int>(timeout.us / 1000);
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(client.get(), 1, nullptr, &answer, timeout_ms);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_poll(client.get(), 0);  // so that the state hears why
    const std::string why = state.health().trouble;
    return absl::UnavailableError(why.empty() ? rd_kafka_err2str(error) : why);
  }
  const Metadata metadata(answer);
  Cluster cluster;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[i];
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    if (const std::optional<Uuid> incarnation = incarnation_of(topic.topic)) {
      cluster.id = *incarnation;
      cluster.name = to_string(*incarnation);
    }
    if (const std::optional<Topic> ours = parse_topic(topic.topic)) {
      cluster.partitions[*ours] = topic.partition_cnt;
    }
  }
  if (cluster.name.empty()) {
    cluster.name = cluster_id(client.get(), timeout_ms);
    if (cluster.name.empty()) return absl::UnavailableError("the cluster does not tell its id");
    cluster.id = uuid_v5(kClusterIds, cluster.name);
  }
  return cluster;
}

}  // namespace quickbite::kafka

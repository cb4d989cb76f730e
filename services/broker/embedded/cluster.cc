#include "services/broker/embedded/cluster.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/broker/embedded/listen_port.h"

namespace quickbite::broker {
namespace {

// The Kafka protocol's request numbers that a client of ours sends
// (https://kafka.apache.org/protocol, "Api Keys").
constexpr std::array<std::pair<std::string_view, std::int16_t>, 12> kRequests{
    {{"produce", 0},
     {"fetch", 1},
     {"list_offsets", 2},
     {"metadata", 3},
     {"offset_commit", 8},
     {"offset_fetch", 9},
     {"find_coordinator", 10},
     {"join_group", 11},
     {"heartbeat", 12},
     {"leave_group", 13},
     {"sync_group", 14},
     {"init_producer_id", 22}}};

std::optional<std::int16_t> request_key(std::string_view request) {
  for (const auto& [name, key] : kRequests) {
    if (name == request) return key;
  }
  return std::nullopt;
}

std::optional<rd_kafka_resp_err_t> error_code(std::string_view name) {
  const rd_kafka_err_desc* errors = nullptr;
  std::size_t count = 0;
  rd_kafka_get_err_descs(&errors, &count);
  for (std::size_t i = 0; i < count; ++i) {
    if (errors[i].name != nullptr && name == errors[i].name) return errors[i].code;
  }
  return std::nullopt;
}

// To be called with the answer of each request to the mock cluster's thread. That thread answers
// first and only then empties the pipe by which it is woken: a request that comes in between is not
// noticed for a second.
absl::Status to_status(rd_kafka_resp_err_t error, std::string_view doing) {
  absl::SleepFor(absl::Milliseconds(2));
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(std::string(doing), ": ", rd_kafka_err2str(error)));
}

void log_to_stderr(const rd_kafka_t*, int level, const char* facility, const char* text) {
  std::fprintf(stderr, "librdkafka %d %s: %s\n", level, facility, text);
}

}  // namespace

struct Cluster::Handles {
  rd_kafka_t* client = nullptr;
  rd_kafka_mock_cluster_t* mock = nullptr;

  Handles() = default;
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    if (mock != nullptr) rd_kafka_mock_cluster_destroy(mock);
    if (client != nullptr) rd_kafka_destroy(client);
  }
};

Cluster::Cluster(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Cluster::~Cluster() = default;

absl::StatusOr<std::unique_ptr<Cluster>> Cluster::start(std::uint16_t port,
                                                        const std::vector<TopicSpec>& topics) {
  auto handles = std::make_unique<Handles>();
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char why[512];
  rd_kafka_conf_set_log_cb(conf, log_to_stderr);
  rd_kafka_conf_set(conf, "log_level", "3", why, sizeof(why));
  // Answers are small and follow each other closely: Nagle's algorithm would hold them for 40 ms.
  rd_kafka_conf_set(conf, "socket.nagle.disable", "true", why, sizeof(why));
  handles->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
  if (handles->client == nullptr) {
    rd_kafka_conf_destroy(conf);
    return absl::InternalError(absl::StrCat("librdkafka: ", why));
  }
  if (port != 0) {
    if (absl::Status taken = take_listen_port(port); !taken.ok()) return taken;
  }
  handles->mock = rd_kafka_mock_cluster_new(handles->client, 1);
  if (handles->mock == nullptr) return absl::InternalError("librdkafka made no mock cluster");
  std::unique_ptr<Cluster> cluster(new Cluster(std::move(handles)));
  for (const TopicSpec& topic : topics) {
    if (absl::Status created = cluster->create_topic(topic); !created.ok()) return created;
  }
  return cluster;
}

std::uint16_t Cluster::port() const {
  const std::string_view bootstraps = rd_kafka_mock_cluster_bootstraps(handles_->mock);
  std::uint16_t port = 0;
  std::from_chars(bootstraps.data() + bootstraps.rfind(':') + 1,
                  bootstraps.data() + bootstraps.size(), port);
  return port;
}

absl::Status Cluster::create_topic(const TopicSpec& topic) {
  const rd_kafka_resp_err_t error =
      rd_kafka_mock_topic_create(handles_->mock, topic.name.c_str(), topic.partitions, 1);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) topics_.push_back(topic);
  return to_status(error, absl::StrCat("cannot create topic ", topic.name));
}

absl::Status Cluster::set_up(bool up) {
  const rd_kafka_resp_err_t error = up ? rd_kafka_mock_broker_set_up(handles_->mock, -1)  //
                                       : rd_kafka_mock_broker_set_down(handles_->mock, -1);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) up_ = up;
  return to_status(error, up ? "cannot go up" : "cannot go down");
}

absl::Status Cluster::set_rtt(int milliseconds) {
  return to_status(rd_kafka_mock_broker_set_rtt(handles_->mock, -1, milliseconds),
                   "cannot set the round-trip time");
}

absl::Status Cluster::inject_errors(const std::string& request, int count,
                                    const std::string& error) {
  const std::optional<std::int16_t> key = request_key(request);
  if (!key) return absl::InvalidArgumentError(absl::StrCat("unknown request '", request, "'"));
  const std::optional<rd_kafka_resp_err_t> code = error_code(error);
  if (!code) return absl::InvalidArgumentError(absl::StrCat("unknown Kafka error '", error, "'"));
  if (count == 0) {
    rd_kafka_mock_clear_request_errors(handles_->mock, *key);
    return absl::OkStatus();
  }
  const std::vector<rd_kafka_resp_err_t> errors(static_cast<std::size_t>(count), *code);
  rd_kafka_mock_push_request_errors_array(handles_->mock, *key, errors.size(), errors.data());
  return absl::OkStatus();
}

}  // namespace quickbite::broker

#include "adapters/kafka/client_state.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace quickbite::kafka {
namespace {

bool secret(const std::string& name) {
  return absl::StrContains(name, "password") || absl::StrContains(name, "secret") ||
         absl::StrContains(name, "key.pem");
}

absl::Status set_property(rd_kafka_conf_t* conf, const std::string& name,
                          const std::string& value) {
  char why[512];
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof(why)) == RD_KAFKA_CONF_OK) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "Kafka setting '", name, "': ", secret(name) ? "its value is not accepted" : why));
}

// Errors that no amount of waiting mends.
bool needs_a_person(rd_kafka_resp_err_t error) {
  switch (static_cast<int>(error)) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      return true;
    default:
      return false;
  }
}

ClientState& state_of(void* opaque) {
  return *static_cast<ClientState*>(opaque);
}

}  // namespace

absl::StatusOr<Conf> ClientState::conf(const Settings& defaults, const Settings& fixed) {
  Settings all = fixed;
  all.insert({{"bootstrap.servers", options_.bootstrap}, {"client.id", options_.client_id}});
  all.insert(options_.settings.begin(), options_.settings.end());
  all.insert(defaults.begin(), defaults.end());
  // Small requests that follow each other must not wait for Nagle's algorithm. A broker that is
  // back is found again quickly.
  all.insert({{"socket.nagle.disable", "true"},
              {"reconnect.backoff.ms", "50"},
              {"reconnect.backoff.max.ms", "1000"}});
  Conf conf(rd_kafka_conf_new());
  for (const auto& [name, value] : all) {
    if (absl::Status set = set_property(conf.get(), name, value); !set.ok()) return set;
  }
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_log_cb(
      conf.get(), [](const rd_kafka_t* client, int level, const char* facility, const char* text) {
        state_of(rd_kafka_opaque(client)).on_log(level, absl::StrCat(facility, ": ", text));
      });
  rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t*, int error, const char* why, void* opaque) {
    state_of(opaque).on_error(static_cast<rd_kafka_resp_err_t>(error), why);
  });
  return conf;
}

void ClientState::reached() {
  become(Condition::kServing, {});
}

void ClientState::refused(std::string_view why) {
  become(Condition::kRefused, why);
}

void ClientState::unreachable(std::string_view why) {
  become(Condition::kUnreachable, why);
}

void ClientState::become(Condition condition, std::string_view why) {
  const absl::MutexLock lock(&mutex_);
  // A broker that never answered is untried, not lost.
  const bool lost = condition == Condition::kUnreachable;
  if (!(lost && health_.condition == Condition::kUntried)) health_.condition = condition;
  health_.trouble = lost && why.empty() ? disconnect_ : std::string(why);
}

void ClientState::on_error(rd_kafka_resp_err_t error, std::string_view why) {
  if (needs_a_person(error)) {
    {
      // Told again when all that is known is that nobody answers.
      const absl::MutexLock lock(&mutex_);
      disconnect_ = std::string(why);
    }
    return refused(why);
  }
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) return unreachable({});
  const absl::MutexLock lock(&mutex_);
  disconnect_ = std::string(why);
  if (health_.condition == Condition::kUntried || health_.condition == Condition::kUnreachable) {
    health_.trouble = disconnect_;
  }
}

void ClientState::on_log(int level, std::string_view text) const {
  if (options_.log) options_.log(level, text);
}

Health ClientState::health() const {
  const absl::MutexLock lock(&mutex_);
  return health_;
}

bool ClientState::is(Condition condition) const {
  const absl::MutexLock lock(&mutex_);
  return health_.condition == condition;
}

absl::StatusOr<rd_kafka_t*> new_client(rd_kafka_type_t type, Conf conf) {
  char why[512];
  rd_kafka_t* client = rd_kafka_new(type, conf.get(), why, sizeof(why));
  if (client == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("librdkafka makes no client: ", why));
  }
  (void)conf.release();  // the client owns it now
  return client;
}

}  // namespace quickbite::kafka

#include "services/runtime/settings.h"

#include <unistd.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "adapters/postgres/connection_string.h"
#include "domain/base/utf8.h"
#include "services/runtime/random_uuid.h"

ABSL_FLAG(std::string, http_address, "127.0.0.1", "address to listen on; 0.0.0.0 for all of this machine's");
ABSL_FLAG(int, http_threads, 1, "threads that serve HTTP connections");
ABSL_FLAG(std::string, database, "",
          "this service's PostgreSQL database, as \"host=… dbname=… user=…\" or postgresql://…; a password is better in the "
          "environment, or in PGPASSFILE");
ABSL_FLAG(std::string, kafka, "127.0.0.1:9092", "brokers to begin with, as HOST:PORT,HOST:PORT");
ABSL_FLAG(std::string, kafka_settings, "", "further settings of librdkafka, as NAME=VALUE,NAME=VALUE");
ABSL_FLAG(std::string, kafka_settings_file, "", "a file of such settings, one a line: the place for passwords");
ABSL_FLAG(absl::Duration, kafka_session_timeout, absl::Seconds(10), "after how much silence a consumer counts as dead");
ABSL_FLAG(std::string, kafka_instance, "",
          "static group membership (KIP-345): this replica's own name, kept over restarts; none: dynamic membership");
ABSL_FLAG(std::string, instance, "",
          "this replica's own name, that no other has: under it it claims its part of the outbox; none: host and HTTP port");
ABSL_FLAG(absl::Duration, relay_lease, absl::Microseconds(quickbite::Limits{}.relay_lease.us),
          "for how long a replica that has died keeps its part of the outbox from the others");
ABSL_FLAG(std::int64_t, batch, quickbite::Limits{}.batch, "commands, reads or records in one transaction, at most");
ABSL_FLAG(std::int64_t, queue, quickbite::Limits{}.queue, "requests waiting for a machine, at most; more are answered 503");
ABSL_FLAG(absl::Duration, request_deadline, absl::Microseconds(quickbite::Limits{}.request_deadline.us),
          "after how long a request is answered 504");
ABSL_FLAG(absl::Duration, order_deadline, absl::Microseconds(quickbite::Limits{}.order_deadline.us),
          "after how long an order that is still PENDING is due to expire");
ABSL_FLAG(absl::Duration, sweep_poll, absl::Microseconds(quickbite::Limits{}.sweep_poll.us),
          "how often to look for orders that are due to expire, and for rows past their retention");
ABSL_FLAG(absl::Duration, topic_retention, absl::Microseconds(quickbite::kWeek.us),
          "for how long the broker keeps records of orders.v1 and inventory.v1 (their retention.ms)");
ABSL_FLAG(absl::Duration, dlq_retention, absl::Microseconds(quickbite::kWeek.us),
          "for how long it keeps dead letters, of orders.dlq.v1 and inventory.dlq.v1");
ABSL_FLAG(absl::Duration, retention, absl::Microseconds(quickbite::Limits{}.retention.us),
          "for how long the database keeps dedupe rows and sent outbox rows; a week more than either topic keeps records");
ABSL_FLAG(absl::Duration, grace, absl::Seconds(10), "how long ending may take, after SIGTERM and --drain-delay");
ABSL_FLAG(absl::Duration, drain_delay, absl::ZeroDuration(),
          "for how long after SIGTERM, not ready already, everything is still served: until load balancers have noticed");
ABSL_FLAG(std::string, log_level, "info", "the least severe that is logged: debug, info, warning, error, off");
ABSL_FLAG(std::string, status_file, "", "path of a JSON file to write once the service listens: its pid and its address");
ABSL_FLAG(bool, die_with_parent, false, "end when the thread that started this process ends");

namespace quickbite::runtime {
namespace {

Duration duration_of(absl::Duration duration) { return microseconds(absl::ToInt64Microseconds(duration)); }

// Adds the settings of a comma-separated list and of a file.
absl::Status read_kafka_settings(kafka::Settings& settings) {
  const std::string list = absl::GetFlag(FLAGS_kafka_settings);
  std::vector<std::string> entries;
  if (!list.empty()) entries = absl::StrSplit(list, ',');
  absl::StatusOr<kafka::Settings> given = kafka::parse_settings(entries);
  if (!given.ok()) return absl::InvalidArgumentError(absl::StrCat("--kafka-settings: ", given.status().message()));

  const std::string path = absl::GetFlag(FLAGS_kafka_settings_file);
  if (!path.empty()) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return absl::InvalidArgumentError(absl::StrCat("--kafka-settings-file: cannot read '", path, "'"));
    absl::StatusOr<kafka::Settings> read = kafka::parse_settings_text(text.str());
    if (!read.ok()) return absl::InvalidArgumentError(absl::StrCat("--kafka-settings-file: ", read.status().message()));
    settings = *std::move(read);
  }
  for (auto& [name, value] : *given) settings[name] = std::move(value);
  return absl::OkStatus();
}

// By name: sasl.password, ssl.key.password, ssl.key.pem, sasl.oauthbearer.config, sasl.oauthbearer.client.secret, …
std::string without_kafka_secrets(const std::string& list) {
  std::vector<std::string> entries = absl::StrSplit(list, ',');
  for (std::string& entry : entries) {
    const std::string name = entry.substr(0, entry.find('='));
    for (const char* telling : {"password", "secret", ".pem", "oauthbearer.config", "jaas"}) {
      if (name.size() < entry.size() && absl::StrContains(name, telling)) entry = absl::StrCat(name, "=***");
    }
  }
  return absl::StrJoin(entries, ",");
}

constexpr absl::Duration kRetentionMost = absl::Hours(10 * 365 * 24);

bool retention_is_enough() {
  const Duration kept = duration_of(absl::GetFlag(FLAGS_retention));
  return kept >= retention_needed(duration_of(absl::GetFlag(FLAGS_topic_retention)),
                                  duration_of(absl::GetFlag(FLAGS_dlq_retention)));
}

bool within(absl::Duration value, absl::Duration least, absl::Duration most) { return value >= least && value <= most; }

constexpr std::size_t kNameBytesMost = 200;

// The database has to take it.
bool is_name(const std::string& text) {
  return text.size() <= kNameBytesMost && is_utf8(text) && !has_control_character(text);
}

}  // namespace

std::string ServiceSettings::own_name() const {
  if (!instance.empty()) return instance;
  char host[256] = {};
  if (::gethostname(host, sizeof(host) - 1) != 0) host[0] = '\0';
  return http.port != 0 ? absl::StrCat(host, ":", http.port) : absl::StrCat(host, ":pid-", ::getpid());
}

postgres::SessionOptions ServiceSettings::session(std::string machine, bool asynchronous_commit) const {
  postgres::SessionOptions options;
  options.connection = database;
  options.application_name = absl::StrCat("quickbite-", name, "-", machine);
  options.asynchronous_commit = asynchronous_commit;
  return options;
}

std::vector<Rule> shared_rules() {
  return {
      {"http_address", "an address of this machine, or 0.0.0.0", [] { return !absl::GetFlag(FLAGS_http_address).empty(); }},
      {"http_threads", "a number from 1 to 64",
       [] { return absl::GetFlag(FLAGS_http_threads) >= 1 && absl::GetFlag(FLAGS_http_threads) <= 64; }},
      {"database", "a PostgreSQL connection string, as \"host=… dbname=quickbite_orders user=…\"",
       [] { return !absl::GetFlag(FLAGS_database).empty(); }, &postgres::without_secrets},
      {"kafka", "HOST:PORT,HOST:PORT", [] { return absl::GetFlag(FLAGS_kafka).find(':') != std::string::npos; }},
      {"kafka_settings", "NAME=VALUE,NAME=VALUE", nullptr, &without_kafka_secrets},
      {"kafka_session_timeout", "a duration from 1s to 5m, as 10s",
       [] { return within(absl::GetFlag(FLAGS_kafka_session_timeout), absl::Seconds(1), absl::Minutes(5)); }},
      {"instance", "at most 200 bytes of UTF-8 without control characters",
       [] { return is_name(absl::GetFlag(FLAGS_instance)); }},
      {"relay_lease", "a duration from 1s to 10m, as 10s",
       [] { return within(absl::GetFlag(FLAGS_relay_lease), absl::Seconds(1), absl::Minutes(10)); }},
      {"batch", "a number from 1 to 10000", [] { return absl::GetFlag(FLAGS_batch) >= 1 && absl::GetFlag(FLAGS_batch) <= 10'000; }},
      {"queue", "a number from 1 to 1000000",
       [] { return absl::GetFlag(FLAGS_queue) >= 1 && absl::GetFlag(FLAGS_queue) <= 1'000'000; }},
      {"request_deadline", "a duration from 10ms to 10m, as 5s",
       [] { return within(absl::GetFlag(FLAGS_request_deadline), absl::Milliseconds(10), absl::Minutes(10)); }},
      {"order_deadline", "a duration from 1s to 240h, as 10m",
       [] { return within(absl::GetFlag(FLAGS_order_deadline), absl::Seconds(1), absl::Hours(240)); }},
      {"sweep_poll", "a duration from 10ms to 1h, as 1s",
       [] { return within(absl::GetFlag(FLAGS_sweep_poll), absl::Milliseconds(10), absl::Hours(1)); }},
      {"topic_retention", "a duration from 1s to 87600h, as 168h",
       [] { return within(absl::GetFlag(FLAGS_topic_retention), absl::Seconds(1), kRetentionMost); }},
      {"dlq_retention", "a duration from 1s to 87600h, as 168h",
       [] { return within(absl::GetFlag(FLAGS_dlq_retention), absl::Seconds(1), kRetentionMost); }},
      {"retention", "at least a week (168h) more than --topic-retention and --dlq-retention: a record that comes again after "
                    "its dedupe row is gone would have its effect twice",
       [] { return retention_is_enough(); }},
      {"grace", "a duration from 0s to 1h, as 10s",
       [] { return within(absl::GetFlag(FLAGS_grace), absl::ZeroDuration(), absl::Hours(1)); }},
      {"drain_delay", "a duration from 0s to 10m, as 5s",
       [] { return within(absl::GetFlag(FLAGS_drain_delay), absl::ZeroDuration(), absl::Minutes(10)); }},
      {"log_level", "debug, info, warning, error or off",
       [] { return log::parse_level(absl::GetFlag(FLAGS_log_level)).has_value(); }},
  };
}

absl::StatusOr<ServiceSettings> shared_settings(std::string name, postgres::Service schema) {
  ServiceSettings settings;
  settings.name = std::move(name);
  settings.schema = schema;
  settings.http.address = absl::GetFlag(FLAGS_http_address);
  settings.http.threads = absl::GetFlag(FLAGS_http_threads);
  settings.database = absl::GetFlag(FLAGS_database);
  settings.kafka.bootstrap = absl::GetFlag(FLAGS_kafka);
  settings.kafka.client_id = absl::StrCat("quickbite-", settings.name);
  if (absl::Status read = read_kafka_settings(settings.kafka.settings); !read.ok()) return read;
  settings.session_timeout = duration_of(absl::GetFlag(FLAGS_kafka_session_timeout));
  settings.kafka_instance = absl::GetFlag(FLAGS_kafka_instance);
  settings.instance = absl::GetFlag(FLAGS_instance);
  settings.limits.relay_lease = duration_of(absl::GetFlag(FLAGS_relay_lease));
  settings.limits.batch = absl::GetFlag(FLAGS_batch);
  settings.limits.queue = absl::GetFlag(FLAGS_queue);
  settings.limits.request_deadline = duration_of(absl::GetFlag(FLAGS_request_deadline));
  settings.limits.order_deadline = duration_of(absl::GetFlag(FLAGS_order_deadline));
  settings.limits.sweep_poll = duration_of(absl::GetFlag(FLAGS_sweep_poll));
  settings.limits.retention = duration_of(absl::GetFlag(FLAGS_retention));
  settings.http.request_deadline = settings.limits.request_deadline;
  settings.drain_delay = duration_of(absl::GetFlag(FLAGS_drain_delay));
  settings.grace = duration_of(absl::GetFlag(FLAGS_grace));
  settings.log_level = *log::parse_level(absl::GetFlag(FLAGS_log_level));
  settings.status_file = absl::GetFlag(FLAGS_status_file);
  settings.die_with_parent = absl::GetFlag(FLAGS_die_with_parent);
  settings.salt = random_uuid().low;
  return settings;
}

}  // namespace quickbite::runtime

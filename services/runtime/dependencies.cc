#include "services/runtime/dependencies.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/backlog.h"
#include "adapters/postgres/migrate.h"

namespace quickbite::runtime {
namespace {

std::string text(absl::string_view view) { return std::string(view); }

std::string trouble_of_schema(std::int64_t version, const postgres::SchemaRange& range) {
  if (version < range.min) {
    return absl::StrCat("it is at version ", version, ", and this program needs ", range.min,
                        " at least: run quickbite migrate");
  }
  return absl::StrCat("it is at version ", version, ", and this program knows ", range.max, " at most: it is too old");
}

Condition unknown_schema(const postgres::SchemaRange& range) {
  return {Need::kSchema, false, "the database has not told its version yet", {{"min", range.min}, {"max", range.max}}};
}

// Each service announces on one topic, and has dead letters of the other.
std::vector<Topic> topics_of(postgres::Service service) {
  return service == postgres::Service::kOrders ? std::vector{Topic::kOrders, Topic::kInventoryDeadLetter}
                                               : std::vector{Topic::kInventory, Topic::kOrdersDeadLetter};
}

}  // namespace

DatabaseWatch::DatabaseWatch(const ServiceSettings& settings)
    : connection_(settings.session("watch").connection),
      schema_(settings.schema),
      backlog_(*settings.metrics, topics_of(settings.schema)),
      schema_condition_(unknown_schema(postgres::schema_range(settings.schema))) {}

bool DatabaseWatch::look() {
  const postgres::SchemaRange range = postgres::schema_range(schema_);
  const absl::StatusOr<postgres::Seen> seen = postgres::look_at_database(connection_, range);
  Condition database{Need::kDatabase, seen.ok(), seen.ok() ? "" : text(seen.status().message())};
  Condition schema = unknown_schema(range);
  if (seen.ok()) {
    schema.facts.insert(schema.facts.begin(), {"version", seen->schema_version});
    schema.met = seen->schema_version >= range.min && seen->schema_version <= range.max;
    schema.detail = schema.met ? "" : trouble_of_schema(seen->schema_version, range);
    if (schema.met) backlog_.observe(seen->backlogs);
  }
  const std::lock_guard lock(mutex_);
  if (!seen.ok()) schema = schema_condition_;  // as it was found last
  database_ = std::move(database);
  schema_condition_ = std::move(schema);
  return database_.met && schema_condition_.met;
}

std::vector<Condition> DatabaseWatch::conditions() const {
  const std::lock_guard lock(mutex_);
  return {database_, schema_condition_};
}

ClusterWatch::ClusterWatch(const ServiceSettings& settings) : connection_(settings.kafka) {}

std::optional<kafka::Cluster> ClusterWatch::look() {
  absl::StatusOr<kafka::Cluster> cluster = kafka::look_at_cluster(connection_, seconds(2));
  Condition found{Need::kBroker, cluster.ok(), cluster.ok() ? "" : text(cluster.status().message())};
  if (absl::IsInvalidArgument(cluster.status())) hopeless_ = cluster.status();
  if (cluster.ok()) {
    for (std::size_t i = 0; i < kTopics; ++i) {
      const Topic topic = static_cast<Topic>(i);
      if (cluster->partitions.contains(topic)) continue;
      found.met = false;
      found.detail = absl::StrCat("it has no topic ", std::string(to_string(topic)));
    }
  }
  const bool met = found.met;
  {
    const std::lock_guard lock(mutex_);
    condition_ = std::move(found);
  }
  if (!met) return std::nullopt;
  return *std::move(cluster);
}

Condition ClusterWatch::condition() const {
  const std::lock_guard lock(mutex_);
  return condition_;
}

}  // namespace quickbite::runtime

#include "services/runtime/flow_numbers.h"

#include <string>

namespace quickbite::runtime {

FlowNumbers::FlowNumbers(metrics::Registry& registry, Topic consumed) {
  const std::string topic(to_string(consumed));
  const auto records = [&](const char* handled) {
    return registry.counter("quickbite_records_handled_total", "Records consumed and stored, by what they came to.",
                            {{"topic", topic}, {"handled", handled}});
  };
  applied_ = records("applied");
  ignored_ = records("ignored");
  duplicates_ = records("duplicate");
  dead_letters_ = registry.counter("quickbite_dead_letters_total", "Records of a topic that became dead letters.", {{"topic", topic}});
  lag_ = registry.gauge("quickbite_consumer_lag_records", "Records of our partitions that nobody has begun to handle, as last known.",
                        {{"topic", topic}});
  assigned_ = registry.gauge("quickbite_consumer_partitions_assigned", "Partitions that this process consumes.", {{"topic", topic}});
  stopped_ = registry.gauge("quickbite_consumer_partitions_stopped",
                            "Partitions of ours that are not read, since the log does not hold the offset that we stand at.",
                            {{"topic", topic}});
  sent_ = registry.counter("quickbite_outbox_sent_total", "Outbox rows that the broker acknowledged.");
  parked_ = registry.counter("quickbite_outbox_parked_total", "Outbox rows that the broker will never take.");
  unacknowledged_ = registry.counter("quickbite_outbox_unacknowledged_total",
                                     "Outbox rows that were handed to the broker without an answer; they are sent again.");
  shards_ = registry.gauge("quickbite_outbox_shards_claimed", "Shards of the outbox that this process sends.");
  taken_over_ = registry.counter("quickbite_outbox_shards_taken_over_total",
                                 "Shards that this process claimed when another's lease on them had ended.");
  lost_ = registry.counter("quickbite_outbox_shards_lost_total",
                           "Shards that were another's by the time that rows of them were to be marked; those are sent again.");
}

void FlowNumbers::observe(const Lease& lease) const {
  shards_.set(static_cast<double>(lease.shards));
  taken_over_.add(static_cast<double>(lease.taken));
}

void FlowNumbers::observe(const Relay::Passed& passed) const {
  lost_.add(static_cast<double>(passed.lost));
  sent_.add(static_cast<double>(passed.sent));
  parked_.add(static_cast<double>(passed.parked));
  unacknowledged_.add(static_cast<double>(passed.unsent));
}

void FlowNumbers::observe(const kafka::ConsumerHealth& health) const {
  lag_.set(static_cast<double>(health.lag));
  assigned_.set(static_cast<double>(health.assigned.size()));
  stopped_.set(static_cast<double>(health.stopped.size()));
}

BacklogNumbers::BacklogNumbers(metrics::Registry& registry, const std::vector<Topic>& topics) {
  for (const Topic topic : topics) {
    const metrics::Labels labels{{"topic", std::string(to_string(topic))}};
    numbers_.push_back(
        {topic,
         registry.gauge("quickbite_outbox_depth_rows", "Outbox rows that are not sent and not parked, up to 100000.", labels),
         registry.gauge("quickbite_outbox_parked_rows", "Outbox rows that are parked: they wait for an operator.", labels),
         registry.gauge("quickbite_outbox_oldest_age_seconds", "Age of the oldest outbox row that is not sent and not parked; 0: none.",
                        labels)});
  }
}

void BacklogNumbers::observe(const std::vector<postgres::Backlog>& backlogs) const {
  for (const Numbers& numbers : numbers_) {
    postgres::Backlog found;
    for (const postgres::Backlog& backlog : backlogs) {
      if (backlog.topic == numbers.topic) found = backlog;
    }
    numbers.unsent.set(static_cast<double>(found.unsent));
    numbers.parked.set(static_cast<double>(found.parked));
    numbers.oldest.set(static_cast<double>(found.oldest.us) / 1e6);
  }
}

}  // namespace quickbite::runtime

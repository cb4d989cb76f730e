// FlowNumbers: how a service's events come and go: records handled, dead letters, lag; outbox rows sent, parked, and waiting.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/kafka/health.h"
#include "adapters/metrics/registry.h"
#include "adapters/postgres/backlog.h"
#include "domain/machine/relay.h"
#include "domain/message/record.h"

namespace quickbite::runtime {

// Of the topic that a service consumes, and of what its Relay sends.
class FlowNumbers {
 public:
  FlowNumbers(metrics::Registry& registry, Topic consumed);

  template <class Handled>
  void observe(const Handled& handled) const {
    applied_.add(static_cast<double>(handled.applied));
    ignored_.add(static_cast<double>(handled.ignored));
    duplicates_.add(static_cast<double>(handled.duplicates));
    dead_letters_.add(static_cast<double>(handled.dead_lettered));
  }
  void observe(const Relay::Passed& passed) const;
  void observe(const Lease& lease) const;
  void observe(const kafka::ConsumerHealth& health) const;

 private:
  metrics::Counter applied_, ignored_, duplicates_, dead_letters_;
  metrics::Counter sent_, parked_, unacknowledged_, taken_over_, lost_;
  metrics::Gauge lag_, assigned_, stopped_, shards_;
};

// Of the outbox, as the database tells it.
class BacklogNumbers {
 public:
  // `topics`: those that this service's outbox holds rows for.
  BacklogNumbers(metrics::Registry& registry, const std::vector<Topic>& topics);

  void observe(const std::vector<postgres::Backlog>& backlogs) const;

 private:
  struct Numbers {
    Topic topic;
    metrics::Gauge unsent, parked, oldest;
  };
  std::vector<Numbers> numbers_;
};

}  // namespace quickbite::runtime

// EventFlow: how a service's events come and go: Delivery for the topic that it consumes, Relay for its outbox.
//
// The same for Orders and Inventory but for what S says (domain/machine/service.h). Made when the database and the broker are
// there for the first time; from then on each machine waits by itself for whichever goes away.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/kafka/cluster.h"
#include "adapters/kafka/consumer.h"
#include "adapters/kafka/producer.h"
#include "adapters/log/logger.h"
#include "adapters/postgres/ledger_session.h"
#include "domain/machine/delivery.h"
#include "domain/machine/relay.h"
#include "domain/machine/service.h"
#include "services/runtime/effect_numbers.h"
#include "services/runtime/effects.h"
#include "services/runtime/flow_numbers.h"
#include "services/runtime/readiness.h"
#include "services/runtime/runner.h"
#include "services/runtime/settings.h"

namespace quickbite::runtime {

template <class S, class Session>
class EventFlow {
 public:
  using L = typename S::Ledger;

  // Called on the delivery's thread with what each stored part of a batch came to.
  using OnHandled = std::function<void(typename Delivery<S>::Handled&&)>;

  // `cluster` has every topic of ours. InvalidArgument: librdkafka does not take the settings.
  static absl::StatusOr<std::unique_ptr<EventFlow>> start(const ServiceSettings& settings, const kafka::Cluster& cluster,
                                                          const log::Logger& logger, OnHandled on_handled = nullptr) {
    kafka::ConsumerOptions consuming;
    consuming.connection = settings.kafka;
    consuming.group = settings.name;
    consuming.topic = S::kConsumes;
    consuming.session_timeout = settings.session_timeout;
    consuming.instance = settings.kafka_instance;
    auto consumer = kafka::Consumer::make(std::move(consuming));
    if (!consumer.ok()) return consumer.status();
    auto producer = kafka::Producer::make({.connection = settings.kafka, .policy = {}});
    if (!producer.ok()) return producer.status();
    std::unique_ptr<EventFlow> flow(
        new EventFlow(settings, cluster, logger, *std::move(consumer), *std::move(producer), std::move(on_handled)));
    flow->relay_.start();
    flow->delivery_.start();
    return flow;
  }

  // Rows were stored in the outbox. From any thread.
  void wake_relay() { relay_.wake(); }

  // Asks both machines to rest, waits for that until `deadline`, and leaves the group. False where one still works.
  bool stop(std::chrono::steady_clock::time_point deadline) {
    delivery_.stop();
    relay_.stop();
    if (!delivery_.wait_stopped(deadline)) return false;
    delivery_.join();
    std::unique_ptr<kafka::Consumer> leaving;
    {
      const std::lock_guard lock(consumer_mutex_);
      leaving = std::move(consumer_);
    }
    leaving.reset();
    if (!relay_.wait_stopped(deadline)) return false;
    relay_.join();
    return true;
  }

  // Of the relay's session, which asks the database all the time.
  postgres::Health database() const { return session_->health(); }

  // At each scrape, from any thread.
  void refresh_numbers() const {
    if (const auto health = consumer_health()) numbers_.observe(*health);
  }

  std::vector<Condition> conditions() const {
    const auto known = consumer_health();
    if (!known) return {};
    const kafka::ConsumerHealth& health = *known;
    const bool serving = health.condition == kafka::Condition::kServing;
    const std::string trouble = health.trouble.empty() ? std::string(kafka::to_string(health.condition)) : health.trouble;
    Condition broker{Need::kBroker, serving, serving ? "" : trouble};
    std::vector<std::int64_t> assigned;
    for (const Partition partition : health.assigned) assigned.push_back(partition.value);
    Condition partitions{Need::kPartitions, serving && health.given, "", {{"assigned", assigned}, {"lag", health.lag}}};
    if (!partitions.met) partitions.detail = "the group has not told this member yet which are its own";
    for (const auto& [partition, why] : health.stopped) {
      partitions.met = false;
      partitions.detail = "partition " + std::to_string(partition.value) + " is stopped: " + why;
    }
    return {std::move(broker), std::move(partitions)};
  }

 private:
  using Deliver = Observed<DeliveryEffects<L, Session, kafka::Consumer>>;
  using Send = Observed<RelayEffects<Session, kafka::Producer>>;
  using DeliveryRunner = Runner<Delivery<S>, Deliver>;
  using RelayRunner = Runner<Relay, Send>;

  EventFlow(const ServiceSettings& settings, const kafka::Cluster& cluster, const log::Logger& logger,
            std::unique_ptr<kafka::Consumer> consumer, std::unique_ptr<kafka::Producer> producer, OnHandled on_handled)
      : logger_(logger),
        on_handled_(std::move(on_handled)),
        numbers_(*settings.metrics, S::kConsumes),
        consumer_(std::move(consumer)),
        producer_(std::move(producer)),
        session_(std::make_shared<Session>(settings.session("relay", /*asynchronous_commit=*/true))),
        relay_("relay", Relay(settings.limits, partitions_of(cluster), settings.own_name(), settings.salt), settings.limits, settings.clock,
               Send(settings.metrics, logger, "relay", {session_, producer_.get()}), [this](auto&& notices) { this->tell(notices); }),
        delivery_("delivery", Delivery<S>(settings.limits, cluster.id, settings.salt + 1), settings.limits, settings.clock,
                  Deliver(settings.metrics, logger, "delivery", {std::make_unique<Session>(settings.session("delivery")), consumer_.get()}),
                  [this](auto&& notices) { this->tell(std::move(notices)); }) {}

  // Nothing once the group was left.
  std::optional<kafka::ConsumerHealth> consumer_health() const {
    const std::lock_guard lock(consumer_mutex_);
    if (consumer_ == nullptr) return std::nullopt;
    return consumer_->health();
  }

  static Partitions partitions_of(const kafka::Cluster& cluster) {
    Partitions partitions;
    for (const auto& [topic, count] : cluster.partitions) partitions.of[static_cast<std::size_t>(topic)] = count;
    return partitions;
  }

  void tell(const std::vector<Relay::Notice>& notices) {
    for (const Relay::Notice& notice : notices) {
      if (const auto* lease = std::get_if<Lease>(&notice)) {
        tell(*lease);
        continue;
      }
      const auto& passed = std::get<Relay::Passed>(notice);
      numbers_.observe(passed);
      if (passed.lost > 0) logger_.warning("the lease ended before rows were marked; another sends them again", {{"shards", passed.lost}});
      if (passed.parked > 0) logger_.error("outbox rows were parked: undeliverable", {{"rows", passed.parked}});
      if (passed.unsent > 0) logger_.warning("outbox rows are still unsent", {{"rows", passed.unsent}});
    }
  }

  void tell(const Lease& lease) {
    numbers_.observe(lease);
    if (lease.shards == shards_) return;
    shards_ = lease.shards;
    logger_.info("shards of the outbox are claimed", {{"shards", lease.shards}, {"taken_over", lease.taken}, {"handed_over", lease.given}});
  }

  void tell(std::vector<typename Delivery<S>::Notice>&& notices) {
    for (auto& notice : notices) {
      if (std::holds_alternative<OutboxFilled>(notice)) {
        relay_.wake();
        continue;
      }
      auto& handled = std::get<typename Delivery<S>::Handled>(notice);
      numbers_.observe(handled);
      if (handled.dead_lettered > 0) logger_.warning("records became dead letters", {{"records", handled.dead_lettered}});
      if (on_handled_) on_handled_(std::move(handled));
    }
  }

  const log::Logger logger_;
  const OnHandled on_handled_;
  const FlowNumbers numbers_;
  mutable std::mutex consumer_mutex_;  // guards the pointer against whoever asks while the group is left
  std::unique_ptr<kafka::Consumer> consumer_;
  std::unique_ptr<kafka::Producer> producer_;
  std::shared_ptr<Session> session_;  // the relay's
  std::int32_t shards_ = -1;          // claimed, when that was logged last; of the relay's thread
  RelayRunner relay_;
  DeliveryRunner delivery_;
};

}  // namespace quickbite::runtime

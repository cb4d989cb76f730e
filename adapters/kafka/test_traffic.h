// What the tests of this folder produce and poll with.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "adapters/kafka/consumer.h"
#include "adapters/kafka/producer.h"
#include "gtest/gtest.h"

namespace quickbite::kafka {

inline Instant now() {
  return {absl::ToUnixMicros(absl::Now())};
}

inline Message message(std::string key, std::string value, int partition = 0,
                       Topic topic = Topic::kOrders) {
  Message message;
  message.topic = topic;
  message.partition = Partition{partition};
  message.key = std::move(key);
  message.value = Bytes(std::move(value));
  message.headers = {{"event-id", "1"}};
  return message;
}

inline std::unique_ptr<Producer> make_producer(const std::string& bootstrap,
                                               Duration timeout = seconds(5),
                                               const Settings& settings = {}) {
  auto producer = Producer::make({{bootstrap, "test", settings, {}}, {}, timeout});
  EXPECT_TRUE(producer.ok()) << producer.status();
  return *std::move(producer);
}

inline std::unique_ptr<Consumer> make_consumer(const std::string& bootstrap,
                                               const std::string& group = "group") {
  ConsumerOptions options;
  options.connection = {bootstrap, "test", {}, {}};
  options.group = group;
  options.session_timeout = seconds(4);
  auto consumer = Consumer::make(options);
  EXPECT_TRUE(consumer.ok()) << consumer.status();
  return *std::move(consumer);
}

inline ProduceOutcome produce(Producer& producer, Message message) {
  Produced produced = producer.produce({{std::move(message)}});
  EXPECT_EQ(produced.outcomes.size(), 1U);
  return produced.outcomes.front();
}

inline bool acked(const ProduceOutcome& outcome) {
  return std::holds_alternative<Acked>(outcome);
}

// One member of the group as a machine would drive it, and everything it was told.
struct Reader {
  explicit Reader(std::unique_ptr<Consumer> c) : consumer(std::move(c)) {}

  Polled poll(Duration wait, bool paused = false, FlatMap<Partition, Offset> seeks = {},
              std::int64_t limit = 1000) {
    Polled polled = consumer->poll({paused ? 0 : limit, now() + wait, paused, std::move(seeks)});
    for (const Partition partition : polled.revoked) {
      EXPECT_TRUE(std::erase(assigned, partition) == 1) << "revoked what was not assigned";
    }
    for (const Partition partition : polled.assigned) {
      EXPECT_EQ(std::count(assigned.begin(), assigned.end(), partition), 0) << "assigned twice";
      assigned.push_back(partition);
    }
    for (const Received& received : polled.records) {
      const Record& record = *received.record;
      EXPECT_EQ(std::count(assigned.begin(), assigned.end(), record.message.partition), 1)
          << "a record of a partition that is not assigned";
      values.emplace_back(record.message.value.view());
      next[record.message.partition] = Offset{record.offset.value + 1};
      records.push_back(received);
    }
    return polled;
  }

  // Polls until `done`, for a while at most.
  bool poll_until(const std::function<bool()>& done, Duration wait = seconds(30)) {
    const Instant end = now() + wait;
    while (!done() && now() < end) poll(milliseconds(100));
    return done();
  }
  bool join(std::size_t partitions) {
    return poll_until([&] { return assigned.size() == partitions; });
  }
  bool read(std::size_t count) {
    return poll_until([&] { return values.size() >= count; });
  }
  bool commit() { return std::holds_alternative<OffsetsCommitted>(consumer->commit({next})); }

  std::unique_ptr<Consumer> consumer;
  std::vector<Partition> assigned;
  std::vector<std::string> values;  // in the order in which they came
  std::vector<Received> records;
  FlatMap<Partition, Offset> next;
};

}  // namespace quickbite::kafka

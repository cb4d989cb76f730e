// A log of one partition of what Inventory reads, and one reader's place in it.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "domain/message/wire.h"
#include "domain/port/broker.h"

namespace quickbite::sim {

struct OnePartition {
  std::vector<std::shared_ptr<const Record>> records;
  std::vector<std::shared_ptr<const Decoded>> decoded;  // of each
  Offset position{0};  // what is read next

  // Where it would stand: only what Inventory reads is kept.
  Offset append(Message message) {
    const Offset offset(static_cast<std::int64_t>(records.size()));
    if (message.topic != Topic::kOrders) return offset;
    Received both = received({std::move(message), offset});
    records.push_back(std::move(both.record));
    decoded.push_back(std::move(both.decoded));
    return offset;
  }

  Polled poll(const Poll& poll) {
    if (const Offset* seek = poll.seeks.find(Partition(0))) position = *seek;
    Polled polled;
    while (!poll.paused && static_cast<std::int64_t>(polled.records.size()) < poll.limit &&
           position.value < static_cast<std::int64_t>(records.size())) {
      const auto at = static_cast<std::size_t>(position.value);
      polled.records.push_back({records[at], decoded[at]});
      position = Offset(position.value + 1);
    }
    return polled;
  }
};

}  // namespace quickbite::sim

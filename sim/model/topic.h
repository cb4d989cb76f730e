// The topic model: one Kafka topic with its partitions and the one consumer group that reads it, as one copyable value.
//
// Modelled: offsets, idempotent and plain producers, a group with generations whose members learn of a rebalance at their next
// fetch (eager: all partitions are revoked, the new owner starts at the committed offset), fenced offset commits, members that
// are missed only after the session timeout, static membership, rewound offsets, an outage that forgets nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/machine/host.h"
#include "domain/port/broker.h"
#include "domain/property/delta.h"

namespace quickbite::sim {

// A group member: whose it is, and which incarnation; with static membership the incarnation is always 0.
struct MemberId {
  std::uint32_t client = 0;
  std::uint32_t incarnation = 0;
  auto fields() const { return std::tie(client, incarnation); }
  friend auto operator<=>(const MemberId&, const MemberId&) = default;
};

struct FetchRequest {
  MemberId member;
  std::uint32_t generation = 0;            // that the member knows; 0: none
  FlatMap<Partition, Offset> positions;    // of its partitions, where the generation is current
  std::int64_t limit = 0;
  bool paused = false;                     // tell only of a rebalance
  auto fields() const { return std::tie(member, generation, positions, limit, paused); }
};

struct FetchReply {
  std::uint32_t generation = 0;
  bool rebalanced = false;                 // `positions` is the member's whole new assignment
  FlatMap<Partition, Offset> positions;    // the committed offsets
  std::vector<Received> records;
  auto fields() const { return std::tie(generation, rebalanced, positions, records); }
};

// Remembers what bytes decode to; owned by the runner, shared by its runs, part of no world.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual std::shared_ptr<const Decoded> decode(const Message& message) = 0;
};

class TopicModel {
 public:
  TopicModel(Topic topic, std::int32_t partitions);

  // Appends whatever it is; the offset it got.
  Offset append(Message message, Decoder& decoder, property::Delta& delta);

  // The outcomes for each message, in order. A request that an idempotent producer sent before is answered as before.
  std::vector<ProduceOutcome> produce(std::uint32_t producer, EffectId request, std::vector<Message>&& messages,
                                      bool idempotent, Decoder& decoder, property::Delta& delta);

  // Joins the member where it is new (a rebalance: everybody who waits is to be answered, `waiting`). Nullopt: nothing to tell
  // yet; ask `fetch` again after an append or a rebalance.
  std::optional<FetchReply> fetch(const FetchRequest& request) const;
  // True where it was new. A member that was missed and removed never comes back: its late requests are nobody's.
  bool join(const MemberId& member);
  bool leave(const MemberId& member);

  // False where the member does not own every partition under this generation.
  bool commit(const MemberId& member, std::uint32_t generation, const FlatMap<Partition, Offset>& next,
              property::Delta& delta);
  // An operator's reset, or a stranger's: committed offsets go back to the start.
  void rewind();
  // All records are gone, as past their retention; offsets go on, and an operator sets the group to what is left.
  void lose();
  // True where `message` has the event id of a record that was lost before the group had committed that it read it.
  bool lost(const Message& message) const;

  // From now on every record under this key is undeliverable.
  void bar(const std::string& key);

  void set_down(bool down) { down_ = down; }
  bool down() const { return down_; }

  Topic topic() const { return topic_; }
  std::int32_t partitions() const { return static_cast<std::int32_t>(logs_.size()); }
  Offset start(Partition partition) const { return logs_[static_cast<std::size_t>(partition.value)].start; }  // of the first record kept
  const std::vector<std::shared_ptr<const Record>>& log(Partition partition) const { return logs_[static_cast<std::size_t>(partition.value)].records; }
  std::optional<Offset> committed(Partition partition) const;
  bool lag() const;  // something is not committed yet

  auto fields() const { return std::tie(logs_, committed_, members_, left_, generation_, producers_, barred_, down_); }

 private:
  struct Log {
    std::vector<std::shared_ptr<const Record>> records;
    std::vector<std::shared_ptr<const Decoded>> decoded;
    Offset start;
    Offset end() const { return Offset{start.value + static_cast<std::int64_t>(records.size())}; }
    auto fields() const { return std::tie(records, start); }
  };
  struct Producer {
    EffectId request;
    std::vector<ProduceOutcome> outcomes;
    auto fields() const { return std::tie(request, outcomes); }
  };

  // Range assignment (Kafka's RangeAssignor): contiguous partitions, members in order.
  bool owns(const MemberId& member, Partition partition) const;

  Topic topic_;
  std::vector<Log> logs_;
  FlatMap<Partition, Offset> committed_;
  std::vector<MemberId> members_;  // sorted
  std::vector<MemberId> left_;     // sorted
  std::uint32_t generation_ = 1;
  FlatMap<std::uint32_t, Producer> producers_;
  std::vector<std::string> barred_;  // keys
  std::vector<std::string> lost_;    // event ids, for a "sometimes" fact
  bool down_ = false;
};

}  // namespace quickbite::sim
